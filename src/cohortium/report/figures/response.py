"""Rates with their intervals as dots on a percent axis, a line per outcome and group, the numbers beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.report.figures import style
from cohortium.report.figures.wrapping import shortened, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LABEL_LIMIT: dict[style.Width, float] = {"single": 24.0, "double": 56.0}
_GAP: dict[style.Width, float] = {"single": 2.0, "double": 4.0}
_LEAST_PLOT_MM = 16.0
_INDENT_MM = 2.4
_LINE_MM = 3.4
_PITCH_MM = 4.6
_SPACE_MM = 1.4
_AXIS_MM = 9.5
_NAME_MM = 2.4
_HEAD_MM = 6.0
_MARKERS = ("o", "s", "D", "^", "v", "P", "X", "h")
"""Groups differ by more than their color."""


@dataclass(frozen=True, slots=True)
class RateLine:
    """One line: a heading, or a rate.

    label     of the outcome or group
    counted   `94/193`; empty for a heading
    printed   `48.7 (41.5 to 56.0)`
    percent, lower, upper   of 0 to 100; None when not estimable
    group     place of the group among the declared levels: its color and marker
    indent    whether the line stands under a heading
    """

    label: str
    counted: str = ""
    printed: str = ""
    percent: float | None = None
    lower: float | None = None
    upper: float | None = None
    group: int = 0
    indent: bool = False

    @property
    def is_heading(self) -> bool:
        """Whether the line names an outcome whose groups follow."""
        return not self.counted


@dataclass(frozen=True, slots=True)
class _Layout:
    """Places in millimeters."""

    across: float
    height: float
    top: float
    labels: tuple[list[str], ...]
    centers: tuple[float, ...]
    counted_edge: float | None
    plot: tuple[float, float]


def draw(lines: Sequence[RateLine], *, x_label: str, interval: str = "95% CI", width: style.Width = "double") -> Figure:
    """Dots with intervals from 0 to 100 percent.

    lines     headings and rates in order
    x_label   below the axis
    interval  how the interval is named in the column heading
    width     journal column: 88 or 178 mm; where counts leave no room for the drawing they are left out

    Example: `draw([RateLine("Response", "7/10", "70 (35 to 93)", 70, 35, 93)], x_label="Patients, %")`
    """
    with style.drawing():
        head = f"% ({interval})"
        layout = _layout(lines, head, width)
        figure = style.canvas(layout.across, layout.height)
        left, right = layout.plot
        axes = style.panel(figure, left, _AXIS_MM, right - left, layout.top - _AXIS_MM)
        _draw_axes(axes, layout)
        _draw_rates(axes, lines, layout)
        sheet = style.sheet(figure)
        _draw_text(sheet, lines, layout, head)
        name = shortened(x_label, layout.across - 2.0)
        style.write_below_axis(sheet, (left + right) / 2, _NAME_MM, name, layout.across)
    return figure


def _layout(lines: Sequence[RateLine], head: str, width: style.Width) -> _Layout:
    layout = _placed(lines, head, width, with_counts=True)
    left, right = layout.plot
    return layout if right - left >= _LEAST_PLOT_MM else _placed(lines, head, width, with_counts=False)


def _placed(lines: Sequence[RateLine], head: str, width: style.Width, *, with_counts: bool) -> _Layout:
    across, gap = style.WIDTH_MM[width], _GAP[width]
    counts = _width("n/N", [line.counted for line in lines])
    beside = gap + counts if with_counts else 0.0
    # A heading has no numbers, so it may run on over their column.
    limits = [_LABEL_LIMIT[width] + (beside if line.is_heading else -_INDENT_MM * line.indent) for line in lines]
    labels = tuple(
        wrapped(line.label, limit, style.SMALL_PT, _weight(line)) for line, limit in zip(lines, limits, strict=True)
    )
    reach = [
        style.text_mm(text, style.SMALL_PT, _weight(line)) + _INDENT_MM * line.indent - beside * line.is_heading
        for line, texts in zip(lines, labels, strict=True)
        for text in texts
    ]
    edge = 1.0 + max([*reach, style.text_mm("Outcome", style.SMALL_PT, "bold")])
    counted_edge = edge + beside if with_counts else None
    plot_left = edge + beside + gap + 1.0
    plot_right = across - 1.0 - _width(head, [line.printed for line in lines]) - gap
    heights = [_height(line, texts, first=i == 0) for i, (line, texts) in enumerate(zip(lines, labels, strict=True))]
    top = _AXIS_MM + sum(heights) + 1.0
    below = [top - 0.5 - sum(heights[: i + 1]) for i in range(len(heights))]
    centers = tuple(
        low + (_PITCH_MM + _LINE_MM * (len(texts) - 1)) / 2 for low, texts in zip(below, labels, strict=True)
    )
    return _Layout(across, top + _HEAD_MM, top, labels, centers, counted_edge, (plot_left, plot_right))


def _width(head: str, texts: Sequence[str]) -> float:
    return max([style.text_mm(head, style.SMALL_PT, "bold"), *(style.text_mm(t, style.SMALL_PT) for t in texts)])


def _height(line: RateLine, texts: Sequence[str], *, first: bool) -> float:
    space = _SPACE_MM if line.is_heading and not first else 0.0
    return _PITCH_MM + _LINE_MM * (len(texts) - 1) + space


def _weight(line: RateLine) -> str:
    return "bold" if line.is_heading else "normal"


def _draw_axes(axes: Axes, layout: _Layout) -> None:
    axes.set(xlim=(0, 100), ylim=(_AXIS_MM, layout.top), yticks=layout.centers)
    # Ticks that are not drawn say where the rows are.
    axes.tick_params(axis="y", left=False, labelleft=False)
    left, right = layout.plot
    step = 20 if right - left >= 2 * _LEAST_PLOT_MM else 50
    axes.set_xticks(range(0, 101, step))
    axes.spines["left"].set_visible(False)
    for tick in range(0, 101, step):
        axes.axvline(tick, color=style.RULE, lw=0.3, zorder=0)


def _draw_rates(axes: Axes, lines: Sequence[RateLine], layout: _Layout) -> None:
    for line, y in zip(lines, layout.centers, strict=True):
        if line.percent is None:
            continue
        color = style.group_style(line.group).line
        if line.lower is not None and line.upper is not None:
            axes.plot([line.lower, line.upper], [y, y], color=color, lw=1.0, zorder=2, clip_on=False)
        marker = _MARKERS[line.group % len(_MARKERS)]
        axes.plot([line.percent], [y], ls="none", marker=marker, ms=4.2, color=color, mew=0, zorder=3, clip_on=False)


def _draw_text(sheet: Axes, lines: Sequence[RateLine], layout: _Layout, head: str) -> None:
    head_y, right = layout.top + 2.6, layout.across - 1.0
    for y, weight in ((layout.height - 0.6, 0.8), (layout.top + 0.4, 0.5)):
        sheet.plot([1.0, right], [y, y], color=style.INK, lw=weight)
    style.write(sheet, 1.0, head_y, "Outcome", weight="bold")
    style.write(sheet, right, head_y, head, ha="right", weight="bold")
    if layout.counted_edge is not None:
        style.write(sheet, layout.counted_edge, head_y, "n/N", ha="right", weight="bold")
    for line, texts, center in zip(lines, layout.labels, layout.centers, strict=True):
        for position, text in enumerate(texts):
            y = center + _LINE_MM * ((len(texts) - 1) / 2 - position)
            style.write(sheet, 1.0 + _INDENT_MM * line.indent, y, text, weight=_weight(line))
        style.write(sheet, right, center, line.printed, ha="right")
        if layout.counted_edge is not None:
            style.write(sheet, layout.counted_edge, center, line.counted, ha="right")
