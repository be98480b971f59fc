"""Patients by propensity score, the treatment upward and the control downward."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.ticker import FuncFormatter, MaxNLocator

from cohortium.report import formats
from cohortium.report.figures import style
from cohortium.report.figures.readout import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PANEL_MM = 56.0
_LEFT_MM, _RIGHT_MM, _AXIS_MM, _TOP_MM = 14.0, 4.0, 9.5, 3.0


def draw(
    control: Sequence[int],
    treated: Sequence[int],
    *,
    labels: tuple[str, str],
    colors: tuple[int, int] = (0, 1),
    trim: float = 0.0,
    width: style.Width = "double",
) -> Figure:
    """A mirrored histogram of counts in bins of equal width from 0 to 1.

    control, treated   patients in each bin
    labels             of control and treatment
    colors             places of the groups in the palette
    trim               scores below this and above one minus this have no weight; 0 for none
    width              journal column: 88 or 178 mm

    Example: `draw([3, 2, 0, 0], [0, 1, 4, 1], labels=("Old", "New"))`
    """
    with style.drawing():
        across = style.WIDTH_MM[width]
        figure = style.canvas(across, _AXIS_MM + _PANEL_MM + _TOP_MM)
        axes = style.panel(figure, _LEFT_MM, _AXIS_MM, across - _LEFT_MM - _RIGHT_MM, _PANEL_MM)
        step = 1.0 / len(control)
        middles = [step * (place + 0.5) for place in range(len(control))]
        for counts, sign, at, label in ((treated, 1, colors[1], labels[1]), (control, -1, colors[0], labels[0])):
            heights = [sign * count for count in counts]
            bars = axes.bar(middles, heights, width=0.92 * step, color=style.group_style(at).line, lw=0)
            for place, count in enumerate(counts):
                if count:
                    scores = " to ".join(formats.number(step * (place + end), 2) for end in (0, 1))
                    say(bars[place], f"{label}: score {scores}, {formats.plural(count, 'patient')}")
        _finish(axes, max(treated, default=0), max(control, default=0), trim)
        for label, sign, at in ((labels[1], 1, colors[1]), (labels[0], -1, colors[0])):
            axes.annotate(
                label, (0.99, 0.96 if sign > 0 else 0.04), xycoords="axes fraction", ha="right",
                va="top" if sign > 0 else "bottom", size=style.TEXT_PT, weight="bold",
                color=style.group_style(at).text, bbox={"fc": "white", "ec": "none", "pad": 1.0, "alpha": 0.85},
            )  # fmt: skip
    return figure


def _finish(axes: Axes, above: int, below: int, trim: float) -> None:
    axes.axhline(0, color=style.INK, lw=0.6)
    if trim > 0:
        for bound in (trim, 1.0 - trim):
            axes.axvline(bound, color=style.GRAY, lw=0.7, ls=(0, (4, 2)))
    # Room for the names of the groups.
    axes.set(xlim=(0, 1), ylim=(-1.18 * max(below, 1), 1.18 * max(above, 1)))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=10, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=7, integer=True, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _place: formats.count(abs(value))))
    axes.spines["bottom"].set_visible(True)
    axes.set_xlabel("Propensity score", labelpad=2.0)
    axes.set_ylabel("Patients", labelpad=2.0)
