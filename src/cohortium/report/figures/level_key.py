"""The key of a figure of levels: swatches and markers with their names, in as many lines as they need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.report.figures import style
from cohortium.report.figures.ordered_colors import LevelStyle, filled
from cohortium.report.figures.wrapping import shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LINE_MM = 4.2
_SWATCH_MM = (3.4, 2.4)
_AFTER_SWATCH_MM = 1.4
_BETWEEN_MM = 3.2


@dataclass(frozen=True, slots=True)
class Marker:
    """A sign on a bar: a marker of Matplotlib, its face and edge, its size beside that of others."""

    shape: str
    face: str
    edge: str
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class KeyItem:
    """A name with its swatch or marker; neither for a heading."""

    label: str
    level: LevelStyle | None = None
    marker: Marker | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """An item at a place: millimeters from the left, line from the top."""

    item: KeyItem
    label: str
    x: float
    line: int


def lines_of(items: Sequence[KeyItem], room: float) -> list[Placed]:
    """The items one after another, each in a new line where the room ends."""
    placed: list[Placed] = []
    x, line = 0.0, 0
    for item in items:
        lead = 0.0 if item.level is None and item.marker is None else _SWATCH_MM[0] + _AFTER_SWATCH_MM
        label = shortened(item.label, room - lead, style.SMALL_PT)
        wide = lead + style.text_mm(label, style.SMALL_PT)
        if x and x + wide > room:
            x, line = 0.0, line + 1
        placed.append(Placed(item, label, x, line))
        x += wide + _BETWEEN_MM
    return placed


def height_of(placed: Sequence[Placed]) -> float:
    """Height of the lines in millimeters."""
    return LINE_MM * (1 + max((one.line for one in placed), default=-1))


def draw_key(sheet: Axes, placed: Sequence[Placed], left: float, top: float) -> None:
    """The items below a height of axes in millimeters."""
    for one in placed:
        x, y = left + one.x, top - LINE_MM * (one.line + 0.5)
        draw_item(sheet, one.item, x, y)
        lead = 0.0 if one.item.level is None and one.item.marker is None else _SWATCH_MM[0] + _AFTER_SWATCH_MM
        style.write(sheet, x + lead, y, one.label)


def draw_item(sheet: Axes, item: KeyItem, x: float, y: float) -> None:
    """The swatch or marker of an item, its left edge at a place."""
    wide, tall = _SWATCH_MM
    if item.level is not None:
        for patch in filled((x, y - tall / 2), wide, tall, item.level, lw=0.4):
            sheet.add_artist(patch)
    elif item.marker is not None:
        mark = item.marker
        sheet.plot(
            [x + wide / 2],
            [y],
            ls="none",
            marker=mark.shape,
            ms=4.0 * mark.scale,
            mfc=mark.face,
            mec=mark.edge,
            mew=0.6,
        )
