"""Standardized differences before and after weighting: a line a covariate, two points on it (a love plot)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matplotlib.ticker import MaxNLocator

from cohortium.report.figures import style
from cohortium.report.figures.wrapping import shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BEFORE, _AFTER = style.PALETTE[1].line, style.PALETTE[0].line
_ROW_MM = 4.2
_AXIS_MM, _HEAD_MM = 9.5, 6.0
_LABEL_LIMIT: dict[style.Width, float] = {"single": 34.0, "double": 60.0}
_INDENT_MM = 2.5
_LEAST_UPPER = 0.25


@dataclass(frozen=True, slots=True)
class LoveLine:
    """A row: a heading when it has no differences; `indent` for a level below one."""

    label: str
    before: float | None = None
    after: float | None = None
    indent: bool = False


def draw(
    lines: Sequence[LoveLine], *, threshold: float, what: str = "weighting", width: style.Width = "double"
) -> Figure:
    """Absolute differences: open diamonds before, filled circles after, and a line at the threshold.

    what   what lies between: `weighting` or `matching`

    Example: `draw([LoveLine("Age", 0.31, 0.02)], threshold=0.1)`
    """
    with style.drawing():
        across, body = style.WIDTH_MM[width], _ROW_MM * len(lines)
        limit = _LABEL_LIMIT[width]
        labels = [shortened(line.label, limit - _INDENT_MM * line.indent, style.SMALL_PT) for line in lines]
        edges = (
            style.text_mm(label, style.SMALL_PT) + _INDENT_MM * line.indent
            for label, line in zip(labels, lines, strict=True)
        )
        left = 4.5 + max(edges)
        figure = style.canvas(across, _AXIS_MM + body + _HEAD_MM)
        axes = style.panel(figure, left, _AXIS_MM, across - left - 4.0, body)
        _draw_points(axes, lines, threshold)
        sheet = style.sheet(figure)
        for place, (line, label) in enumerate(zip(lines, labels, strict=True)):
            y = _AXIS_MM + body - _ROW_MM * (place + 0.5)
            style.write(sheet, 1.0 + _INDENT_MM * line.indent, y, label)
        middle = (left + across - 4.0) / 2
        style.write_below_axis(sheet, middle, 2.0, "Absolute standardized mean difference", across)
        _draw_key(sheet, (left, across), _AXIS_MM + body + 2.8, what)
    return figure


def _draw_points(axes: Axes, lines: Sequence[LoveLine], threshold: float) -> None:
    n = len(lines)
    known = [abs(d) for line in lines for d in (line.before, line.after) if d is not None]
    upper = max([*(1.06 * d for d in known), _LEAST_UPPER])
    for place, line in enumerate(lines):
        y = n - place - 0.5
        if line.before is None and line.after is None:
            continue
        axes.plot([0, upper], [y, y], color="#E4E4E4", lw=0.5, zorder=0)
        ends = [abs(d) for d in (line.before, line.after) if d is not None]
        axes.plot(ends, [y] * len(ends), color=style.RULE, lw=1.0, zorder=1)
        if line.before is not None:
            axes.plot(
                [abs(line.before)], [y], ls="none", marker="D", ms=3.6, mfc="white", mec=_BEFORE, mew=0.9,
                clip_on=False, zorder=2,
            )  # fmt: skip
        if line.after is not None:
            axes.plot(
                [abs(line.after)], [y], ls="none", marker="o", ms=4.0, color=_AFTER, mew=0, clip_on=False, zorder=3
            )
    axes.axvline(threshold, color=style.GRAY, lw=0.7, ls=(0, (4, 2)), zorder=0)
    axes.set(xlim=(0, upper), ylim=(0, n), yticks=[place + 0.5 for place in range(n)])
    # Ticks that are not drawn say where the rows are.
    axes.tick_params(axis="y", left=False, labelleft=False)
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))


def _draw_key(sheet: Axes, span: tuple[float, float], y: float, what: str) -> None:
    looks: tuple[dict[str, Any], dict[str, Any]] = (
        {"marker": "D", "ms": 3.6, "mfc": "white", "mec": _BEFORE, "mew": 0.9},
        {"marker": "o", "ms": 4.0, "color": _AFTER, "mew": 0},
    )
    labels = (f"Before {what}", f"After {what}")
    wide = sum(8.0 + style.text_mm(label, style.SMALL_PT) for label in labels) - 3.8
    # In one column of a journal the key may need more than the room above the axis.
    x = max(1.0, min(span[0], span[1] - wide))
    for label, look in zip(labels, looks, strict=True):
        sheet.plot([x + 1.2], [y], ls="none", **look)
        style.write(sheet, x + 3.2, y, label)
        x += 8.0 + style.text_mm(label, style.SMALL_PT)
