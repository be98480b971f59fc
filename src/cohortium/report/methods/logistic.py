"""Logistic regressions in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.labels import covariate_labels, inside_sentence, joined, model_phrase, term_label
from cohortium.report.methods.missing import imputation
from cohortium.report.methods.regression import penalty, splines
from cohortium.report.methods.weighting import e_values

if TYPE_CHECKING:
    from cohortium.results import Results
    from cohortium.study.analyses import Logistic
    from cohortium.study.study import Study

_ERRORS = {
    "information": "the inverse of the information",
    "augmented": "the information of the augmented data, as in R's logistf",
}


def logistic(study: Study, results: Results, analysis: Logistic) -> Iterator[str]:
    """Outcome, strata, covariates and their form, intervals, penalty, what is tested, how risks are judged."""
    outcome = inside_sentence(analysis.outcome.label)
    levels = joined(list(analysis.outcome.levels))
    yield f"{model_phrase(study, analysis)}, of {outcome} ({term_label(study, analysis.outcome.variable)}: {levels});"
    yield f"covariates {covariate_labels(study, analysis)}."
    if analysis.not_evaluable:
        yield f"Patients who could not be assessed ({joined(list(analysis.not_evaluable))}) are left out."
    yield from splines(study, analysis)
    if analysis.offset is not None:
        yield f"{term_label(study, analysis.offset)} entered as an offset."
    if analysis.weight is not None:
        yield f"Patients count by their weight ({inside_sentence(term_label(study, analysis.weight))})."
    if analysis.univariable:
        yield "Each covariate was also fitted alone."
    if analysis.imputation is None:
        yield _intervals(analysis)
    else:
        yield from imputation(study, analysis)
    yield from penalty(results, analysis)
    if any(s.warning and "Firth" in s.warning for s in results.where(analysis=analysis.name, statistic="model-n")):
        errors = f"standard errors of penalized estimates are from {_ERRORS[analysis.firth_errors]}"
        limits = "Its intervals and p-values are those of the profile likelihood; " if analysis.interval is None else ""
        yield f"{limits}{errors}." if limits else f"S{errors[1:]}."
    if analysis.term_tests and analysis.imputation is None:
        yield "Covariates of several levels were tested as a whole by likelihood ratio."
    if analysis.risk_groups:
        yield (
            "Discrimination of the multivariable model is the area under the receiver operating characteristic curve, "
            f"with DeLong's interval, from predicted risks in steps of {formats.number_shortest(0.001)}; calibration is "
            "its slope, its constant, and "
            f"the observed beside the predicted risk in {analysis.risk_groups} groups of about equal size with Wilson "
            "intervals. Both are apparent: the patients are those of the fit."
        )
    yield from e_values(study, analysis)


def _intervals(analysis: Logistic) -> str:
    level = formats.number_shortest(100 * analysis.confidence)
    if analysis.interval == "profile":
        how = f"Profile-likelihood {level}% confidence intervals and likelihood-ratio p-values"
    else:
        how = f"Wald {level}% confidence intervals and two-sided p-values"
    return f"{how}; patients with a missing covariate are left out."
