"""Values that are not known: a row a variable, a column a group, then whom a complete-case analysis loses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.findings.missing import Missing, missing
from cohortium.report.labels import variable_label
from cohortium.report.table import Cell, Row, Table
from cohortium.report.tables.single import only_analysis
from cohortium.report.tables.size_head import size_head
from cohortium.results import Results, Statistic
from cohortium.study.analyses import Missingness

if TYPE_CHECKING:
    from cohortium.study.model import Table as TableSpec
    from cohortium.study.study import Study

_FLOW = "A complete-case analysis asks for the variables in this order; lost are the patients of whom it is the first unknown."


def build(study: Study, results: Results, spec: TableSpec) -> Table:
    """The table of the one missingness analysis that the study file names for it."""
    analysis = only_analysis(study, spec, Missingness)
    found = missing(results, analysis.name)
    decimals = formats.percent_decimals(found.sizes.values())
    body, left = [], found.sizes[""]
    lost: tuple[Statistic, ...] = ()
    for name in found.variables:
        left -= found.removed[name]
        cells = [_counted(found, name, group, decimals) for group in found.sizes]
        # Those left are all patients without those lost so far.
        lost = (*(s for s in found.behind if s.statistic == "removed" and s.variable == name), *lost)
        flow = (Cell(formats.count(found.removed[name]), behind=lost[:1]), Cell(formats.count(left), behind=lost))
        body.append(Row(Cell(variable_label(study, name)), (*cells, *flow)))
    whole = {s.group: s for s in found.behind if s.statistic == "complete"}
    complete = [
        Cell(_share(found.complete[group], n, decimals), behind=(whole[group],)) for group, n in found.sizes.items()
    ]
    last = (Cell(""), Cell(formats.count(found.complete[""]), behind=(whole[""],)))
    body.append(Row(Cell("All known"), (*complete, *last), fixed=True))
    notes = ("Percentages are of all patients of the column.", _FLOW, *spec.footnotes)
    return Table(spec.name, spec.title, _header(results.where(analysis=analysis.name), found), tuple(body), notes)


def _header(rows: Results, found: Missing) -> tuple[tuple[Cell, ...], ...]:
    above = [Cell("")]
    bottom = [Cell("Not known")]
    for group in found.sizes:
        above.append(size_head(rows, group, found.warnings if group else ()))
        bottom.append(Cell("n (%)"))
    above.append(Cell("Complete cases, all patients", span=2))
    return tuple(above), (*bottom, Cell("Lost"), Cell("Left"))


def _counted(found: Missing, name: str, group: str, decimals: int) -> Cell:
    unknown = found.unknown[name, group]
    return Cell(formats.count_percent(unknown.n, unknown.percent, decimals), behind=unknown.behind)


def _share(n: int, of: int, decimals: int) -> str:
    return formats.count_percent(n, 100 * n / of if of else None, decimals)
