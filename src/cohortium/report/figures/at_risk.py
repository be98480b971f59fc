"""The rows of numbers at risk below a panel of curves, aligned to its ticks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from cohortium.report import formats
from cohortium.report.figures import style
from cohortium.report.figures.time_axis import TimeAxis
from cohortium.report.figures.wrapping import NAME_STRETCH, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEAD = "Number at risk"
ALL = "All patients"
_LABEL_LIMIT: dict[style.Width, float] = {"single": 20.0, "double": 34.0}
_HEAD_MM = 4.2
_LINE_MM = 3.6
_BELOW_MM = 1.5


class Counted(Protocol):
    """A curve that knows its group, its place in the palette and how many are at risk on a day."""

    @property
    def label(self) -> str:
        """The group as printed."""

    @property
    def color(self) -> int:
        """Its place in the palette."""

    def at_risk(self, day: float) -> int:
        """Patients at risk just before a day."""


class Accounted(Counted, Protocol):
    """A curve that knows what became of all its patients."""

    def events_before(self, day: float) -> int:
        """Events before a day."""

    def censored_before(self, day: float) -> int:
        """Patients censored before a day."""


@dataclass(frozen=True, slots=True)
class RiskRow:
    """The label of a row in lines, its look, and how many it counts on a day; None for a heading without numbers."""

    label: tuple[str, ...]
    color: str
    count: Callable[[float], int] | None
    weight: str = "bold"


def rows_of(
    curves: Sequence[Counted], width: style.Width, palette: Sequence[style.GroupStyle] = style.PALETTE
) -> tuple[RiskRow, ...]:
    """A row for each curve, in order."""
    return tuple(
        RiskRow(
            tuple(wrapped(curve.label or ALL, _LABEL_LIMIT[width], style.SMALL_PT, "bold", stretch=NAME_STRETCH)),
            palette[curve.color % len(palette)].text,
            curve.at_risk,
        )
        for curve in curves
    )


def accounts_of(curves: Sequence[Accounted], width: style.Width) -> tuple[RiskRow, ...]:
    """For each curve its name, then who is at risk, was censored, had the event: together all its patients."""
    rows: list[RiskRow] = []
    for curve in curves:
        color = style.group_style(curve.color).text
        name = tuple(wrapped(curve.label or ALL, 2 * _LABEL_LIMIT[width], style.SMALL_PT, "bold"))
        rows.append(RiskRow(name, color, None))
        parts = (("At risk", curve.at_risk), ("Censored", curve.censored_before), ("Events", curve.events_before))
        rows += [RiskRow((label,), style.INK, count, "normal") for label, count in parts]
    return tuple(rows)


def room(rows: Sequence[RiskRow]) -> float:
    """Millimeters that the labels need left of the panel."""
    beside = [row for row in rows if row.count]
    widest = max((style.text_mm(line, style.SMALL_PT, row.weight) for row in beside for line in row.label), default=0.0)
    return max(widest + 5.5, style.text_mm(HEAD, style.SMALL_PT) - 4.0) if rows else 0.0


def height(rows: Sequence[RiskRow]) -> float:
    """Millimeters that the rows need below the axis."""
    return _HEAD_MM + _LINE_MM * sum(len(row.label) for row in rows) + _BELOW_MM if rows else 0.0


def draw(
    sheet: Axes,
    rows: Sequence[RiskRow],
    axis: TimeAxis,
    left: float,
    across: float,
    top: float,
    *,
    label_at: float = 1.0,
    of_all: str = "",
    head: str = HEAD,
) -> None:
    """The rows from a height downward: labels from `label_at`, numbers under the ticks of a panel at `left`.

    of_all   whom the curves are of, in words, where it is not everybody: `62 of 100 patients`
    head     what the numbers are
    """
    if not rows:
        return
    style.write(sheet, label_at, top - _HEAD_MM / 2, f"{head}, {of_all}" if of_all else head, color=style.GRAY)
    y = top - _HEAD_MM
    for row in rows:
        for position, line in enumerate(row.label):
            style.write(sheet, label_at, y - _LINE_MM * (position + 0.5), line, color=row.color, weight=row.weight)
        count = row.count
        for tick in axis.ticks if count else ():
            x = left + across * tick / axis.limit
            style.write(sheet, x, y - _LINE_MM / 2, formats.count(count(tick) if count else None), ha="center")
        y -= _LINE_MM * len(row.label)
