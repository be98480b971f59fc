"""Kaplan-Meier analyses and tests of equal survival in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.labels import inside_sentence, joined, since, strata_phrase, variable_label
from cohortium.report.methods.weighting import weighted

if TYPE_CHECKING:
    from cohortium.study.analyses import KaplanMeier, LogRank
    from cohortium.study.study import Study

_TESTS = {
    "logrank": "log-rank test",
    "peto-peto": "Peto-Peto test (weights from the survival estimate of all groups together)",
    "peto-prentice": "Peto-Peto-Prentice test (weights from the modified survival estimate of all groups together)",
    "tarone-ware": "Tarone-Ware test (weights the square root of the number at risk)",
    "gehan-breslow": "Gehan-Breslow test (weights the number at risk)",
}


def kaplan_meier(study: Study, analysis: KaplanMeier) -> Iterator[str]:
    """Method, interval, times, restricted mean, cumulative hazard, weights, landmark."""
    kind = (
        "Reverse Kaplan-Meier method (the end of follow-up is the event)" if analysis.reverse else "Kaplan-Meier method"
    )
    level = formats.number_shortest(100 * analysis.confidence)
    yield f"{kind}; {level}% confidence intervals by the {analysis.interval} transformation."
    if study.made(analysis.endpoint).landmark is not None:
        yield f"Time is counted from {since(study, analysis.endpoint)}."
    if analysis.at_months:
        yield f"Survival is given at {month_list(analysis.at_months)}."
    if analysis.quantile_rule == "first":
        yield "A quantile is the first time at which the curve is at or below its level."
    if analysis.restricted_mean_months is not None:
        against = "; groups are compared with the first by its difference and ratio" if analysis.by else ""
        yield f"Restricted mean survival time up to {month_list([analysis.restricted_mean_months])}{against}."
    if analysis.nelson_aalen:
        yield "Cumulative hazard by the Nelson-Aalen method."
    if analysis.weighting is not None:
        yield weighted(study, analysis.weighting)
    if analysis.weight is not None:
        label = inside_sentence(variable_label(study, analysis.weight))
        yield f"Patients count by their weight ({label}), with robust variances."


def logrank(study: Study, analysis: LogRank) -> Iterator[str]:
    """Name of the test, groups, strata, trend, pairs."""
    name = _fleming_harrington(analysis) if analysis.test == "fleming-harrington" else _TESTS[analysis.test]
    yield f"Two-sided {name} of {inside_sentence(study.endpoint(analysis.endpoint).label)}"
    yield f"by {inside_sentence(variable_label(study, analysis.by))}, {strata_phrase(study, analysis.strata)}."
    if analysis.trend:
        scores = joined([formats.number_shortest(score) for score in analysis.scores]) or "1, 2, 3 and so on"
        yield f"A trend over the groups was tested with scores {scores}."
    if analysis.pairwise:
        yield "Every pair of groups was compared too, with p-values adjusted by Holm's method."


def month_list(months: list[float] | tuple[float, ...]) -> str:
    """`6, 12 and 24 months`, `1 month`."""
    texts = joined([formats.number_shortest(month) for month in months])
    return f"{texts} {'month' if list(months) == [1] else 'months'}"


def _fleming_harrington(analysis: LogRank) -> str:
    rho, gamma = (formats.number_shortest(power or 0.0) for power in (analysis.rho, analysis.gamma))
    return f"Fleming-Harrington test (rho = {rho}, gamma = {gamma})"
