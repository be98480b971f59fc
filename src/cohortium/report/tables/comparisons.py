"""Every test that compares groups: overall, trend and pairs, a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.findings.comparisons import Comparison, comparisons
from cohortium.report.findings.warned import as_sentence
from cohortium.report.labels import grouped, test_name
from cohortium.report.table import Cell, Row, Table
from cohortium.results import Results, Statistic
from cohortium.study.analyses import Gray, LogRank

if TYPE_CHECKING:
    from cohortium.study.model import Table as TableSpec
    from cohortium.study.study import Study

_HOLM = "by Holm's method is adjusted for the number of pairs."


def build(study: Study, results: Results, spec: TableSpec) -> Table:
    """The table of the log-rank and Gray analyses that the study file names for it."""
    chosen = [a for a in map(study.analysis, spec.analyses) if isinstance(a, LogRank | Gray)]
    found = {analysis.name: comparisons(results, analysis.name) for analysis in chosen}
    with_pairs = any(test.p_holm is not None for tests in found.values() for test in tests)
    with_families = any(test.p_adjusted for tests in found.values() for test in tests)
    body: list[Row] = []
    for analysis in chosen:
        heading = Row(Cell(f"{study.endpoint(analysis.endpoint).label}{grouped(study, analysis.by)}"))
        if heading not in body:
            body.append(heading)
        body += (
            _row(study, analysis, test, with_pairs=with_pairs, with_families=with_families)
            for test in found[analysis.name]
        )
    heads = ["Comparison", "Patients", "Chi-square", "Degrees of freedom", formats.p_letter()]
    heads += [f"{formats.p_letter()} by Holm's method"] if with_pairs else []
    heads += [f"{formats.p_letter()} adjusted"] if with_families else []
    header = tuple(map(Cell, heads))
    notes = ("All p-values are two-sided.", *([f"{formats.p_letter()} {_HOLM}"] if with_pairs else []), *spec.footnotes)
    return Table(spec.name, spec.title, (header,), tuple(body), notes)


def _row(study: Study, analysis: LogRank | Gray, test: Comparison, *, with_pairs: bool, with_families: bool) -> Row:
    name = test.pair or test_name(study, test.name, analysis.strata)
    stub = ", ".join(filter(None, (test.cause, name)))

    def of(ending: str) -> tuple[Statistic, ...]:
        return tuple(row for row in test.behind if row.statistic.endswith(ending))

    cells = [
        Cell(formats.count(test.n) if test.n is not None else "", behind=test.behind[:1]),
        Cell(
            formats.number(test.chi_square, 2),
            test.warnings if test.chi_square is None else (),
            behind=of("chi-square"),
        ),
        Cell(formats.count(test.df), behind=of("df") or test.behind[:1]),
        Cell(formats.p_value(test.p), behind=test.behind[:1]),
    ]
    if with_pairs:
        cells.append(Cell(formats.p_value(test.p_holm) if test.p_holm is not None else "", behind=of("p-holm")))
    if with_families:
        shown = ", ".join(formats.p_value(p) for p, _ in test.p_adjusted)
        cells.append(Cell(shown, tuple(as_sentence(note) for _, note in test.p_adjusted), behind=of("-adjusted")))
    own = test.warnings if test.chi_square is not None else ()
    return Row(Cell(stub[:1].upper() + stub[1:], own), tuple(cells), indent=1)
