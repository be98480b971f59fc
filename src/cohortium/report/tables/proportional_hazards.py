"""Tests of proportional hazards, a line for each term of a model and one for all together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.findings.behind import named
from cohortium.report.findings.proportional import ProportionalTest, proportional_tests
from cohortium.report.labels import analysis_title, strata_phrase, term_label
from cohortium.report.table import Cell, Row, Table
from cohortium.results import Results
from cohortium.study.analyses import Cox

if TYPE_CHECKING:
    from cohortium.study.model import Table as TableSpec
    from cohortium.study.study import Study

SCALES = {
    "km": "one minus the Kaplan-Meier estimate",
    "rank": "the rank of the time",
    "identity": "the time itself",
    "log": "the logarithm of the time",
}
"""What time is made into for the test, in words."""


def build(study: Study, results: Results, spec: TableSpec) -> Table:
    """The table of the Cox analyses that the study file names for it, one below the other."""
    chosen = [analysis for analysis in map(study.analysis, spec.analyses) if isinstance(analysis, Cox)]
    body: list[Row] = []
    notes = []
    for analysis in chosen:
        if len(chosen) > 1:
            body.append(Row(Cell(analysis_title(study, analysis.name)), section=True))
        body += (_row(study, analysis, test) for test in proportional_tests(results, analysis.name))
        name = f"{analysis_title(study, analysis.name)}: " if len(chosen) > 1 else ""
        notes.append(
            f"{name}Score tests of scaled Schoenfeld residuals against {SCALES[analysis.ph_transform]}; "
            f"Cox proportional hazards, {analysis.ties.capitalize()} ties, {strata_phrase(study, analysis.strata)}."
        )
    header = tuple(Cell(head) for head in ("Term", "Chi-square", "Degrees of freedom", formats.p_letter()))
    return Table(spec.name, spec.title, (header,), tuple(body), (*dict.fromkeys(notes), *spec.footnotes))


def _row(study: Study, analysis: Cox, test: ProportionalTest) -> Row:
    label = "All terms together" if test.is_global else term_label(study, test.variable, analysis)
    return Row(
        Cell(label),
        (
            Cell(formats.number(test.chi_square, 2), test.warnings, behind=named(test.behind, "ph-chi-square")),
            Cell(formats.count(test.df), behind=named(test.behind, "ph-df")),
            Cell(formats.p_value(test.p), behind=named(test.behind, "ph-p")),
        ),
        fixed=test.is_global,
    )
