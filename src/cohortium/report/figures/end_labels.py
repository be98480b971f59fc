"""Names at the ends of curves, moved apart so that none touches another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

END_LINE_MM = 3.2
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
