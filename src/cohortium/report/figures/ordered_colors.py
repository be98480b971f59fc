"""Colors of the levels of an ordered category: dark for the first, light for the last, so that gray print keeps the order.

They are no colors of groups, so that a color means the same group in every figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.colors import to_rgb

from cohortium.report.figures.style import INK

_PATH = ("#1F0C48", "#5B1F87", "#9A3D90", "#CD6F8C", "#EDA873", "#F8E3A8")
"""Lightness rises evenly from the first to the last, for every kind of color vision."""
_DARK = 0.2
"""Luminance at which white and the ink of text have the same contrast."""
UNASSESSED_HATCH = "////////"


@dataclass(frozen=True, slots=True)
class LevelStyle:
    """How a level is filled: its color, the ink of a number on it, lines across it where it is no assessment."""

    fill: str
    ink: str
    hatch: str = ""


UNKNOWN = LevelStyle("#FFFFFF", INK)
"""Patients whose level is not known."""
UNASSESSED = LevelStyle("#FFFFFF", INK, UNASSESSED_HATCH)
"""A level that is no assessment, such as `NE`."""


def level_styles(levels: Sequence[str], unassessed: Sequence[str] = ()) -> dict[str, LevelStyle]:
    """The style of each level in order; levels that are no assessment are hatched.

    Example: `level_styles(["CR", "PR", "SD", "NE"], ["NE"])`
    """
    assessed = [level for level in levels if level not in unassessed]
    steps = max(len(assessed) - 1, 1)
    styles = {level: _at(position / steps) for position, level in enumerate(assessed)}
    return {level: styles.get(level, UNASSESSED) for level in levels}


def _at(share: float) -> LevelStyle:
    place = share * (len(_PATH) - 1)
    low = min(int(place), len(_PATH) - 2)
    mixed = [a + (place - low) * (b - a) for a, b in zip(to_rgb(_PATH[low]), to_rgb(_PATH[low + 1]), strict=True)]
    fill = "#" + "".join(f"{round(255 * part):02X}" for part in mixed)
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in mixed)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return LevelStyle(fill, "#FFFFFF" if luminance < _DARK else INK)
