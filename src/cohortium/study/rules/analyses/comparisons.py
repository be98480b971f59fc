"""What a test of equal survival asks for, and restricted means and weights of curves."""

from __future__ import annotations

from collections.abc import Iterator

from cohortium.errors import Problem
from cohortium.study.analyses import KaplanMeier, LogRank
from cohortium.study.draft import Draft, Rule
from cohortium.study.rules.analyses.each import category_of, each_analysis

_WEIGHTED = "fleming-harrington"


def powers_belong_to_fleming_harrington(draft: Draft) -> Iterator[Problem]:
    """`rho` and `gamma` are the powers of one test."""
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, LogRank) or analysis.test == _WEIGHTED:
            continue
        for name in ("rho", "gamma"):
            if getattr(analysis, name) is not None:
                what = f"{name} belongs to another test than '{analysis.test}'"
                yield draft.problem((*path, name), what, f"set test = '{_WEIGHTED}', or leave {name} out")


def scores_are_of_the_groups(draft: Draft) -> Iterator[Problem]:
    """Scores are for a trend, one for each level, and not all the same."""
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, LogRank) or not analysis.scores:
            continue
        place = (*path, "scores")
        if not analysis.trend:
            yield draft.problem(place, "scores are for a trend", "set trend = true, or leave scores out")
        groups = category_of(draft, analysis.by)
        if groups and len(analysis.scores) != len(groups.levels):
            what = f"{len(analysis.scores)} scores for the {len(groups.levels)} levels of {analysis.by}"
            yield draft.problem(place, what, "give one score a level, in the order of the levels")
        elif len(set(analysis.scores)) == 1:
            yield draft.problem(place, "all scores are the same; a trend needs different ones")


def pairs_are_of_three_groups(draft: Draft) -> Iterator[Problem]:
    """Pairs are compared where there are more groups than two."""
    for path, analysis in each_analysis(draft):
        if isinstance(analysis, LogRank) and analysis.pairwise:
            groups = category_of(draft, analysis.by)
            if groups and len(groups.levels) == 2:
                what = f"{analysis.by} has two levels, which the test itself compares"
                yield draft.problem((*path, "pairwise"), what, "leave pairwise out")


def restricted_means_end_within_the_horizon(draft: Draft) -> Iterator[Problem]:
    """A mean is taken over follow-up that the study counts."""
    time = draft.file.time
    for path, analysis in each_analysis(draft):
        months = analysis.restricted_mean_months if isinstance(analysis, KaplanMeier) else None
        if months is not None and months * time.month_days > time.horizon_days:
            what = f"{months:g} months is beyond the horizon of {time.horizon_days} days"
            yield draft.problem((*path, "restricted_mean_months"), what, "raise horizon_days in [time]")


def weights_are_numbers(draft: Draft) -> Iterator[Problem]:
    """Case weights are numbers."""
    for path, analysis in each_analysis(draft):
        if isinstance(analysis, KaplanMeier) and analysis.weight is not None:
            yield from draft.check_variable((*path, "weight"), analysis.weight, ("number", "integer"), "a number")


RULES: tuple[Rule, ...] = (
    powers_belong_to_fleming_harrington,
    scores_are_of_the_groups,
    pairs_are_of_three_groups,
    restricted_means_end_within_the_horizon,
    weights_are_numbers,
)
