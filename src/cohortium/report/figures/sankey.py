"""Sankey diagram of sequences: a column of boxes for each step, bands from level to level as wide as their patients."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from matplotlib.colors import to_rgb
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from cohortium.report.figures import style
from cohortium.report.figures.ordered_colors import LevelStyle
from cohortium.report.figures.sankey_layout import HEADING_LINE_MM, LINE_MM, PAD_MM, Band, Box, Layout, PlacedPanel

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ENDED = LevelStyle("#E4E4E4", style.INK)
"""Patients who never reached a step."""
_BAND_ALPHA = 0.5
_NUMBER_MM = 2.5
_BESIDE_NUMBER_MM = 0.8

Place = tuple[float, float, float, float]
"""Left, right, bottom and top of a number."""


def draw(placed: Layout) -> Figure:
    """A panel for each group; the number of patients stands in every band that has room for it.

    Example: `draw(layout(["Line 1", "Line 2"], [SankeyPanel("All (N = 3)", None, nodes, flows)], "double"))`
    """
    with style.drawing():
        figure = style.canvas(placed.across, placed.height)
        sheet = style.sheet(figure)
        for panel in placed.panels:
            _draw_names(sheet, placed, panel.names_bottom)
            _draw_panel(sheet, panel)
    return figure


def _draw_names(sheet: Axes, placed: Layout, bottom: float) -> None:
    """The names of the steps, the last line of each at one height."""
    for left, lines in zip(placed.lefts, placed.names, strict=True):
        for place, line in enumerate(reversed(lines)):
            style.write(sheet, left, bottom + LINE_MM * (place + 0.5), line)


def _draw_panel(sheet: Axes, panel: PlacedPanel) -> None:
    color = style.INK if panel.color is None else style.group_style(panel.color).text
    left = panel.boxes[0].left
    for i, line in enumerate(panel.heading):
        y = panel.y - HEADING_LINE_MM * i
        style.write(sheet, left, y, line, weight="bold", color=color, size=style.TEXT_PT)
    for band in panel.bands:
        _draw_band(sheet, band)
    for box in panel.boxes:
        _draw_box(sheet, box)
    taken: list[Place] = []
    for band in panel.bands:
        places = [place for place in _number_places(band) if not any(_meet(place, other) for other in taken)]
        for place in places[:1]:
            taken.append(place)
            style.write(sheet, place[0], (place[2] + place[3]) / 2, band.flow.text)


def _draw_band(sheet: Axes, band: Band) -> None:
    """The band filled in its source's color, its long edges drawn, so that bands stay apart in gray print."""
    lower = _edge(band, 0.0)
    upper = _edge(band, band.height)
    codes = [Path.MOVETO, *[Path.CURVE4] * 3]
    shape = Path([*lower, *reversed(upper)], [*codes, Path.LINETO, *[Path.CURVE4] * 3])
    fill = band.source.look.fill
    sheet.add_artist(PathPatch(shape, facecolor=fill, edgecolor="none", alpha=_BAND_ALPHA))
    edges = Path([*lower, *upper], [*codes, *codes])
    sheet.add_artist(PathPatch(edges, facecolor="none", edgecolor=_darker(fill), lw=0.3, capstyle="butt"))


def _darker(color: str) -> tuple[float, ...]:
    return tuple((a + b) / 2 for a, b in zip(to_rgb(color), to_rgb(style.INK), strict=True))


def _edge(band: Band, above: float) -> list[tuple[float, float]]:
    """Control points of an edge: with a third and two thirds across, the curve is the smooth step of `Band.low`."""
    third = (band.x1 - band.x0) / 3
    low, high = band.y0 + above, band.y1 + above
    return [(band.x0, low), (band.x0 + third, low), (band.x1 - third, high), (band.x1, high)]


def _draw_box(sheet: Axes, box: Box) -> None:
    look = box.node.look
    sheet.add_artist(
        Rectangle((box.left, box.bottom), box.width, box.height, facecolor=look.fill, edgecolor=style.INK, lw=0.6)
    )
    for line, y, is_inside in box.middles():
        style.write(sheet, box.left + PAD_MM, y, line, color=look.ink if is_inside else style.INK)


def _number_places(band: Band) -> Iterator[Place]:
    """Where the number lies wholly within its band: near its source, near its target; none where it would leave it."""
    wide = style.text_mm(band.flow.text, style.SMALL_PT)
    for left in (band.x0 + _BESIDE_NUMBER_MM, band.x1 - _BESIDE_NUMBER_MM - wide):
        lows = (band.low(left), band.low(left + wide))
        bottom, top = max(lows), min(lows) + band.height
        if top - bottom >= _NUMBER_MM and wide + 2 * _BESIDE_NUMBER_MM <= band.x1 - band.x0:
            middle = (bottom + top) / 2
            yield (left, left + wide, middle - _NUMBER_MM / 2, middle + _NUMBER_MM / 2)


def _meet(one: Place, other: Place) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]
