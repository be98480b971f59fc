"""Calibration: the observed against the predicted risk of groups, in a square, with the line of perfect agreement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.figures import style
from cohortium.report.figures.readout import say
from cohortium.report.figures.round_ticks import round_ticks
from cohortium.report.figures.wrapping import shortened
from cohortium.report.findings.calibration import RiskGroup

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SIDE_MM: dict[style.Width, float] = {"single": 66.0, "double": 84.0}
_LEFT_MM = 13.5
_AXIS_MM = 10.0
_TOP_MM = 3.0
_GAP_MM = 5.0
_LINE_MM = 3.8
_MOST_TICKS = 6


def draw(
    groups: Sequence[RiskGroup], lines: Sequence[str], *, outcome: str = "Event", width: style.Width = "double"
) -> Figure:
    """Dots with intervals in a square whose two axes are the same, in percent.

    groups   in order of predicted risk
    lines    beside the square (below it in a single column): slope, constant, area under the curve
    outcome  as printed in the names of the axes
    width    journal column: 88 or 178 mm

    Example: `draw(groups, ["Calibration slope 0.94 (95% CI, 0.70 to 1.18)"], outcome="Response")`
    """
    with style.drawing():
        across, side = style.WIDTH_MM[width], _SIDE_MM[width]
        below = len(lines) * _LINE_MM + 2.0 if width == "single" else 0.0
        figure = style.canvas(across, _TOP_MM + side + _AXIS_MM + below)
        sheet = style.sheet(figure)
        axes = style.panel(figure, _LEFT_MM, below + _AXIS_MM, side, side)
        _draw_panel(axes, groups)
        axes.set_xlabel(shortened(f"Predicted {outcome}, %", side), labelpad=2.0)
        axes.set_ylabel(shortened(f"Observed {outcome}, %", side), labelpad=2.0)
        left = 2.0 if width == "single" else _LEFT_MM + side + _GAP_MM
        top = below - 1.0 if width == "single" else below + _AXIS_MM + side
        for position, line in enumerate(lines):
            text = shortened(line, across - left - 1.0)
            style.write(sheet, left, top - (position + 0.5) * _LINE_MM, text)
    return figure


def _said(group: RiskGroup) -> str:
    predicted, observed, lower, upper = (
        formats.number(100 * risk, 1) for risk in (group.predicted, group.observed, group.lower, group.upper)
    )
    counted = f"{formats.count(group.n_events)}/{formats.count(group.n)}"
    return f"Predicted {predicted}%, observed {counted}, {observed}% ({formats.between(lower, upper)})"


def _draw_panel(axes: Axes, groups: Sequence[RiskGroup]) -> None:
    look = style.PALETTE[0]
    highest = max(max(100 * group.upper, 100 * group.predicted) for group in groups)
    ticks = [float(tick) for tick in round_ticks(0.0, highest, _MOST_TICKS)]
    limit = min(max(ticks[-1], highest), 100.0)
    axes.plot([0, limit], [0, limit], color=style.GRAY, lw=0.8, ls=(0, (4.0, 2.0)), zorder=1)
    x = [100 * group.predicted for group in groups]
    y = [100 * group.observed for group in groups]
    for at, group in zip(x, groups, strict=True):
        (bar,) = axes.plot([at, at], [100 * group.lower, 100 * group.upper], color=look.line, lw=0.9, zorder=2)
        say(bar, _said(group))
    axes.plot(x, y, color=look.line, lw=0, marker="o", ms=4.0, zorder=3, clip_on=False)
    shown = [tick for tick in ticks if tick <= limit]
    axes.set(xlim=(0, limit), ylim=(0, limit), xticks=shown, yticks=shown)
    names = [formats.number_shortest(tick) for tick in shown]
    axes.set_xticklabels(names)
    axes.set_yticklabels(names)
