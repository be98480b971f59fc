"""The rows of numbers at risk below a panel of curves, aligned to its ticks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from cohortium.report import formats
from cohortium.report.figures import style
from cohortium.report.figures.time_axis import TimeAxis
from cohortium.report.figures.wrapping import wrapped

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


@dataclass(frozen=True, slots=True)
class RiskRow:
    """The label of a group in lines, the color of its text, and how many are at risk on a day."""

    label: tuple[str, ...]
    color: str
    at_risk: Callable[[float], int]


def rows_of(
    curves: Sequence[Counted], width: style.Width, palette: Sequence[style.GroupStyle] = style.PALETTE
) -> tuple[RiskRow, ...]:
    """A row for each curve, in order."""
    return tuple(
        RiskRow(
            tuple(wrapped(curve.label or ALL, _LABEL_LIMIT[width], style.SMALL_PT, "bold")),
            palette[curve.color % len(palette)].text,
            curve.at_risk,
        )
        for curve in curves
    )


def room(rows: Sequence[RiskRow]) -> float:
    """Millimeters that the labels need left of the panel."""
    widest = max((style.text_mm(line, style.SMALL_PT, "bold") for row in rows for line in row.label), default=0.0)
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
) -> None:
    """The rows from a height downward: labels from `label_at`, numbers under the ticks of a panel at `left`.

    of_all   whom the curves are of, in words, where it is not everybody: `62 of 100 patients`
    """
    if not rows:
        return
    style.write(sheet, label_at, top - _HEAD_MM / 2, f"{HEAD}, {of_all}" if of_all else HEAD, color=style.GRAY)
    y = top - _HEAD_MM
    for row in rows:
        for position, line in enumerate(row.label):
            style.write(sheet, label_at, y - _LINE_MM * (position + 0.5), line, color=row.color, weight="bold")
        for tick in axis.ticks:
            x = left + across * tick / axis.limit
            style.write(sheet, x, y - _LINE_MM / 2, formats.count(row.at_risk(tick)), ha="center")
        y -= _LINE_MM * len(row.label)
