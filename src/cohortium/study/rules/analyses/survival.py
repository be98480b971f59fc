"""Endpoints, groups, strata and times of survival analyses."""

from __future__ import annotations

from collections.abc import Iterator

from cohortium.errors import Problem
from cohortium.study.analyses import (
    AdverseEvents,
    Balance,
    Baseline,
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
from cohortium.study.analyses.covariate import form_of
from cohortium.study.draft import Draft, Rule
from cohortium.study.rules.analyses.each import CATEGORY, category_of, each_analysis, once

_WITHOUT_ENDPOINT = (
    AdverseEvents
    | Balance
    | Baseline
    | IndividualCourses
    | Missingness
    | ResponseRates
    | Sequences
    | StratifiedRates
    | Logistic
    | MetaAnalysis
    | SiteOutcomes
)


_GROUPED = AdverseEvents | Baseline | IndividualCourses | KaplanMeier | LogRank | CumulativeIncidence | Gray | Sequences
_TESTS = LogRank | Gray


def endpoints_exist(draft: Draft) -> Iterator[Problem]:
    """The endpoint of an analysis is declared."""
    names = [endpoint.name for endpoint in draft.file.endpoint]
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, _WITHOUT_ENDPOINT):
            yield from draft.check_reference((*path, "endpoint"), "endpoint", analysis.endpoint, names)


def groups_are_categories(draft: Draft) -> Iterator[Problem]:
    """`by` is a category."""
    for path, analysis in each_analysis(draft):
        if isinstance(analysis, _GROUPED) and analysis.by is not None:
            yield from draft.check_variable((*path, "by"), analysis.by, ("category",), CATEGORY)


def tests_compare_two_groups(draft: Draft) -> Iterator[Problem]:
    """A test has at least two groups."""
    for path, analysis in each_analysis(draft):
        if isinstance(analysis, _TESTS) and (variable := category_of(draft, analysis.by)) and len(variable.levels) < 2:
            yield draft.problem((*path, "by"), f"{analysis.by} has one level; expected at least two groups to compare")


def strata_are_categories(draft: Draft) -> Iterator[Problem]:
    """Strata are categories, named once, and not what is compared."""
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, _TESTS | Cox | FineGray | Logistic):
            continue
        yield from once(draft, (*path, "strata"), analysis.strata)
        used = {analysis.by} if isinstance(analysis, _TESTS) else {form_of(c).variable for c in analysis.covariates}
        for index, name in enumerate(analysis.strata):
            place = (*path, "strata", index)
            yield from draft.check_variable(place, name, ("category",), CATEGORY)
            if name in used:
                yield draft.problem(place, f"{name} is compared in this analysis, so it cannot be a stratum too")


def months_are_within_the_horizon(draft: Draft) -> Iterator[Problem]:
    """Survival is tabulated where the study counts follow-up."""
    time = draft.file.time
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, KaplanMeier | CumulativeIncidence):
            continue
        for index, months in enumerate(analysis.at_months):
            if months * time.month_days > time.horizon_days:
                last = time.horizon_days / time.month_days
                what = f"{months:g} months is beyond the horizon of {time.horizon_days} days ({last:.1f} months)"
                yield draft.problem((*path, "at_months", index), what, "raise horizon_days in [time]")


def points_are_listed_once(draft: Draft) -> Iterator[Problem]:
    """Quantiles and months are listed once."""
    for path, analysis in each_analysis(draft):
        if isinstance(analysis, KaplanMeier):
            yield from once(draft, (*path, "quantiles"), (f"{value:g}" for value in analysis.quantiles))
        if isinstance(analysis, KaplanMeier | CumulativeIncidence):
            yield from once(draft, (*path, "at_months"), (f"{value:g}" for value in analysis.at_months))


RULES: tuple[Rule, ...] = (
    endpoints_exist,
    groups_are_categories,
    tests_compare_two_groups,
    strata_are_categories,
    months_are_within_the_horizon,
    points_are_listed_once,
)
