"""Patterns of unknown values: a row a variable, a column a combination, its patients as a bar above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.patches import Rectangle

from cohortium.report import formats
from cohortium.report.figures import style
from cohortium.report.figures.readout import say_here
from cohortium.report.figures.wrapping import wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LIGHT, _DARK = "#DCE6EF", "#005B8F"
_LABEL_LIMIT: dict[style.Width, float] = {"single": 30.0, "double": 60.0}
_ROW_MM = 4.6
_LINE_MM = 3.2
_SQUARE_MM = 3.2
_BARS_MM = 22.0
_HEAD_MM = 5.0
_FOOT_MM = 1.5
_GAP_MM = 2.0
_BESIDE_MM = 9.0
_LEAST_PITCH_MM = 4.6


@dataclass(frozen=True, slots=True)
class Pattern:
    """A combination: positions of the variables that are not known, patients that have it, what it says when pointed at."""

    unknown: frozenset[int]
    n: int
    said: str = ""


@dataclass(frozen=True, slots=True)
class _Layout:
    """Places in millimeters: right edge of the labels, column width, middles of the rows, top of the matrix."""

    edge: float
    pitch: float
    labels: tuple[list[str], ...]
    centers: tuple[float, ...]
    top: float
    across: float


def patterns_that_fit(labels: Sequence[str], patterns: Sequence[Pattern], width: style.Width) -> int:
    """How many columns there is room for."""
    room = style.WIDTH_MM[width] - _edge(labels, width) - _BESIDE_MM - 1.0
    pitch = max(_LEAST_PITCH_MM, 1.2 + max((_number_mm(pattern) for pattern in patterns), default=0.0))
    return min(len(patterns), max(1, int(room / pitch)))


def draw(
    labels: Sequence[str], unknown: Sequence[int], patterns: Sequence[Pattern], *, width: style.Width = "double"
) -> Figure:
    """A matrix of squares, dark where a variable is not known, under bars of patients.

    labels    of the variables, in order
    unknown   patients of whom each variable is not known
    patterns  most frequent first, as many as `patterns_that_fit`
    width     journal column: 88 or 178 mm

    Example: `draw(["Age"], [3], [Pattern(frozenset(), 7), Pattern(frozenset({0}), 3)])`
    """
    with style.drawing():
        layout = _layout(labels, patterns, width)
        figure = style.canvas(layout.across, layout.top + _GAP_MM + _BARS_MM + _HEAD_MM)
        sheet = style.sheet(figure)
        _draw_labels(sheet, layout, unknown)
        most = max(pattern.n for pattern in patterns)
        for column, pattern in enumerate(patterns):
            x = layout.edge + _GAP_MM + layout.pitch * (column + 0.5)
            _draw_column(sheet, layout, pattern, x)
            height = _BARS_MM * pattern.n / most
            bottom = layout.top + _GAP_MM
            sheet.add_artist(Rectangle((x - _SQUARE_MM / 2, bottom), _SQUARE_MM, height, color=_DARK, lw=0))
            style.write(sheet, x, bottom + height + 2.0, formats.count(pattern.n), ha="center")
            if pattern.said:
                column_mm = (x - layout.pitch / 2, _FOOT_MM, layout.pitch, bottom + height - _FOOT_MM)
                say_here(sheet, column_mm, pattern.said)
        style.write(sheet, layout.edge, layout.top + _GAP_MM + _BARS_MM / 2, "Patients", ha="right")
    return figure


def _layout(labels: Sequence[str], patterns: Sequence[Pattern], width: style.Width) -> _Layout:
    across = style.WIDTH_MM[width]
    lines = tuple(wrapped(label, _LABEL_LIMIT[width], style.SMALL_PT) for label in labels)
    heights = [_ROW_MM + _LINE_MM * (len(texts) - 1) for texts in lines]
    top = _FOOT_MM + sum(heights)
    centers = tuple(top - sum(heights[:i]) - heights[i] / 2 for i in range(len(labels)))
    edge = _edge(labels, width)
    least = max(_LEAST_PITCH_MM, 1.2 + max(_number_mm(pattern) for pattern in patterns))
    # A figure of few patterns is not spread over the whole column.
    pitch = min(max((across - edge - _BESIDE_MM - 1.0 - _GAP_MM) / len(patterns), least), 12.0)
    return _Layout(edge, pitch, lines, centers, top, min(across, edge + pitch * len(patterns) + _BESIDE_MM + 3.0))


def _edge(labels: Sequence[str], width: style.Width) -> float:
    lines = [line for label in labels for line in wrapped(label, _LABEL_LIMIT[width], style.SMALL_PT)]
    return 1.0 + max(style.text_mm(line, style.SMALL_PT) for line in [*lines, "Patients"])


def _number_mm(pattern: Pattern) -> float:
    return style.text_mm(formats.count(pattern.n), style.SMALL_PT)


def _draw_labels(sheet: Axes, layout: _Layout, unknown: Sequence[int]) -> None:
    right = layout.across - 1.0
    for texts, center, n in zip(layout.labels, layout.centers, unknown, strict=True):
        for position, text in enumerate(texts):
            style.write(sheet, layout.edge, center + _LINE_MM * ((len(texts) - 1) / 2 - position), text, ha="right")
        style.write(sheet, right, center, formats.count(n), ha="right")
    style.write(sheet, right, layout.top + _GAP_MM, "n", ha="right", weight="bold")


def _draw_column(sheet: Axes, layout: _Layout, pattern: Pattern, x: float) -> None:
    for row, center in enumerate(layout.centers):
        color = _DARK if row in pattern.unknown else _LIGHT
        corner = (x - _SQUARE_MM / 2, center - _SQUARE_MM / 2)
        sheet.add_artist(Rectangle(corner, _SQUARE_MM, _SQUARE_MM, color=color, lw=0))
