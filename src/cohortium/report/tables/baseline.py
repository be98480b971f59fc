"""Baseline characteristics: a column a group, a row a level."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from cohortium.report import formats
from cohortium.report.findings.warned import as_sentence, warnings_of
from cohortium.report.journal_style import in_force
from cohortium.report.labels import variable_label
from cohortium.report.rounding import rounding_notes
from cohortium.report.table import Cell, Row, Table
from cohortium.report.tables.single import only_analysis
from cohortium.report.tables.size_head import size_head
from cohortium.results import Results, Statistic
from cohortium.study.analyses import Baseline

if TYPE_CHECKING:
    from cohortium.study.model import Table as TableSpec
    from cohortium.study.study import Study


class _Columns:
    """The groups of the table, their sizes, and every statistic by its place."""

    def __init__(self, rows: Results, overall: bool) -> None:
        self.sizes = {s.group: int(s.value or 0) for s in rows.where(statistic="n", variable="")}
        self.named = tuple(group for group in self.sizes if group)
        shown_overall = ("",) if "" in self.sizes and (overall or not self.named) else ()
        self.groups = (*shown_overall, *self.named)
        self.percent_decimals = formats.percent_decimals(self.sizes[group] for group in self.groups)
        self.place = {(s.variable, s.level, s.statistic, s.group): s for s in rows}

    def value(self, variable: str, level: str, statistic: str, group: str) -> Statistic | None:
        return self.place.get((variable, level, statistic, group))


class _Compared(NamedTuple):
    """A column that compares the groups; without a head of its own it has that of p-values."""

    statistic: str
    head: str | None
    cell: Callable[[Statistic], Cell]


def _p_cell(statistic: Statistic) -> Cell:
    notes = tuple(text for text in (as_sentence(statistic.note), as_sentence(statistic.warning)) if text)
    return Cell(formats.p_value(statistic.value), notes, behind=(statistic,))


def _difference_cell(statistic: Statistic) -> Cell:
    notes = (as_sentence(statistic.warning),) if statistic.warning else ()
    return Cell(formats.number(statistic.value, 2), notes, behind=(statistic,))


COMPARED = (
    _Compared("p-value", None, _p_cell),
    _Compared("standardized-difference", "SMD", _difference_cell),
)


def build(study: Study, results: Results, spec: TableSpec) -> Table:
    """The baseline table of the one analysis that the study file names for it."""
    analysis = only_analysis(study, spec, Baseline)
    rows = results.where(analysis=analysis.name, method="baseline")
    columns = _Columns(rows, analysis.overall)
    compared = tuple(column for column in COMPARED if any(s.statistic == column.statistic for s in rows))
    body: list[Row] = []
    for variable in analysis.variables:
        own = rows.where(variable=variable)
        described = _variable_rows(study, own, columns, variable, with_range=analysis.range)
        body += _with_comparison(described, own, compared, len(columns.groups))
    header = _header(study, analysis, rows, columns, compared)
    return Table(spec.name, spec.title, header, tuple(body), _footnotes(columns, spec, rows))


def _with_comparison(rows: list[Row], own: Results, compared: Sequence[_Compared], n_groups: int) -> list[Row]:
    """The rows with the comparison of the groups in the first one, which names the variable."""
    if not compared:
        return rows
    found = [own.where(statistic=column.statistic) for column in compared]
    cells = tuple(column.cell(each[0]) if each else Cell("") for column, each in zip(compared, found, strict=True))
    empty = (Cell(""),) * len(compared)
    title, *rest = rows
    first = Row(title.stub, (*(Cell(""),) * n_groups, *cells), title.indent)
    return [first, *(replace(row, cells=(*row.cells, *empty)) for row in rest)]


def _header(
    study: Study, analysis: Baseline, rows: Results, columns: _Columns, compared: Sequence[_Compared]
) -> tuple[tuple[Cell, ...], ...]:
    heads = tuple(size_head(rows, group) for group in columns.groups)
    bottom = (
        Cell("Characteristic"),
        *heads,
        *(Cell(in_force().p_head if column.head is None else column.head) for column in compared),
    )
    if analysis.by is None or not columns.named:
        return (bottom,)
    spanner = Cell(variable_label(study, analysis.by), span=len(columns.named))
    above = (Cell(""), *(Cell("") for group in columns.groups if not group), spanner, *(Cell("") for _ in compared))
    return (above, bottom)


def _variable_rows(study: Study, rows: Results, columns: _Columns, variable: str, *, with_range: bool) -> list[Row]:
    declared = study.variable(variable)
    missing = {group: _n(columns.value(variable, "", "missing", group)) for group in columns.groups}
    any_missing = any(missing.values())
    if declared.kind == "category":
        title = f"{declared.label}, {'n/N' if any_missing else 'n'} (%)"
        body = _level_rows(rows, columns, variable, with_denominator=any_missing)
    else:
        title, body = declared.title, _number_rows(columns, variable, with_range=with_range)
    if any_missing:
        cells = tuple(
            Cell(formats.count(missing[group]), behind=_known(columns.value(variable, "", "missing", group)))
            for group in columns.groups
        )
        body.append(Row(Cell("Missing"), cells, indent=1, fixed=True))
    described = [s for s in rows if s.statistic not in {column.statistic for column in COMPARED}]
    return [Row(Cell(title, warnings_of(described))), *body]


def _level_rows(rows: Results, columns: _Columns, variable: str, *, with_denominator: bool) -> list[Row]:
    levels = rows.where(statistic="count").distinct("level")
    return [
        Row(
            Cell(level),
            tuple(_share(columns, variable, level, group, with_denominator) for group in columns.groups),
            indent=1,
        )
        for level in levels
    ]


def _share(columns: _Columns, variable: str, level: str, group: str, with_denominator: bool) -> Cell:
    counted = columns.value(variable, level, "count", group)
    share = columns.value(variable, level, "percent", group)
    if counted is None:
        return Cell(formats.NOT_ESTIMABLE)
    denominator = (counted.denominator or 0) if with_denominator else None
    of_hundred = share.value if share else None
    text = formats.count_percent(counted.value, of_hundred, columns.percent_decimals, denominator)
    return Cell(text, behind=_known(counted, share))


def _number_rows(columns: _Columns, variable: str, *, with_range: bool) -> list[Row]:
    def cells(*names: str) -> tuple[Cell, ...]:
        return tuple(_numbers(columns, variable, group, names) for group in columns.groups)

    rows = [
        Row(Cell("Mean (SD)"), cells("mean", "sd"), indent=1, fixed=True),
        Row(Cell(in_force().quartiles), cells("median", "q1", "q3"), indent=1, fixed=True),
    ]
    if with_range:
        rows.append(Row(Cell("Range"), cells("min", "max"), indent=1, fixed=True))
    return rows


def _numbers(columns: _Columns, variable: str, group: str, names: tuple[str, ...]) -> Cell:
    found = [columns.value(variable, "", name, group) for name in names]
    if found[0] is None or found[0].value is None:
        return Cell(formats.NOT_ESTIMABLE)
    texts = [formats.number(s.value if s else None, _decimals(s)) for s in found]
    behind = _known(*found)
    match texts:
        case [middle, low, high]:
            return Cell(f"{middle} ({formats.between(low, high)})", behind=behind)
        case [low, high] if names[0] == "min":
            return Cell(formats.between(low, high), behind=behind)
    return Cell(f"{texts[0]} ({texts[1]})", behind=behind)


def _known(*statistics: Statistic | None) -> tuple[Statistic, ...]:
    return tuple(statistic for statistic in statistics if statistic is not None)


def _decimals(statistic: Statistic | None) -> int:
    kind, _, decimals = (statistic.format if statistic else "").partition(":")
    return int(decimals) if kind == "number" and decimals.isdigit() else 1


def _footnotes(columns: _Columns, spec: TableSpec, rows: Results) -> tuple[str, ...]:
    wholes: dict[tuple[str, str], list[float | None]] = {}
    for s in rows.where(statistic="percent"):
        if s.group in columns.groups:
            wholes.setdefault((s.variable, s.group), []).append(s.value)
    notes = [*rounding_notes(wholes.values(), columns.percent_decimals)]
    if any(s.statistic == "missing" and s.value for s in rows):
        notes.append("Missing values are not in the denominators.")
    ungrouped = columns.sizes.get("", 0) - sum(columns.sizes[group] for group in columns.named)
    if columns.named and "" in columns.groups and ungrouped > 0:
        notes.append(f"{formats.plural(ungrouped, 'patient')} of an unknown group counted under All patients only.")
    return (*notes, *spec.footnotes)


def _n(statistic: Statistic | None) -> int:
    return int(statistic.value or 0) if statistic else 0
