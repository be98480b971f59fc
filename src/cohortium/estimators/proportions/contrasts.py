"""Difference and ratio of two proportions, with Newcombe and Miettinen-Nurminen intervals."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, NamedTuple

from cohortium.estimators.distributions import normal_quantile
from cohortium.estimators.proportions.intervals import NOT_KNOWN, Limits, proportion_limits

DifferenceInterval = Literal["newcombe", "miettinen-nurminen"]
_LARGEST_RATIO = 1e12
_CLOSE = 1e-14
_NO_GAP = 1e-7
"""Near the end of the range gap and variance vanish together, and the variance is lost to rounding first."""


class TwoGroups(NamedTuple):
    """Patients with the outcome and all patients, in the group of interest and in the one it is compared with."""

    x1: int
    n1: int
    x0: int
    n0: int

    @property
    def proportions(self) -> tuple[float, float]:
        """Proportions in the two groups."""
        return self.x1 / self.n1, self.x0 / self.n0


def difference_limits(counts: TwoGroups, interval: DifferenceInterval = "newcombe", confidence: float = 0.95) -> Limits:
    """Limits of the difference of two proportions, p1 - p0.

    `newcombe` is his method 10 (1998), from the Wilson limits of each group; `miettinen-nurminen` (1985) inverts the
    score test, with their factor N / (N - 1). NaN when a group is empty.
    """
    if not counts.n1 or not counts.n0:
        return NOT_KNOWN
    p1, p0 = counts.proportions
    if interval == "newcombe":
        low1, high1 = proportion_limits(counts.x1, counts.n1, "wilson", confidence)
        low0, high0 = proportion_limits(counts.x0, counts.n0, "wilson", confidence)
        return Limits(p1 - p0 - math.hypot(p1 - low1, high0 - p0), p1 - p0 + math.hypot(high1 - p1, p0 - low0))
    z = normal_quantile(0.5 + confidence / 2)
    estimate = p1 - p0

    def excess(delta: float) -> float:
        return _score_of_difference(counts, delta) ** 2 - z * z

    return Limits(_boundary(excess, estimate, -1.0), _boundary(excess, estimate, 1.0))


def ratio_limits(counts: TwoGroups, confidence: float = 0.95) -> Limits:
    """Miettinen-Nurminen score limits of the ratio of two proportions, p1 / p0.

    NaN when a group is empty or nobody has the outcome; infinite above when nobody has it in the second group.
    """
    if not counts.n1 or not counts.n0 or not counts.x1 + counts.x0:
        return NOT_KNOWN
    z = normal_quantile(0.5 + confidence / 2)

    def excess(log_ratio: float) -> float:
        return _score_of_ratio(counts, math.exp(log_ratio)) ** 2 - z * z

    p1, p0 = counts.proportions
    most = math.log(_LARGEST_RATIO)
    start = -most if p1 == 0 else most if p0 == 0 else math.log(p1 / p0)
    lower = 0.0 if p1 == 0 else math.exp(_boundary(excess, start, -most))
    upper = math.inf if p0 == 0 else math.exp(_boundary(excess, start, most))
    return Limits(lower, upper)


def _boundary(excess: Callable[[float], float], inside: float, outside: float) -> float:
    """Where the test starts to reject, between a value that it keeps and the end of the range."""
    from scipy.optimize import brentq

    if inside == outside or excess(outside) <= 0:
        return outside
    return float(brentq(excess, inside, outside, xtol=_CLOSE, rtol=1e-14, maxiter=500))


def _score_of_difference(counts: TwoGroups, delta: float) -> float:
    """Score statistic of p1 - p0 = delta, with the proportions estimated under that hypothesis."""
    n1, n0 = counts.n1, counts.n0
    p1, p0 = counts.proportions
    restricted = _restricted_by_difference(counts, delta)
    other = min(max(restricted + delta, 0.0), 1.0)
    n = n1 + n0
    variance = (other * (1 - other) / n1 + restricted * (1 - restricted) / n0) * n / (n - 1)
    gap = p1 - p0 - delta
    if variance <= 0:
        return 0.0 if abs(gap) < _NO_GAP else math.copysign(math.inf, gap)
    return gap / math.sqrt(variance)


def _restricted_by_difference(counts: TwoGroups, delta: float) -> float:
    """Estimate of p0 under p1 = p0 + delta: the root of a cubic in closed form (Farrington and Manning 1990)."""
    x1, n1, x0, n0 = counts
    n, x = n1 + n0, x1 + x0
    a3 = n
    a2 = (n1 + 2 * n0) * delta - n - x
    a1 = (n0 * delta - n - 2 * x0) * delta + x
    a0 = x0 * delta * (1 - delta)
    third = a2 / (3 * a3)
    q = third**3 - a1 * a2 / (6 * a3 * a3) + a0 / (2 * a3)
    p = math.copysign(math.sqrt(max(third * third - a1 / (3 * a3), 0.0)), q)
    if p == 0.0:
        root = -third
    else:
        angle = (math.pi + math.acos(min(max(q / p**3, -1.0), 1.0))) / 3
        root = 2 * p * math.cos(angle) - third
    return min(max(root, 0.0, -delta), 1.0, 1.0 - delta)


def _score_of_ratio(counts: TwoGroups, ratio: float) -> float:
    """Score statistic of p1 / p0 = ratio."""
    x1, n1, x0, n0 = counts
    p1, p0 = counts.proportions
    n, x = n1 + n0, x1 + x0
    # The smaller root of a quadratic; its discriminant as a sum of squares and products, which loses no digits.
    up, down = (n1 + x0) * ratio, x1 + n0
    discriminant = (up - down) ** 2 + 4 * ratio * (n1 - x1) * (n0 - x0)
    restricted = min(2 * x / (up + down + math.sqrt(discriminant)), 1.0)
    other = min(ratio * restricted, 1.0)
    variance = (other * (1 - other) / n1 + ratio * ratio * restricted * (1 - restricted) / n0) * n / (n - 1)
    gap = p1 - ratio * p0
    if variance <= 0:
        return 0.0 if abs(gap) < _NO_GAP else math.copysign(math.inf, gap)
    return gap / math.sqrt(variance)
