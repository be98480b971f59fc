"""The words a study file gives to its elements, as tables, figures and text print them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cohortium.report.formats import number_shortest
from cohortium.study.analyses import (
    AdverseEvents,
    Analysis,
    Balance,
    Baseline,
    Covariate,
    Cox,
    CumulativeIncidence,
    FineGray,
    Gray,
    IndividualCourses,
    KaplanMeier,
    Logistic,
    LogRank,
    MetaAnalysis,
    Missingness,
    ResponseRates,
    Sequences,
    SiteOutcomes,
    StratifiedRates,
)
from cohortium.study.variables import SITE

if TYPE_CHECKING:
    from cohortium.study.propensity import Propensity
    from cohortium.study.study import Study

PRODUCT = " x "
"""Between the variables of a product in the name of a term."""
TIMES = "\N{MULTIPLICATION SIGN}"

TESTS = {
    "logrank": "log-rank test",
    "peto-peto": "Peto-Peto test",
    "peto-prentice": "Peto-Peto-Prentice test",
    "fleming-harrington": "Fleming-Harrington test",
    "tarone-ware": "Tarone-Ware test",
    "gehan-breslow": "Gehan-Breslow test",
}
"""Tests of equal survival by the names that the study file has for them."""
GRAY = "Gray's test"

_PROPER = (
    "American", "Bence", "Binet", "Burkitt", "Charlson", "Child", "Cox", "Deauville", "Durie", "Eastern", "Epstein", "Fine",
    "Firth", "Glasgow", "Gleason", "Gray", "Hodgkin", "Kaplan", "Karnofsky", "Lugano", "Philadelphia", "Rai ", "Waldenstr",
)  # fmt: skip
"""Beginnings of names, which stay as they are inside a sentence."""

Regression = Cox | FineGray | Logistic
"""Analyses whose covariates have ratios."""


def inside_sentence(label: str) -> str:
    """A label as it stands inside a sentence: `Sex` becomes `sex`, `ECOG score` and `Karnofsky score` stay."""
    is_word = label[1:2].islower() and not label.startswith(_PROPER)
    return label[:1].lower() + label[1:] if is_word else label


def joined(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def abridged(label: str, most: int = 40) -> str:
    """A label inside a line of a figure: what is beyond a number of letters is an ellipsis."""
    return label if len(label) <= most else f"{label[: most - 1].rstrip()}\N{HORIZONTAL ELLIPSIS}"


def variable_label(study: Study, name: str) -> str:
    """The printed label of a variable, without its unit."""
    return "Institution" if name == SITE else study.variable(name).label


def strata_phrase(study: Study, strata: Sequence[str]) -> str:
    """`stratified by institution`, or `unstratified`."""
    if not strata:
        return "unstratified"
    return f"stratified by {joined([inside_sentence(variable_label(study, name)) for name in strata])}"


def analysis_title(study: Study, name: str) -> str:
    """The analysis's label, as a table of its endpoint prints it; the full title when the study file gives none."""
    analysis: Analysis = study.analysis(name)
    return analysis.label or full_title(study, analysis)


