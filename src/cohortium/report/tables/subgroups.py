"""The effect of one covariate in subgroups: counts, hazard ratio, test of interaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.findings.behind import named
from cohortium.report.findings.regression import MULTIVARIABLE, Term, fits
from cohortium.report.findings.subgroups import Subgroups, subgroups
from cohortium.report.labels import covariate_labels, inside_sentence, strata_phrase, term_label
from cohortium.report.table import Cell, Row, Table
from cohortium.report.tables.single import only_analysis
from cohortium.results import Results
from cohortium.study.analyses import Cox

if TYPE_CHECKING:
    from cohortium.study.model import Table as TableSpec
    from cohortium.study.study import Study


def build(study: Study, results: Results, spec: TableSpec) -> Table:
    """The subgroup table of the one Cox analysis that the study file names for it."""
    analysis = only_analysis(study, spec, Cox)
    found = subgroups(results, analysis.name)
    body = [Row(Cell("All patients"), _cells(found.overall, ""))] if found.overall else []
    for subgroup in found.by:
        head = (
            Cell(""),
            Cell(""),
            Cell(""),
            Cell(formats.p_value(subgroup.p), subgroup.warnings, behind=subgroup.behind),
        )
        body.append(Row(Cell(term_label(study, subgroup.variable)), head))
        body += (Row(Cell(term.level), _cells(term, ""), indent=1) for term in subgroup.terms)
    heads = (
        "Subgroup",
        "Patients",
        "Events",
        f"HR ({formats.confidence(analysis.confidence)})",
        f"{formats.p_letter()} of interaction",
    )
    notes = (
        (
            f"Hazard ratio: {compared(study, analysis, results)}; adjusted for the other covariates of the model "
            f"({covariate_labels(study, analysis)})."
        ),
        test_of_interaction(found),
        f"Cox proportional hazards, {analysis.ties.capitalize()} ties, {strata_phrase(study, analysis.strata)}.",
        *spec.footnotes,
    )
    return Table(spec.name, spec.title, (tuple(map(Cell, heads)),), tuple(body), notes)


def _cells(term: Term, p: str) -> tuple[Cell, ...]:
    ratio = formats.ratio_interval(term.hazard_ratio, term.lower, term.upper)
    counts = (
        Cell("" if n is None else formats.count(n), behind=named(term.behind, statistic))
        for n, statistic in ((term.n, "n"), (term.n_events, "events"))
    )
    return *counts, Cell(ratio, term.warnings, behind=named(term.behind, "hazard-ratio")), Cell(p)


def compared(study: Study, analysis: Cox, results: Results) -> str:
    """What the ratio compares: `sex, Female vs Male`, or `age, per 10 years`."""
    effect = analysis.subgroups.effect if analysis.subgroups else ""
    label = inside_sentence(term_label(study, effect, analysis))
    terms = [t for fit in fits(results, analysis.name) if fit.model == MULTIVARIABLE for t in fit.of(effect)]
    levels = [term.level for term in terms if term.level and not term.reference]
    reference = next((term.level for term in terms if term.reference), "")
    if levels and reference:
        return f"{label}, {' or '.join(levels)} vs {reference}"
    return ", ".join([label, *dict.fromkeys(term.form for term in terms if term.form)])


def test_of_interaction(found: Subgroups) -> str:
    """`p, likelihood-ratio test of the interaction ...`, by the name that the results table gives the test."""
    names = list(dict.fromkeys(subgroup.test for subgroup in found.by if subgroup.test))
    name = names[0] if len(names) == 1 else "test"
    return f"{formats.p_letter()} of interaction: {name} that the ratio is the same at every level."
