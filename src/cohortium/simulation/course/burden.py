"""Tumor burden under treatment: a sensitive clone that is killed and a resistant one that grows.

f(t) = (1 - r) exp(-k t) + r exp(g t), relative to the burden at the first dose: the two-population model of Stein et al.
(Clin Cancer Res 2011;17:907). The kill rate is given; growth and resistant share follow from the deepest point and from the
day on which the burden crosses a threshold on its way up.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

_SMALLEST_GROWTH, _LARGEST_GROWTH = 1e-5, 1.0
_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Burden:
    """Burden over time, 1 at the first dose.

    resistant     share of the resistant clone at the first dose
    kill, growth  rates per day
    """

    resistant: float
    kill: float
    growth: float

    def at(self, day: float) -> float:
        """Burden on a day; 1 before the first dose."""
        if day <= 0:
            return 1.0
        rising = math.exp(min(self.growth * day, 12.0))
        return (1 - self.resistant) * math.exp(-self.kill * day) + self.resistant * rising

    def deepest(self) -> float:
        """The lowest burden."""
        if self.resistant >= 1:
            return 1.0
        ratio = (1 - self.resistant) * self.kill / (self.resistant * self.growth)
        return self.at(math.log(ratio) / (self.kill + self.growth)) if ratio > 1 else 1.0


def burden_through(depth: float, kill: float, crossing_day: float, threshold: float) -> Burden:
    """The burden whose deepest point is `depth` and that rises through `threshold` on the crossing day.

    depth       between 0 and 1; the deepest possible is met where the day comes too early for it
    threshold   above depth
    """
    if depth >= 0.97:
        return Burden(1.0, kill, max(math.log(max(threshold, 1.0001)) / crossing_day, _SMALLEST_GROWTH))
    low, high = math.log(_SMALLEST_GROWTH), math.log(_LARGEST_GROWTH)
    found = _through(math.exp(low), kill, crossing_day, threshold)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        tried = _through(math.exp(middle), kill, crossing_day, threshold)
        if tried.deepest() > depth:
            low, found = middle, tried
        else:
            high = middle
    return found


def _through(growth: float, kill: float, crossing_day: float, threshold: float) -> Burden:
    killed, grown = math.exp(-kill * crossing_day), math.exp(min(growth * crossing_day, 500.0))
    resistant = (threshold - killed) / (grown - killed) if grown > killed else 1.0
    return Burden(min(max(resistant, 1e-12), 1.0), kill, growth)
