"""Analyses of competing risks in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.labels import covariate_labels, grouped, inside_sentence, since, strata_phrase, variable_label
from cohortium.report.methods.survival import month_list

if TYPE_CHECKING:
    from cohortium.study.analyses import CumulativeIncidence, FineGray, Gray
    from cohortium.study.study import Study


def cumulative_incidence(study: Study, analysis: CumulativeIncidence) -> Iterator[str]:
    """Method, interval, times."""
    level = formats.number_shortest(100 * analysis.confidence)
    yield f"Cumulative incidence of each competing event by the Aalen-Johansen method; {level}% confidence intervals"
    form = {"greenwood": "Greenwood's", "aalen": "Aalen's"}[analysis.variance]
    yield f"by the {analysis.interval} transformation with {form} variance."
    if study.made(analysis.endpoint).landmark is not None:
        yield f"Time is counted from {since(study, analysis.endpoint)}."
    if analysis.at_months:
        yield f"It is given at {month_list(analysis.at_months)}."


def gray(study: Study, analysis: Gray) -> Iterator[str]:
    """Name of the test, groups, strata."""
    endpoint = inside_sentence(study.endpoint(analysis.endpoint).label)
    yield f"Gray's two-sided test of equal cumulative incidence, {endpoint}{grouped(study, analysis.by)},"
    weights = f", times weighted by rho = {formats.number_shortest(analysis.rho)}" if analysis.rho else ""
    yield f"{strata_phrase(study, analysis.strata)}{weights}, for each competing event."


def fine_gray(study: Study, analysis: FineGray) -> Iterator[str]:
    """Event, covariates, censoring distribution."""
    yield f"Fine-Gray regression of the subdistribution hazard of {inside_sentence(analysis.cause)};"
    word = "covariate" if len(analysis.covariates) == 1 else "covariates"
    yield f"{strata_phrase(study, analysis.strata)}; {word} {covariate_labels(study, analysis)}."
    if study.made(analysis.endpoint).landmark is not None:
        yield f"Time is counted from {since(study, analysis.endpoint)}."
    by = f" by {inside_sentence(variable_label(study, analysis.censoring_by))}" if analysis.censoring_by else ""
    yield f"Patients with another event stay at risk with the weight of the distribution of censoring{by}."
    if analysis.univariable:
        yield "Each covariate was also fitted alone."
    level = formats.number_shortest(100 * analysis.confidence)
    yield f"Robust standard errors, Wald {level}% confidence intervals and two-sided p-values; patients with a missing"
    yield "covariate are left out."
