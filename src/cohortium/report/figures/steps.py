"""The geometry of survival curves: where each runs, how long it rests on ten patients, what room is left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cohortium.report.findings.curves import Curve
from cohortium.report.findings.step_lines import StepLine

FEW_AT_RISK = 10
_MONTHS = (1, 3, 6, 12, 24, 60, 120, 240, 600)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in data units: days across, percent up."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Track:
    """A curve in the units of its panel, from day 0 on; `few_from` is where fewer than ten are at risk."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    few_from: float

    def runs(self, *, few: bool) -> tuple[list[float], list[float]]:
        """Corners of the part that rests on ten or more patients, or of the rest."""
        inside = [i for i, x in enumerate(self.x) if (x >= self.few_from) == few]
        xs, ys = [self.x[i] for i in inside], [self.y[i] for i in inside]
        if few and inside and inside[0] > 0:
            xs, ys = [self.few_from, *xs], [self.y[inside[0] - 1], *ys]
        if not few and inside and inside[-1] + 1 < len(self.x):
            xs, ys = [*xs, self.few_from], [*ys, ys[-1]]
        return xs, ys


def track(curve: Curve) -> Track:
    """The curve in the units of the panel."""
    x = (0.0, *curve.time_days)
    y = (100.0, *(100 * value for value in curve.survival))
    low = (100.0, *_limits(curve.lower, curve.survival, 100.0))
    high = (100.0, *_limits(curve.upper, curve.survival, 100.0))
    return Track(x, y, low, high, _few_from(x, curve.n_at_risk))


def line_track(line: StepLine, scale: float = 1.0) -> Track:
    """A curve that starts at its own value, in the units of a panel: `scale` is 100 for percent."""
    x = (0.0, *line.time_days)
    start = scale * line.start
    return Track(
        x,
        (start, *(scale * value for value in line.value)),
        (start, *_limits(line.lower, line.value, scale)),
        (start, *_limits(line.upper, line.value, scale)),
        _few_from(x, line.n_at_risk),
    )


def _limits(limits: Sequence[float | None], values: Sequence[float], scale: float) -> Iterator[float]:
    """Confidence limits in the units of a panel; the value itself where there is none."""
    return (scale * (value if limit is None else limit) for limit, value in zip(limits, values, strict=True))


def _few_from(x: Sequence[float], n_at_risk: Sequence[int]) -> float:
    # The n of a time counts those at risk just before it, hence from the time before on.
    return next((x[i] for i, n in enumerate(n_at_risk) if n < FEW_AT_RISK), x[-1] + 1.0)


def is_free(box: Box, tracks: Sequence[Track]) -> bool:
    """Whether no curve or band passes through a rectangle."""
    return not any(
        start <= box.right and end >= box.left and low < box.top and high > box.bottom
        for track in tracks
        for start, end, low, high in _pieces(track)
    )


def _pieces(track: Track) -> Iterator[tuple[float, float, float, float]]:
    for i, start in enumerate(track.x):
        end = track.x[i + 1] if i + 1 < len(track.x) else start
        low, high = min(track.low[i], track.y[i]), max(track.high[i], track.y[i])
        before = max(track.high[max(i - 1, 0)], track.y[max(i - 1, 0)])
        yield start, end, low, high
        yield start, start, low, max(high, before)


def free_place(width: float, height: float, limit: float, tracks: Sequence[Track]) -> Box | None:
    """A free rectangle of that size, the upper right corner first, then the lower left, then along the top."""
    rightmost = limit - width
    if rightmost < 0:
        return None
    corners = [(rightmost, 100.0 - height), (0.015 * limit, 2.0)]
    corners += [(rightmost * part / 10, 100.0 - height) for part in range(9, 2, -1)]
    for left, bottom in corners:
        box = Box(left, bottom, left + width, bottom + height)
        margin = Box(box.left - 0.01 * limit, box.bottom - 2.0, box.right, box.top)
        if is_free(margin, tracks):
            return box
    return None


def ticks(last: Decimal, most: int, *, in_months: bool) -> list[Decimal]:
    """Ticks every 1, 3, 6, 12, 24 ... months or 1, 2, 5, 10 ... units, the finest step that keeps to a number of them.

    Months are cut at round numbers too where the range is less than one of them or thousands.
    """
    whole = [Decimal(months) for months in _MONTHS if in_months and 1 <= last <= most * _MONTHS[-1]]
    around = last.adjusted() if last else 0
    round_numbers = [Decimal(digit).scaleb(power) for power in range(around - 2, around + 2) for digit in (1, 2, 5)]
    step = next(s for s in whole or round_numbers if last / s <= most)
    return [step * i for i in range(int(last / step) + 1)]
