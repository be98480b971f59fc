"""Scales on which estimates are about normal, so that Rubin's rules apply to them there."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple


class Scale(NamedTuple):
    """A scale: there and back; `low` and `high` are the ends of the range, where the scale has no finite value."""

    there: Callable[[float], float]
    back: Callable[[float], float]
    low: float = -math.inf
    high: float = math.inf

    def holds(self, value: float) -> bool:
        """Whether a value has a place on the scale."""
        return self.low < value < self.high


def _same(value: float) -> float:
    return value


def _exp(value: float) -> float:
    try:
        return math.exp(value)
    except OverflowError:
        return math.inf


PLAIN = Scale(_same, _same)
LOG = Scale(math.log, _exp, 0.0)
PROBABILITY: dict[str, Scale] = {
    "plain": Scale(_same, lambda x: min(max(x, 0.0), 1.0), 0.0, 1.0),
    "log": Scale(math.log, lambda x: min(_exp(x), 1.0), 0.0, 1.0),
    "log-log": Scale(lambda s: math.log(-math.log(s)), lambda x: math.exp(-_exp(x)), 0.0, 1.0),
    "arcsine": Scale(
        lambda s: math.asin(math.sqrt(s)), lambda x: math.sin(min(max(x, 0.0), math.pi / 2)) ** 2, 0.0, 1.0
    ),
}
"""Of a probability, by the interval that the analysis has."""