def full_title(study: Study, analysis: Analysis) -> str:
    """Endpoint, groups and method: what tells an analysis from all others outside its table."""
    if isinstance(analysis, Balance):
        return f"Balance{_by(study, study.propensity(analysis.weighting).treatment)} before and after weighting"
    if isinstance(analysis, Baseline):
        return "Baseline characteristics" + _by(study, analysis.by)
    if isinstance(analysis, Missingness):
        return "Values not known" + _by(study, analysis.by)
    if isinstance(analysis, ResponseRates):
        return f"{outcomes_label(study, analysis)}{_by(study, analysis.by)}"
    if isinstance(analysis, AdverseEvents):
        return (analysis.label or "Adverse events") + _by(study, analysis.by)
    if isinstance(analysis, IndividualCourses):
        return _of_individuals(study, analysis)
    if isinstance(analysis, Sequences):
        return _of_steps(study, analysis)
    if isinstance(analysis, Logistic):
        return f"{analysis.outcome.label}, logistic regression{_constants(study, analysis)}"
    if isinstance(analysis, StratifiedRates):
        return f"{analysis.outcome.label}{_by(study, analysis.by)}, {strata_phrase(study, analysis.strata)}"
    if isinstance(analysis, MetaAnalysis | SiteOutcomes):
        return _of_sites(study, analysis)
    endpoint = study.endpoint(analysis.endpoint).label
    if isinstance(analysis, KaplanMeier):
        if analysis.reverse:
            return f"Follow-up for {inside_sentence(endpoint)}{_by(study, analysis.by)}"
        return endpoint + _by(study, analysis.by) + _weighted(analysis)
    if isinstance(analysis, LogRank):
        return f"{endpoint}{_by(study, analysis.by)}, {test_name(study, TESTS[analysis.test], analysis.strata)}"
    if isinstance(analysis, CumulativeIncidence):
        return f"{endpoint}, cumulative incidence{_by(study, analysis.by)}"
    if isinstance(analysis, Gray):
        return f"{endpoint}{_by(study, analysis.by)}, {test_name(study, GRAY, analysis.strata)}"
    if isinstance(analysis, FineGray):
        strata = f", {strata_phrase(study, analysis.strata)}" if analysis.strata else ""
        return f"{endpoint}, Fine-Gray regression of {inside_sentence(analysis.cause)}{strata}"
    if isinstance(analysis, Cox):
        cause = f" of {inside_sentence(analysis.cause)}" if analysis.cause else ""
        strata = strata_phrase(study, analysis.strata)
        return f"{endpoint}, Cox regression{cause}, {strata}{_weighted(analysis)}"
    return f"Institutions, {inside_sentence(endpoint)}"


def _of_individuals(study: Study, analysis: IndividualCourses) -> str:
    shown = variable_label(study, analysis.change) if analysis.change else study.endpoint(analysis.endpoint or "").label
    return f"{shown} of individual patients{_by(study, analysis.by)}"


def _of_steps(study: Study, analysis: Sequences) -> str:
    first, *others = (variable_label(study, name) for name in analysis.steps)
    named = analysis.label or f"{first} to {inside_sentence(others[-1])}"
    return f"{named}, sequence{_by(study, analysis.by)}"


def _weighted(analysis: KaplanMeier | Cox) -> str:
    return ", weighted" if analysis.weighting is not None else ""


def modeled_label(study: Study, analysis: Regression) -> str:
    """The outcome or the endpoint of a regression, as printed."""
    return analysis.outcome.label if isinstance(analysis, Logistic) else study.endpoint(analysis.endpoint).label


def _constants(study: Study, analysis: Logistic) -> str:
    """`, conditional on the events of each institution`; empty without strata."""
    if not analysis.strata:
        return ""
    strata = joined([inside_sentence(variable_label(study, name)) for name in analysis.strata])
    return f", {'conditional on the events of each' if analysis.conditional else 'a constant for each'} {strata}"


def counted_label(study: Study, analysis: MetaAnalysis | SiteOutcomes) -> str:
    """The outcome or the endpoint, as printed."""
    return analysis.outcome.label if analysis.outcome else study.endpoint(analysis.endpoint or "").label


def _of_sites(study: Study, analysis: MetaAnalysis | SiteOutcomes) -> str:
    counted = counted_label(study, analysis)
    if isinstance(analysis, SiteOutcomes):
        return f"{counted} by institution"
    effect = analysis.compared or ""
    return f"{counted} by {inside_sentence(variable_label(study, effect))}, meta-analysis over institutions"


def propensity_title(study: Study, section: Propensity) -> str:
    """The score's label; `Propensity score of treatment` when the study file gives none."""
    return section.label or f"Propensity score of {inside_sentence(variable_label(study, section.treatment))}"


def outcomes_label(study: Study, analysis: ResponseRates) -> str:
    """The category that the outcomes are levels of, or the outcomes one by one: `Best response, rates`."""
    if analysis.variable is not None:
        return f"{variable_label(study, analysis.variable)}, rates"
    first, *others = (outcome.label for outcome in analysis.outcomes)
    return f"{joined([first, *(inside_sentence(label) for label in others)])}, rates"


def _by(study: Study, variable: str | None) -> str:
    return f" by {inside_sentence(variable_label(study, variable))}" if variable else ""


