"""From the score to the test of every cause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.competing.gray.totals import score_of
from cohortium.estimators.contract import Done, Integers, Next, Reals, Step
from cohortium.estimators.distributions import chi_square_tail

if TYPE_CHECKING:
    from cohortium.estimators.competing.gray.spec import GraySpec
    from cohortium.totals import Totals

_NAN = float("nan")


@dataclass(frozen=True)
class CauseTest:
    """The test of one cause.

    n_events    shape (groups,)
    score       shape (groups,): weighted events of the cause less what they would be if all groups were alike
    covariance  shape (groups, groups)
    statistic   chi-square with df degrees of freedom; NaN when refused
    problem     why the test was refused; empty when it was not
    """

    cause: str
    n_events: Integers
    score: Reals
    covariance: Reals
    statistic: float
    df: int
    p_value: float
    problem: str = ""


@dataclass(frozen=True)
class GrayEstimate:
    """The tests of all causes.

    n     shape (groups,): rows
    """

    spec: GraySpec
    n: Integers
    tests: tuple[CauseTest, ...]
    missing: int
    missing_stratum: int


def solve(spec: GraySpec, totals: Totals, _step: Next) -> Step:
    """The tests."""
    found = score_of(spec, totals)
    tests = tuple(
        _test(label, found.n, found.n_events[k], found.score[k], found.covariance[k], int(found.beyond[k]))
        for k, label in enumerate(spec.causes)
    )
    return Done(GrayEstimate(spec, found.n, tests, int(totals["missing"]), int(totals["missing_stratum"])))


def _test(label: str, n: Integers, n_events: Integers, score: Reals, covariance: Reals, beyond: int) -> CauseTest:
    statistic, df, problem = _chi_square(n, n_events, score, covariance, beyond)
    p_value = _NAN if problem else chi_square_tail(statistic, df)
    return CauseTest(label, n_events, score, covariance, statistic, df, p_value, problem)


def _chi_square(
    n: Integers, n_events: Integers, score: Reals, covariance: Reals, beyond: int
) -> tuple[float, int, str]:
    present = np.flatnonzero(n)
    if not n_events.sum():
        return _NAN, 0, "no events of this cause"
    if present.size < 2:
        return _NAN, 0, "fewer than two groups with patients"
    if beyond:
        return _NAN, 0, "the incidence under the hypothesis reaches 1 while groups are still compared"
    free = present[:-1]
    block, difference = covariance[np.ix_(free, free)], score[free]
    rank = int(np.linalg.matrix_rank(block, hermitian=True))
    if rank == 0:
        return _NAN, 0, "no time at which two groups were at risk together"
    if rank == free.size:
        return float(difference @ np.linalg.solve(block, difference)), rank, ""
    return float(difference @ np.linalg.pinv(block, hermitian=True) @ difference), rank, ""
