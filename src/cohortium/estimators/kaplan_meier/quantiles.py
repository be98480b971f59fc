"""Quantiles of the time to event, read from a curve and from its limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from cohortium.estimators.contract import Reals

QuantileRule = Literal["middle", "first"]

MEDIAN = 0.5
FLAT = float(np.sqrt(np.finfo(float).eps))
"""Survival within this distance of a quantile's level is on it, as in R's quantile.survfit."""


@dataclass(frozen=True)
class Quantile:
    """A quantile of the time to event with its limits; NaN where not reached."""

    probability: float
    value: float
    lower: float
    upper: float


def quantile(
    probability: float, time: Reals, survival: Reals, lower: Reals, upper: Reals, rule: QuantileRule = "middle"
) -> Quantile:
    """The quantile of one probability, with limits where the limit curves cross the same level.

    time, survival, lower, upper   shape (m,) each, one curve at its distinct times
    """
    level = 1.0 - probability
    values = [crossing(time, curve, level, rule) for curve in (survival, lower, upper)]
    return Quantile(probability, *values)


def crossing(time: Reals, curve: Reals, level: float, rule: QuantileRule = "middle") -> float:
    """Time at which a falling step curve crosses a level; NaN when it does not.

    rule   where the curve lies on the level for a while: `middle`, halfway between the time at which it gets there
           and the next drop, or the last follow-up when there is none (R's quantile.survfit); `first`, the time at
           which it gets there (the infimum of the times with survival at or below the level)
    """
    known = ~np.isnan(curve)
    reached = np.flatnonzero(known & (curve <= level + FLAT))
    if not reached.size:
        return float("nan")
    first = float(time[reached[0]])
    if rule == "first":
        return first
    below = np.flatnonzero(known & (curve < level - FLAT))
    if below.size:
        return (first + float(time[below[0]])) / 2
    return (first + float(time[-1])) / 2 if known[-1] else float("nan")