def test_name(study: Study, name: str, strata: Sequence[str]) -> str:
    """The test with its strata: `log-rank test stratified by institution`, `Peto-Peto test`."""
    # Tests named after people keep their capital.
    name = name[:1].lower() + name[1:] if name.startswith(("Log", "Test")) else name
    return f"{name} {strata_phrase(study, strata)}" if strata and "stratified" not in name else name


def color_index(study: Study, variable: str | None, group: str, position: int) -> int:
    """The place of a group among the declared levels, so that a group keeps its color in every figure."""
    if variable is None:
        return 0
    labels = [level.label for level in study.variable(variable).levels]
    return labels.index(group) if group in labels else position


def since(study: Study, endpoint: str) -> str:
    """From when an endpoint is counted: `study entry`, or `the landmark at 6 months`."""
    landmark = study.made(endpoint).landmark
    if landmark is None:
        return study.made(endpoint).base.start_label or study.file.time.origin_label
    return f"the landmark at {number_shortest(landmark)} {'month' if landmark == 1 else 'months'}"


def months_phrase(study: Study) -> str:
    """`A month is 30.4375 days.`"""
    return f"A month is {number_shortest(study.file.time.month_days)} days."


def grouped(study: Study, variable: str | None) -> str:
    """` by sex`; empty without groups."""
    return _by(study, variable)


def covariate_names(analysis: Regression) -> tuple[str, ...]:
    """The terms of a regression in the order of the study file: covariates, time-dependent ones, products."""
    plain = (c.variable if isinstance(c, Covariate) else c for c in analysis.covariates)
    if isinstance(analysis, FineGray):
        return tuple(plain)
    later = (covariate.variable for covariate in (analysis.time_dependent if isinstance(analysis, Cox) else ()))
    return (*plain, *later, *(PRODUCT.join(parts) for parts in analysis.interactions))


def level_label(variable: str, level: str) -> str:
    """A level as printed; the levels of a product with a sign between them."""
    return level.replace(PRODUCT, f" {TIMES} ") if PRODUCT in variable else level


def event_phrase(study: Study, analysis: Regression) -> str:
    """The event modeled, inside a sentence: the outcome, the cause where causes compete, else the endpoint."""
    cause = None if isinstance(analysis, Logistic) else analysis.cause
    return inside_sentence(cause or modeled_label(study, analysis))


def covariate_labels(study: Study, analysis: Regression) -> str:
    """`age, sex and the product of age and sex`."""
    return joined([_covariate_phrase(study, name, analysis) for name in covariate_names(analysis)])


def model_phrase(study: Study, analysis: Regression) -> str:
    """`Cox proportional hazards, Efron ties, stratified by institution`."""
    if isinstance(analysis, Cox):
        return f"Cox proportional hazards, {analysis.ties.capitalize()} ties, {strata_phrase(study, analysis.strata)}"
    if isinstance(analysis, Logistic):
        return f"Logistic regression{_constants(study, analysis)}"
    censoring = (
        f", censoring estimated by {inside_sentence(variable_label(study, analysis.censoring_by))}"
        if analysis.censoring_by
        else ""
    )
    hazards = f"Fine-Gray proportional subdistribution hazards of {inside_sentence(analysis.cause)}"
    return f"{hazards}, {strata_phrase(study, analysis.strata)}{censoring}, robust standard errors that allow for the estimated distribution of censoring"


def _covariate_phrase(study: Study, name: str, analysis: Regression) -> str:
    parts = [inside_sentence(term_label(study, part, analysis)) for part in name.split(PRODUCT)]
    return parts[0] if len(parts) == 1 else f"the product of {joined(parts)}"


def term_label(study: Study, name: str, analysis: Regression | None = None) -> str:
    """The printed label of a term without its unit: of a variable, a time-dependent covariate, or a product."""
    if isinstance(analysis, Cox):
        for covariate in analysis.time_dependent:
            if covariate.variable == name:
                return covariate.label
    return f" {TIMES} ".join(_own_label(study, part) for part in name.split(PRODUCT))


def _own_label(study: Study, name: str) -> str:
    return variable_label(study, name) if name == SITE or name in study.variables else name
