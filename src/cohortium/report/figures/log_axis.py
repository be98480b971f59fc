"""The axis of hazard ratios: logarithmic, ticks at powers of two, runaway limits cut with an arrow."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

_WIDEST = 4.0
_FAR = 3.0
_TICK_MM = 6.0


@dataclass(frozen=True, slots=True)
class LogAxis:
    """The range of the axis and its ticks."""

    least: float
    most: float
    ticks: tuple[float, ...]

    def inside(self, value: float) -> float:
        """The value, or the end of the axis that it lies beyond."""
        return min(max(value, self.least), self.most)


def log_axis(estimates: Iterable[float | None], limits: Iterable[float | None], width_mm: float) -> LogAxis:
    """At least 0.5 to 2; limits stretch it to 1/8 to 8, estimates to 1/16 to 16; ticks as many as have room."""
    near = [-1.0, 1.0, *(min(max(value, -_FAR), _FAR) for value in _logs(limits))]
    # An estimate needs room for its square.
    near += [value + side for value in _logs(estimates) for side in (-0.25, 0.25)]
    low, high = max(min(near), -_WIDEST), min(max(near), _WIDEST)
    powers = range(math.ceil(low), math.floor(high) + 1)
    step = next((s for s in (1, 2) if sum(p % s == 0 for p in powers) <= width_mm / _TICK_MM), 4)
    pad = 0.04 * (high - low)
    ticks = tuple(2.0**power for power in powers if power % step == 0)
    return LogAxis(2 ** (low - pad), 2 ** (high + pad), ticks)


def _logs(values: Iterable[float | None]) -> list[float]:
    return [math.log2(value) for value in values if value is not None and value > 0 and math.isfinite(value)]
