"""Colors of the levels of an ordered category: dark for the first, light for the last, so that gray print keeps the order.

Of more levels than an eye tells apart by their lightness alone, every second one has lines across it. The colors are no colors of groups, so that a color means the same group in every figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from cohortium.report.figures.style import INK

_PATH = ("#1F0C48", "#5B1F87", "#9A3D90", "#CD6F8C", "#EDA873", "#F8E3A8")
"""Lightness rises evenly from the first to the last, for every kind of color vision."""
_DARK = 0.2
"""Luminance at which white and the ink of text have the same contrast."""
UNASSESSED_HATCH = "////////"
_SECOND_HATCH = "//////"
_MOST_PLAIN = 5
"""Levels that are told apart by their lightness alone."""
_LINES_PT, _OUTLINE_PT = 0.5, 0.4


@dataclass(frozen=True, slots=True)
class LevelStyle:
    """How a level is filled: its color, the ink of a number on it, lines across it and their color."""

    fill: str
    ink: str
    hatch: str = ""
    lines: str = INK


UNKNOWN = LevelStyle("#FFFFFF", INK)
"""Patients whose level is not known."""
UNASSESSED = LevelStyle("#FFFFFF", INK, UNASSESSED_HATCH)
"""A level that is no assessment, such as `NE`."""


def level_styles(levels: Sequence[str], unassessed: Sequence[str] = ()) -> dict[str, LevelStyle]:
    """The style of each level in order; levels that are no assessment are hatched, of many also every second one.

    Example: `level_styles(["CR", "PR", "SD", "NE"], ["NE"])`
    """
    assessed = [level for level in levels if level not in unassessed]
    steps = max(len(assessed) - 1, 1)
    styles = {level: _at(position / steps) for position, level in enumerate(assessed)}
    if len(assessed) > _MOST_PLAIN:
        styles |= {level: _lined(styles[level]) for level in assessed[1::2]}
    return {level: styles.get(level, UNASSESSED) for level in levels}


def filled(
    corner: tuple[float, float], wide: float, tall: float, look: LevelStyle, *, lw: float = 0.0, **more: Any
) -> list[Rectangle]:
    """A rectangle in a style as the patches to add, the lines across it last.

    corner  lower left
    lw      width of the line around it in points; white is never without one
    more    as matplotlib has it, e.g. `zorder`
    """
    lw = lw or (_OUTLINE_PT if look.fill == UNKNOWN.fill else 0.0)
    edge = INK if lw else look.fill
    patches = [Rectangle(corner, wide, tall, facecolor=look.fill, edgecolor=edge, lw=lw, **more)]
    if look.hatch:
        lines = Rectangle(corner, wide, tall, facecolor="none", edgecolor=look.lines, lw=0.0, hatch=look.hatch, **more)
        lines.set_hatch_linewidth(_LINES_PT)
        patches.append(lines)
    return patches


def _lined(look: LevelStyle) -> LevelStyle:
    """The style with lines across it, as far from it as the ink of a number."""
    return LevelStyle(look.fill, look.ink, _SECOND_HATCH, look.ink)


def _at(share: float) -> LevelStyle:
    place = share * (len(_PATH) - 1)
    low = min(int(place), len(_PATH) - 2)
    mixed = [a + (place - low) * (b - a) for a, b in zip(to_rgb(_PATH[low]), to_rgb(_PATH[low + 1]), strict=True)]
    fill = "#" + "".join(f"{round(255 * part):02X}" for part in mixed)
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in mixed)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return LevelStyle(fill, "#FFFFFF" if luminance < _DARK else INK)
