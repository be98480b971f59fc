"""Rates of outcomes and their stratified comparison in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.labels import inside_sentence, joined, strata_phrase, variable_label

if TYPE_CHECKING:
    from cohortium.study.analyses import ResponseRates, StratifiedRates
    from cohortium.study.analyses.outcome import Levels
    from cohortium.study.study import Study

INTERVALS = {
    "exact": "exact (Clopper-Pearson)",
    "wilson": "Wilson",
    "jeffreys": "Jeffreys",
    "newcombe": "Newcombe",
    "miettinen-nurminen": "Miettinen-Nurminen",
}
DENOMINATORS = {
    "all-treated": "of all treated patients (those without a known value count as without the outcome)",
    "response-evaluable": "of the response-evaluable patients (those with a known value)",
}
TEST = (
    "Pearson's chi-square test without continuity correction, or Fisher's exact test where an expected count is below 5"
)


def response_rates(study: Study, analysis: ResponseRates) -> Iterator[str]:
    """Outcomes, denominators, intervals, comparison."""
    for outcome in analysis.outcomes:
        yield _defined(study, outcome, outcome.variable or analysis.variable or "")
    if analysis.categories and analysis.variable:
        yield f"Patients were counted at each level of {inside_sentence(variable_label(study, analysis.variable))}."
    level = formats.number_shortest(100 * analysis.confidence)
    among = joined([DENOMINATORS[population] for population in analysis.populations])
    interval, of_contrast = intervals_of(analysis)
    yield f"Rates are given {among}, with {interval} {level}% confidence intervals."
    if analysis.not_evaluable and "response-evaluable" in analysis.populations and analysis.variable:
        label = inside_sentence(variable_label(study, analysis.variable))
        unknown = joined(_labels(study, analysis.variable, analysis.not_evaluable))
        yield f"Patients with {label} {unknown} are not among the response-evaluable."
    if analysis.by is None or analysis.compare == "none" or analysis.imputation:
        return
    yield f"Groups were compared by the {analysis.compare} of rates with {of_contrast} limits and by {TEST}."


def intervals_of(analysis: ResponseRates) -> tuple[str, str]:
    """The intervals of a rate and of a comparison, as printed; over imputations they have forms of their own."""
    if analysis.imputation is not None:
        return "Wilson", "logarithmic" if analysis.compare == "ratio" else "Newcombe"
    contrast = "miettinen-nurminen" if analysis.compare == "ratio" else analysis.difference_interval
    return INTERVALS[analysis.interval], INTERVALS[contrast]


def stratified_rates(study: Study, analysis: StratifiedRates) -> Iterator[str]:
    """Outcome, groups, strata, tests."""
    yield _defined(study, analysis.outcome, analysis.outcome.variable)
    by = inside_sentence(variable_label(study, analysis.by))
    level = formats.number_shortest(100 * analysis.confidence)
    yield f"Compared by {by}, {strata_phrase(study, analysis.strata)}: Cochran-Mantel-Haenszel test without continuity"
    yield f"correction, and Mantel-Haenszel odds ratio with the {level}% limits of Robins, Breslow and Greenland."
    if analysis.exact and analysis.imputation is None:
        yield "The exact conditional test and odds ratio were computed too."
    yield "A common odds ratio was tested by Breslow and Day's method with Tarone's adjustment."


def _defined(study: Study, outcome: Levels, variable: str) -> str:
    levels = joined(_labels(study, variable, outcome.levels))
    return f"{outcome.label}: {inside_sentence(variable_label(study, variable))} {levels}."


def _labels(study: Study, variable: str, words: tuple[str, ...]) -> list[str]:
    return [level.label for level in study.variable(variable).levels if {level.code, level.label} & set(words)]
