"""Criteria of eligibility: a row a criterion; patients who meet it, who do not, and of whom it is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.labels import variable_label
from cohortium.report.table import Cell, Row, Table
from cohortium.report.tables.response import NOT_KNOWN
from cohortium.report.tables.single import only_analysis
from cohortium.report.tables.size_head import size_head
from cohortium.results import Results
from cohortium.study.analyses import Baseline

if TYPE_CHECKING:
    from cohortium.study.model import Table as TableSpec
    from cohortium.study.study import Study

_NOTE = "Patients of whom a criterion is not known are counted apart; percentages are of all patients of the group."


def build(study: Study, results: Results, spec: TableSpec) -> Table:
    """The table of the one baseline analysis that the study file names for it, three columns a group."""
    analysis = only_analysis(study, spec, Baseline)
    rows = results.where(analysis=analysis.name, method="baseline")
    sizes = {s.group: int(s.value or 0) for s in rows.where(statistic="n", variable="")}
    decimals = formats.percent_decimals(sizes.values())
    first = _levels(study, analysis.variables[0])
    body: list[Row] = []
    heads = first
    for name in analysis.variables:
        levels = _levels(study, name)
        if levels != heads:
            # Such as eligible and not eligible, after criteria met and not met.
            together = tuple(Cell(text) for _ in sizes for text in (*levels, NOT_KNOWN))
            body.append(Row(Cell("Together"), together, fixed=True))
            heads = levels
        cells = [
            cell for group, n in sizes.items() for cell in _cells(rows.where(variable=name, group=group), n, decimals)
        ]
        body.append(Row(Cell(variable_label(study, name)), tuple(cells), fixed=levels != first))
    header = (
        (Cell(""), *(size_head(rows, group, span=3) for group in sizes)),
        (Cell("Criterion"), *(Cell(f"{text}, n (%)") for _ in sizes for text in (*first, NOT_KNOWN))),
    )
    return Table(spec.name, spec.title, header, tuple(body), (_NOTE, *spec.footnotes))


def _levels(study: Study, name: str) -> tuple[str, ...]:
    return tuple(level.label for level in study.variable(name).levels)


def _cells(rows: Results, n: int, decimals: int) -> list[Cell]:
    """The counts of a variable's levels, then of what is not known, each of all patients."""
    counted = (*rows.where(statistic="count"), *rows.where(statistic="missing"))
    return [
        Cell(formats.count_percent(s.value or 0.0, 100 * (s.value or 0.0) / n if n else None, decimals), behind=(s,))
        for s in counted
    ]
