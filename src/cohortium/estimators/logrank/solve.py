"""From the tally of all strata to the tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.contract import Done, Integers, Next, Reals, Step
from cohortium.estimators.distributions import chi_square_tail
from cohortium.estimators.logrank.grid_bound import expected_bound
from cohortium.estimators.logrank.totals import tally_of
from cohortium.estimators.multiplicity import holm

if TYPE_CHECKING:
    from cohortium.estimators.logrank.spec import LogRankSpec
    from cohortium.estimators.logrank.tally import Tally
    from cohortium.totals import Totals

_NEVER_TOGETHER = "no time at which two groups were at risk together"
_NAN = float("nan")


@dataclass(frozen=True)
class Trend:
    """Test of a trend over the groups: chi-square with 1 degree of freedom; NaN with a reason when refused."""

    statistic: float
    p_value: float
    problem: str = ""


@dataclass(frozen=True)
class PairTest:
    """Test of two groups from their rows alone, with 1 degree of freedom; NaN with a reason when refused.

    p_holm   adjusted by Holm's method for all pairs that could be tested
    """

    first: str
    second: str
    statistic: float
    p_value: float
    p_holm: float
    problem: str = ""

    @property
    def label(self) -> str:
        """`A v B`."""
        return f"{self.first} v {self.second}"


@dataclass(frozen=True)
class LogRankEstimate:
    """The test.

    n, n_events  shape (groups,): patients, and those with the event
    observed     shape (groups,): events, weighted by the test's weights
    expected     shape (groups,): what they would be if all groups were alike
    covariance   shape (groups, groups): hypergeometric covariance of observed minus expected
    statistic    chi-square with df degrees of freedom; NaN when refused
    late         rows left out because the entry is not before the end of follow-up
    expected_bound  shape (groups,): largest possible difference of `expected` from the one in days; None in days, and
                 where it is not bounded: tests with weights
    problem      why the test was refused; empty when it was not
    """

    spec: LogRankSpec
    n: Integers
    n_events: Integers
    observed: Reals
    expected: Reals
    covariance: Reals
    statistic: float
    df: int
    p_value: float
    missing: int
    missing_stratum: int
    late: int = 0
    problem: str = ""
    trend: Trend | None = None
    pairs: tuple[PairTest, ...] = ()
    expected_bound: Reals | None = None


def solve(spec: LogRankSpec, totals: Totals, _step: Next) -> Step:
    """The tests."""
    whole = tally_of(spec, totals)
    statistic, df, problem = _chi_square(whole)
    return Done(
        LogRankEstimate(
            spec=spec,
            n=whole.n,
            n_events=whole.n_events,
            observed=whole.observed,
            expected=whole.expected,
            covariance=whole.covariance,
            statistic=statistic,
            df=df,
            p_value=chi_square_tail(statistic, df) if not problem else _NAN,
            missing=int(totals["missing"]),
            missing_stratum=int(totals["missing_stratum"]),
            late=int(totals["late"]) if spec.entry else 0,
            problem=problem,
            trend=_trend(spec, whole, problem) if spec.trend else None,
            pairs=_pairs(spec, whole),
            expected_bound=_expected_bound(spec, totals, whole),
        )
    )


def _expected_bound(spec: LogRankSpec, totals: Totals, whole: Tally) -> Reals | None:
    if not spec.grid.is_coarse or spec.nested or spec.test != "logrank":
        return None
    return expected_bound(spec.grid, totals["counts"], whole.expected)


def _chi_square(whole: Tally) -> tuple[float, int, str]:
    if whole.n_events.sum() == 0:
        return _NAN, 0, "no events"
    present = np.flatnonzero(whole.expected > 0)
    if present.size < 2:
        return _NAN, 0, "fewer than two groups with patients at risk"
    free = present[:-1]
    difference = (whole.observed - whole.expected)[free]
    covariance = whole.covariance[np.ix_(free, free)]
    rank = int(np.linalg.matrix_rank(covariance, hermitian=True))
    if rank == 0:
        return _NAN, 0, _NEVER_TOGETHER
    if rank == free.size:
        return float(difference @ np.linalg.solve(covariance, difference)), rank, ""
    return float(difference @ np.linalg.pinv(covariance, hermitian=True) @ difference), rank, ""


def _trend(spec: LogRankSpec, whole: Tally, problem: str) -> Trend:
    if problem:
        return Trend(_NAN, _NAN, problem)
    scores = np.asarray(spec.trend_scores)
    # Only differences of scores matter; about their middle the variance keeps its digits.
    scores = scores - (whole.expected @ scores) / whole.expected.sum()
    variance = float(scores @ whole.covariance @ scores)
    scale = float(np.abs(whole.covariance).max() * np.abs(scores).max() ** 2)
    if variance <= np.finfo(float).eps * scale:
        return Trend(_NAN, _NAN, "the groups that were at risk together have one score")
    statistic = float(scores @ (whole.observed - whole.expected)) ** 2 / variance
    return Trend(statistic, chi_square_tail(statistic, 1))


def _pairs(spec: LogRankSpec, whole: Tally) -> tuple[PairTest, ...]:
    possible = whole.pair_variance > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        statistics = np.where(possible, whole.pair_difference**2 / whole.pair_variance, np.nan)
    p_values = [chi_square_tail(float(s), 1) if possible[i] else _NAN for i, s in enumerate(statistics)]
    labels, found = spec.by.labels, zip(spec.pairs, statistics, p_values, holm(p_values), strict=True)
    return tuple(
        PairTest(labels[a], labels[b], float(s), p, float(adjusted), "" if s == s else _NEVER_TOGETHER)  # noqa: PLR0124
        for (a, b), s, p, adjusted in found
    )
