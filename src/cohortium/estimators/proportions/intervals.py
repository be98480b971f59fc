"""Intervals of a proportion: exact (Clopper-Pearson), Wilson, Jeffreys."""

from __future__ import annotations

from typing import Literal, NamedTuple

from cohortium.estimators.distributions import beta_quantile, normal_quantile

ProportionInterval = Literal["exact", "wilson", "jeffreys"]


class Limits(NamedTuple):
    """Lower and upper confidence limit."""

    lower: float
    upper: float


NOT_KNOWN = Limits(float("nan"), float("nan"))


def proportion_limits(x: int, n: int, interval: ProportionInterval = "exact", confidence: float = 0.95) -> Limits:
    """Limits of a proportion.

    x           patients with the outcome
    n           all patients
    interval    `exact` (Clopper and Pearson 1934), `wilson` (score, 1927) or `jeffreys` (Brown, Cai and DasGupta 2001)
    confidence  confidence level

    Returns limits within 0 and 1; NaN without patients.
    """
    if n == 0:
        return NOT_KNOWN
    tail = (1.0 - confidence) / 2.0
    if interval == "wilson":
        return _wilson(x, n, normal_quantile(1.0 - tail))
    # The exact limits are quantiles of two beta distributions, Jeffreys' of the one between them.
    low, high = ((x, n - x + 1), (x + 1, n - x)) if interval == "exact" else ((x + 0.5, n - x + 0.5),) * 2
    lower = 0.0 if x == 0 else beta_quantile(tail, *low)
    upper = 1.0 if x == n else beta_quantile(1.0 - tail, *high)
    return Limits(lower, upper)


def _wilson(x: int, n: int, z: float) -> Limits:
    p, spread = x / n, z * z / n
    center = (p + spread / 2) / (1 + spread)
    half = z / (1 + spread) * (p * (1 - p) / n + spread / (4 * n)) ** 0.5
    # At 0 and n the limit is the bound itself; the formula misses it by rounding.
    return Limits(0.0 if x == 0 else center - half, 1.0 if x == n else center + half)
