"""Balance: means of two groups before and after weighting, and how far they are apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.findings.balance import THRESHOLD, BalancedGroup, ComparedColumn, Side, balance
from cohortium.report.findings.balance import Balance as Found
from cohortium.report.findings.behind import named
from cohortium.report.findings.warned import as_sentence
from cohortium.report.labels import variable_label
from cohortium.report.methods.weighting import weighting_phrase
from cohortium.report.table import Cell, Row, Table
from cohortium.report.tables.single import only_analysis
from cohortium.results import Results
from cohortium.study.analyses import Balance

if TYPE_CHECKING:
    from cohortium.study.model import Table as TableSpec
    from cohortium.study.study import Study

_SMD_NOTE = (
    "SMD: difference of means, treatment minus control, over the pooled standard deviation before weighting; "
    f"below {THRESHOLD:g} either way is usually taken as balanced. Variance ratio: treatment over control."
)


def build(study: Study, results: Results, spec: TableSpec) -> Table:
    """The table of the one balance analysis that the study file names for it."""
    analysis = only_analysis(study, spec, Balance)
    found = balance(results, analysis.name)
    body = [row for variable in found.variables for row in _variable(study, found, variable)]
    body += _weights(found)
    notes = [as_sentence(weighting_phrase(study.propensity(analysis.weighting))), _SMD_NOTE]
    if found.limit is not None:
        notes.append(f"Weights above {formats.number(found.limit, 2)} are set to it.")
    return Table(spec.name, spec.title, _header(found), tuple(body), (*notes, *spec.footnotes))


def _header(found: Found) -> tuple[tuple[Cell, ...], ...]:
    above = (Cell(""), Cell("Before weighting", found.warnings, span=4), Cell("After weighting", span=4))
    heads = tuple(Cell(group.label) for group in found.groups)
    both = (*heads, Cell("SMD"), Cell("Variance ratio"))
    return above, (Cell("Characteristic"), *both, *both)


def _variable(study: Study, found: Found, variable: str) -> list[Row]:
    columns, declared = found.of(variable), study.variable(variable)
    if not columns[0].level:
        return [Row(Cell(f"{declared.title}, mean"), _cells(columns[0], max(declared.decimals, 1)))]
    heading = Row(Cell(f"{variable_label(study, variable)}, %"))
    return [heading, *(Row(Cell(column.level), _cells(column, None), indent=1) for column in columns)]


def _cells(column: ComparedColumn, decimals: int | None) -> tuple[Cell, ...]:
    return (*_side(column.before, decimals), *_side(column.after, decimals))


def _side(side: Side, decimals: int | None) -> tuple[Cell, ...]:
    means = [
        formats.percent(None if m is None else 100 * m, 1) if decimals is None else formats.number(m, decimals)
        for m in side.means
    ]
    ratio = "" if decimals is None else formats.number(side.ratio, 2)
    control, treated, difference, *variances = side.behind
    return (
        Cell(means[0], behind=(control,)),
        Cell(means[1], behind=(treated,)),
        Cell(formats.number(side.difference, 2), side.warnings, behind=(difference,)),
        Cell(ratio, behind=tuple(variances) if ratio else ()),
    )


def _weights(found: Found) -> list[Row]:
    """What the weights are like, in the columns of the groups."""

    def row(label: str, before: list[Cell], after: list[Cell]) -> Row:
        empty = (Cell(""), Cell(""))
        return Row(Cell(label), (*before, *empty, *after, *empty), indent=1, fixed=True)

    def each(text: Callable[[BalancedGroup], str], *statistics: str) -> list[Cell]:
        return [Cell(text(group), behind=named(group.behind, *statistics)) for group in found.groups]

    patients = each(lambda group: formats.count(group.n), "n")
    left = each(lambda group: formats.count(group.n - group.n_trimmed), "n", "trimmed")
    effective = each(lambda group: formats.number(group.effective, 1), "effective-sample-size")
    blank = [Cell(""), Cell("")]
    return [
        Row(Cell("Patients and weights")),
        row("Patients", patients, left),
        row("Effective sample size", patients, effective),
        row("Sum of weights", blank, each(lambda group: formats.number(group.weight_sum, 1), "weight-sum")),
        row("Largest weight", blank, each(lambda group: formats.number(group.largest, 2), "largest-weight")),
    ]
