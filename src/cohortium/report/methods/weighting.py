"""Propensity scores, weights and their balance in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.labels import inside_sentence, joined, term_label, variable_label
from cohortium.study.analyses.covariate import Covariate, form_of

if TYPE_CHECKING:
    from cohortium.study.analyses import Balance, Cox, Logistic
    from cohortium.study.propensity import Propensity
    from cohortium.study.study import Study

_WHOM = {
    "ate": "the average effect in all patients (ATE)",
    "att": "the average effect in patients with the treatment (ATT)",
    "atc": "the average effect in patients without the treatment (ATC)",
    "overlap": "the effect in patients who might have had either treatment (overlap weights)",
}


def propensity_score(study: Study, section: Propensity) -> Iterator[str]:
    """Treatment, covariates, strata, estimand, and what is done with extreme weights."""
    treatment = inside_sentence(variable_label(study, section.treatment))
    labels = joined([inside_sentence(term_label(study, form_of(c).variable)) for c in section.covariates])
    level = next(
        level.label
        for level in study.variable(section.treatment).levels
        if section.treated in (level.label, level.code)
    )
    firth = " with Firth's penalty" if section.penalty == "firth" else ""
    yield f"The propensity score is the probability of {treatment} {level} by logistic regression{firth} over all"
    yield f"institutions; covariates {labels}."
    yield from _forms(study, section)
    if section.strata:
        names = joined([inside_sentence(variable_label(study, name)) for name in section.strata])
        yield f"Each {names} has a constant of its own; patients where all have the same treatment have no score."
    yield f"Weights are for {_WHOM[section.estimand]}{', stabilized' if section.stabilized else ''}."
    if section.trim:
        low, high = formats.number_shortest(section.trim), formats.number_shortest(round(1 - section.trim, 12))
        yield f"Patients with a score below {low} or above {high} have no weight; the score is not fitted again."
    if section.truncate < 1:
        yield f"Weights above their quantile {formats.number_shortest(section.truncate)} are set to it."


def _forms(study: Study, section: Propensity) -> Iterator[str]:
    for covariate in section.covariates:
        if isinstance(covariate, Covariate) and covariate.spline is not None:
            knots = joined([formats.number_shortest(knot) for knot in covariate.spline.knots])
            yield f"{term_label(study, covariate.variable)} entered as a restricted cubic spline with knots at {knots}."


def weighting_phrase(section: Propensity) -> str:
    """`weighted by the propensity score (ATE, stabilized)`."""
    parts = [section.estimand.upper() if section.estimand != "overlap" else "overlap"]
    parts += ["stabilized"] if section.stabilized else []
    return f"weighted by the propensity score ({', '.join(parts)})"


def weighted(study: Study, name: str) -> str:
    """The sentence of an analysis that is weighted."""
    return (
        f"Patients are {weighting_phrase(study.propensity(name))}; standard errors are robust (sandwich estimator) and take "
        "the weights as known."
    )


def balance(study: Study, analysis: Balance) -> Iterator[str]:
    """What is compared, and how."""
    section = study.propensity(analysis.weighting)
    yield f"Groups of {inside_sentence(variable_label(study, section.treatment))} are compared in the covariates of the score"
    also = joined([inside_sentence(variable_label(study, name)) for name in analysis.also])
    yield f"{f'and in {also} ' if also else ''}before and after weighting by standardized mean differences (difference of"
    yield "means over the pooled standard deviation before weighting, a level of a category as 0 and 1) and ratios of"
    yield "variances. The effective sample size is Kish's, the squared sum of weights over the sum of their squares."


def e_values(study: Study, analysis: Cox | Logistic) -> Iterator[str]:
    """What the E-values of a regression are of; nothing when none are asked for."""
    if analysis.e_value is None:
        return
    effect = inside_sentence(term_label(study, analysis.e_value.effect))
    how = "taken as a risk ratio" if analysis.e_value.outcome == "rare" else "turned into an approximate risk ratio"
    yield f"The E-value of {effect}, whose ratio is {how}, says how strongly (as a risk ratio) an unmeasured confounder would"
    yield "have to go with both treatment and outcome to explain the effect (VanderWeele and Ding)."
