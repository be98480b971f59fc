"""The figure of an analysis whose data gave nothing to draw: it says so, in its place in the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cohortium.report.figures import style
from cohortium.report.figures.wrapping import wrapped

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MARGIN_MM = 6.0
_LINE_MM = 4.2


def draw(text: str, *, width: style.Width = "double") -> Figure:
    """A frame with a sentence."""
    with style.drawing():
        across = style.WIDTH_MM[width]
        lines = wrapped(text, across - 2 * _MARGIN_MM)
        height = 2 * _MARGIN_MM + _LINE_MM * len(lines)
        figure = style.canvas(across, height)
        sheet = style.sheet(figure)
        for position, line in enumerate(lines):
            top = height - _MARGIN_MM - _LINE_MM * (position + 0.5)
            style.write(sheet, across / 2, top, line, ha="center", size=style.TEXT_PT)
    return figure
