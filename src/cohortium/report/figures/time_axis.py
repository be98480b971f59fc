"""The axis of time: its range and ticks in days, with what is printed at the ticks."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from cohortium.report import formats
from cohortium.report.figures.steps import ticks

_LONGEST_TICK = 6
_MARGIN = 1.02


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Ticks in days with their labels, the last day drawn, and where the axis ends a little later."""

    last_day: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]

    @property
    def limit(self) -> float:
        """End of the axis in days."""
        return self.last_day * _MARGIN


def time_axis(last_day: float, month_days: float, unit: str, most: int) -> TimeAxis:
    """The axis up to a day, with at most some ticks at round numbers of a unit of so many days."""
    marks = ticks(formats.in_months(last_day, month_days), most, in_months=unit == "months")
    return TimeAxis(
        last_day,
        tuple(float(mark * Decimal(repr(month_days))) for mark in marks),
        tuple(map(_label, marks)),
    )


def _label(mark: Decimal) -> str:
    text = formats.number_shortest(mark)
    return text if len(text) <= _LONGEST_TICK else f"{mark.normalize():e}"
