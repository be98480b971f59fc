"""Cox regressions in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.findings.regression import fits
from cohortium.report.labels import (
    covariate_labels,
    covariate_names,
    inside_sentence,
    joined,
    since,
    strata_phrase,
    term_label,
)
from cohortium.report.methods.missing import imputation
from cohortium.report.methods.survival import month_list
from cohortium.report.methods.weighting import e_values, weighted
from cohortium.report.tables.proportional_hazards import SCALES
from cohortium.study.analyses import Covariate

if TYPE_CHECKING:
    from cohortium.results import Results
    from cohortium.study.analyses import Cox, Logistic
    from cohortium.study.study import Study

_CONCORDANCE = {"harrell": "Harrell's", "uno": "Uno's"}


def cox(study: Study, results: Results, analysis: Cox) -> Iterator[str]:
    """Ties, strata, covariates and their form, variance, penalty, what is tested and what is predicted."""
    yield f"Cox proportional-hazards regression with {analysis.ties.capitalize()}'s handling of ties,"
    word = "covariate" if len(covariate_names(analysis)) == 1 else "covariates"
    yield f"{strata_phrase(study, analysis.strata)}; {word} {covariate_labels(study, analysis)}."
    if analysis.cause is not None:
        yield f"The hazard is that of {inside_sentence(analysis.cause)}; follow-up that ends with another event is censored."
    if study.made(analysis.endpoint).landmark is not None:
        yield f"Time is counted from {since(study, analysis.endpoint)}."
    yield from _forms(study, analysis)
    if analysis.univariable:
        yield "Each covariate was also fitted alone."
    level = formats.number_shortest(100 * analysis.confidence)
    limits = "Profile-likelihood" if analysis.penalty == "firth" else "Wald"
    intervals = f"{limits} {level}% confidence intervals and two-sided p-values"
    if analysis.imputation is None:
        yield f"{intervals}; patients with a missing covariate are left out."
    else:
        yield from imputation(study, analysis)
    yield from _variance(study, analysis)
    yield from penalty(results, analysis)
    if analysis.imputation is None:
        yield from _tests(analysis)
    yield from _uses(study, analysis)
    yield from e_values(study, analysis)


def splines(study: Study, analysis: Cox | Logistic) -> Iterator[str]:
    """Which covariates entered as splines, with their knots."""
    for covariate in analysis.covariates:
        if isinstance(covariate, Covariate) and covariate.spline is not None:
            knots = joined([formats.number_shortest(knot) for knot in covariate.spline.knots])
            yield f"{term_label(study, covariate.variable)} entered as a restricted cubic spline with knots at {knots}."


def _forms(study: Study, analysis: Cox) -> Iterator[str]:
    yield from splines(study, analysis)
    if analysis.time_dependent:
        names = joined([inside_sentence(covariate.label) for covariate in analysis.time_dependent])
        yield f"Time-dependent, 0 up to and on the day it begins and 1 after it: {names}."
    if analysis.offset is not None:
        yield f"{term_label(study, analysis.offset)} entered as an offset."


def _variance(study: Study, analysis: Cox) -> Iterator[str]:
    if analysis.weighting is not None:
        yield weighted(study, analysis.weighting)
    if analysis.weight is not None:
        yield f"Patients count by their weight ({inside_sentence(term_label(study, analysis.weight))})."
    if analysis.cluster is not None:
        cluster = inside_sentence(term_label(study, analysis.cluster))
        yield f"Standard errors are robust to dependence within {cluster} (sandwich estimator)."
    elif analysis.robust or analysis.weight is not None:
        yield "Standard errors are robust (sandwich estimator)."


def penalty(results: Results, analysis: Cox | Logistic) -> Iterator[str]:
    """Whether estimates are penalized, and why."""
    if analysis.penalty == "firth":
        yield "Coefficients are those of Firth's penalized likelihood."
    elif analysis.penalty == "if-needed":
        penalized = [fit for fit in fits(results, analysis.name) if any("Firth" in how for how in fit.how)]
        if penalized:
            models = joined([fit.model for fit in penalized])
            yield f"Since a coefficient had no finite estimate, Firth's penalized likelihood was used ({models})."


def _tests(analysis: Cox) -> Iterator[str]:
    if analysis.term_tests:
        yield "Covariates of several levels were tested as a whole."
    if analysis.ph_test:
        yield (
            "Proportional hazards were tested by the score test of scaled Schoenfeld residuals against "
            f"{SCALES[analysis.ph_transform]}."
        )


def _uses(study: Study, analysis: Cox) -> Iterator[str]:
    if analysis.subgroups is not None:
        effect = inside_sentence(term_label(study, analysis.subgroups.effect, analysis))
        by = joined([inside_sentence(term_label(study, name)) for name in analysis.subgroups.by])
        yield f"The effect of {effect} in subgroups of {by} is from a model with their interaction, tested in each."
    if analysis.concordance:
        kinds = joined([_CONCORDANCE[kind] for kind in analysis.concordance])
        yield f"Discrimination by {kinds} concordance, with patients compared within institutions."
    if analysis.predict:
        profiles = joined([inside_sentence(profile.label) for profile in analysis.predict])
        at = f", at {month_list(analysis.at_months)}" if analysis.at_months else ""
        yield f"Survival was predicted from the multivariable model for {profiles}{at}."
