"""Names at the ends of curves, moved apart so that none touches another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.report.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

END_LINE_MM = 3.2
LEADER_MM = 2.4
_BETWEEN_MM = 0.5


@dataclass(frozen=True, slots=True)
class EndLabel:
    """The lines of a name, and the height in millimeters where its curve ends."""

    lines: tuple[str, ...]
    height: float

    @property
    def size(self) -> float:
        """Height of the text with the space to its neighbor."""
        return END_LINE_MM * len(self.lines) + _BETWEEN_MM


def spread(labels: Sequence[EndLabel], low: float, high: float) -> list[float]:
    """The middle of each label, as near its curve as keeps labels apart and inside a range, in the order given."""
    order = sorted(range(len(labels)), key=lambda i: labels[i].height)
    places: list[float] = []
    floor = low
    for i in order:
        half = labels[i].size / 2
        places.append(max(labels[i].height, floor + half))
        floor = places[-1] + half
    # What was pushed beyond the top goes back down, and pushes what is below it.
    ceiling = high
    for position in range(len(order) - 1, -1, -1):
        half = labels[order[position]].size / 2
        places[position] = min(places[position], ceiling - half)
        ceiling = places[position] - half
    at = dict(zip(order, places, strict=True))
    return [at[i] for i in range(len(labels))]


def write_names(
    sheet: Axes,
    ends: Sequence[EndLabel],
    stops: Sequence[float],
    looks: Sequence[style.GroupStyle],
    edge: float,
    span: tuple[float, float],
) -> None:
    """Each name right of a panel, led to where its curve ends; names that would touch are moved apart.

    ends, stops  height and place across where each curve ends, in millimeters
    looks        how each curve is drawn
    edge         right side of the panel
    span         bottom and height of the panel
    """
    bottom, height = span
    for end, y, stop, look in zip(ends, spread(ends, bottom, bottom + height), stops, looks, strict=bool(ends)):
        way = [stop + 0.4, edge, edge + LEADER_MM - 0.6]
        sheet.plot(way, [end.height, end.height, y], color=look.line, lw=0.5, alpha=0.7)
        for position, line in enumerate(end.lines):
            at = y + END_LINE_MM * ((len(end.lines) - 1) / 2 - position)
            style.write(sheet, edge + LEADER_MM, at, line, color=look.text, weight="bold")
