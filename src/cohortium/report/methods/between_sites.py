"""Meta-analyses over institutions, outcomes by institution, and families of p-values in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.findings.between_sites import CONTROL_LEVELS
from cohortium.report.labels import inside_sentence, joined, strata_phrase, term_label, variable_label
from cohortium.study.analyses.covariate import form_of

if TYPE_CHECKING:
    from cohortium.study.analyses import MetaAnalysis, SiteOutcomes
    from cohortium.study.families import Family
    from cohortium.study.study import Study

POOLING = {
    "common": "a common effect by inverse variance",
    "dersimonian-laird": "random effects by DerSimonian and Laird's method",
    "reml": "random effects, their variance by restricted maximum likelihood",
}
MEASURES = {
    "odds-ratio": "odds ratio",
    "risk-ratio": "ratio of proportions",
    "risk-difference": "difference of proportions",
    "peto-odds-ratio": "Peto's odds ratio",
}
ADJUSTMENTS = {
    "holm": "Holm's method",
    "benjamini-hochberg": "Benjamini and Hochberg's method",
    "bonferroni": "Bonferroni's method",
}


def meta_analysis(study: Study, analysis: MetaAnalysis) -> Iterator[str]:
    """The effect within each institution, and how it was pooled."""
    if analysis.model in ("cox", "logistic"):
        names = [form_of(covariate).variable for covariate in analysis.covariates]
        others = [inside_sentence(term_label(study, name)) for name in names if name != analysis.effect]
        effect = inside_sentence(variable_label(study, analysis.effect or ""))
        adjusted = f", adjusted for {joined(others)}" if others else ""
        strata = f", {strata_phrase(study, analysis.strata)}" if analysis.strata else ""
        fitted = f"a Cox model by itself ({analysis.ties.capitalize()} ties{strata}): the hazard ratio"
        if analysis.outcome is not None:
            fitted = f"a logistic model of {inside_sentence(analysis.outcome.label)} by itself{strata}: the odds ratio"
        yield f"Each institution fitted {fitted} of {effect}{adjusted}."
    elif analysis.model == "logrank":
        by = inside_sentence(variable_label(study, analysis.by or ""))
        yield f"Hazard ratios by {by} within each institution from observed minus expected events (Peto)."
    else:
        by = inside_sentence(variable_label(study, analysis.by or ""))
        measure = MEASURES[analysis.measure or "odds-ratio"]
        zero = "had a half added to each" if analysis.zero_cells == "add-half" else "were left out"
        rule = "" if analysis.measure == "peto-odds-ratio" else f"; tables with a cell of zero {zero}"
        label = analysis.outcome.label if analysis.outcome else ""
        yield f"{label} by {by} within each institution, as {measure}{rule}."
    level = formats.number_shortest(100 * analysis.confidence)
    knapp = analysis.hartung_knapp and analysis.pooling != "common"
    limits = f"Hartung and Knapp's {level}% limits" if knapp else f"normal {level}% limits"
    yield f"The estimates were pooled with {POOLING[analysis.pooling]}, with {limits}; heterogeneity by Cochran's Q and "
    yield "I-squared (Higgins)."
    if analysis.leave_one_out:
        yield "The analysis was repeated without each institution."


def site_outcomes(analysis: SiteOutcomes) -> Iterator[str]:
    """Rates by institution, control limits."""
    level = formats.number_shortest(100 * analysis.confidence)
    if analysis.outcome is not None:
        yield f"Proportions by institution with exact (Clopper-Pearson) {level}% intervals, and exact binomial control"
    else:
        yield f"Events per 100 years by institution with exact (Garwood) {level}% intervals, and exact Poisson control"
    inner, outer = map(formats.number_shortest, CONTROL_LEVELS)
    yield f"limits of {inner}% and {outer}% around the value of all institutions (Spiegelhalter)."


def family_sentences(families: tuple[Family, ...]) -> Iterator[str]:
    """`Adjusted together: primary comparisons (Holm's method).`"""
    for family in families:
        yield f"p-values adjusted together as {inside_sentence(family.label)}: {ADJUSTMENTS[family.method]}."
    if families:
        yield "A p-value that could not be given counts in its family as 1."
