"""How each log hazard ratio runs over time: smoothed scaled Schoenfeld residuals, a panel for each column of a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.figures import style
from cohortium.report.figures.round_ticks import round_ticks
from cohortium.report.figures.time_axis import time_axis
from cohortium.report.figures.wrapping import shortened, wrapped
from cohortium.report.findings.proportional import EffectCurve

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLUMNS: dict[style.Width, int] = {"single": 1, "double": 3}
_PANEL_MM, _LEAST_PANEL_MM, _PAGE_MM = 38.0, 20.0, 235.0
_LEFT_MM = 13.5
_AXIS_MM = 9.8
_LINE_MM = 3.7
_RIGHT_MM = 3.5
_TICK_MM = 7.0
_MOST_VALUES, _MOST_LINES = 5, 3


@dataclass(frozen=True, slots=True)
class EffectPanel:
    """A curve under its printed name."""

    name: str
    curve: EffectCurve


def draw(
    panels: Sequence[EffectPanel],
    *,
    x_label: str = "Months",
    month_days: float = 30.4375,
    unit: str = "months",
    width: style.Width = "double",
) -> Figure:
    """Smoothed scaled Schoenfeld residuals with bands; dashed, the estimate that holds hazards proportional.

    panels      a curve for each column of the model; each panel has a vertical axis of its own
    x_label     e.g. `Months since study entry`
    month_days  days (or whatever the curves count) in one unit of the horizontal axis
    unit        its name; `months` has ticks at 1, 3, 6, 12 ..., any other at round numbers
    width       journal column: 88 or 178 mm; one or three panels beside each other

    Example: `draw([EffectPanel("Age", curve)])`
    """
    with style.drawing():
        across = style.WIDTH_MM[width]
        columns = min(_COLUMNS[width], len(panels)) or 1
        cell = across / columns
        plot = cell - _LEFT_MM - _RIGHT_MM
        names = [_name_lines(panel.name, plot) for panel in panels]
        heads = [_head_mm(names[i : i + columns]) for i in range(0, len(names), columns)]
        tall = _panel_mm(heads)
        bottoms = list(accumulate(head + tall + _AXIS_MM + 1.0 for head in heads))
        figure = style.canvas(across, bottoms[-1] if bottoms else tall)
        sheet = style.sheet(figure)
        for position, (panel, name) in enumerate(zip(panels, names, strict=True)):
            row, column = divmod(position, columns)
            left, bottom = column * cell + _LEFT_MM, bottoms[-1] - bottoms[row] + _AXIS_MM
            axes = style.panel(figure, left, bottom, plot, tall)
            axes.patch.set_visible(False)
            _draw_panel(axes, panel.curve, month_days, unit, int(plot / _TICK_MM))
            axes.set_xlabel(shortened(x_label, plot + _RIGHT_MM), labelpad=2.0)
            if column == 0:
                axes.set_ylabel("Log hazard ratio", labelpad=2.0)
            _write_head(sheet, name, panel.curve, left, bottom + tall)
    return figure


def _panel_mm(heads: Sequence[float]) -> float:
    """Height of a panel: less where a page has no room for all rows, as long as a curve can be read."""
    room = _PAGE_MM - sum(heads) - len(heads) * (_AXIS_MM + 1.0)
    return min(_PANEL_MM, max(_LEAST_PANEL_MM, room / max(len(heads), 1)))


def _name_lines(name: str, room: float) -> list[str]:
    """The name in two lines; of a longer one the contrast at its end, which tells panels apart, has a line of its own."""
    lines = wrapped(name, room, style.TEXT_PT, "bold", most=_MOST_LINES)
    term, comma, contrast = name.rpartition(", ")
    if len(lines) <= _MOST_LINES - 1 or not comma:
        return wrapped(name, room, style.TEXT_PT, "bold", most=_MOST_LINES - 1)
    shown = wrapped(f"{term},", room, style.TEXT_PT, "bold", most=_MOST_LINES - 1)
    return [*shown, shortened(contrast, room, style.TEXT_PT, "bold")]


def _draw_panel(axes: Axes, curve: EffectCurve, month_days: float, unit: str, most: int) -> None:
    look = style.PALETTE[0]
    low = [value if bound is None else bound for bound, value in zip(curve.lower, curve.value, strict=True)]
    high = [value if bound is None else bound for bound, value in zip(curve.upper, curve.value, strict=True)]
    axes.fill_between(curve.time_days, low, high, color=look.line, alpha=0.13, lw=0)
    axes.plot(curve.time_days, curve.value, color=look.line, lw=1.3)
    axes.axhline(0.0, color=style.RULE, lw=0.5, zorder=0)
    if curve.estimate is not None:
        axes.axhline(curve.estimate, color=style.INK, lw=0.8, ls=(0, (4.0, 2.0)))
    time = time_axis(max(curve.time_days, default=1.0) or 1.0, month_days, unit, max(3, most))
    shown = [*low, *high, 0.0, *([curve.estimate] if curve.estimate is not None else [])]
    marks = round_ticks(min(shown), max(shown), _MOST_VALUES)
    axes.set(
        xlim=(0, time.limit), ylim=(float(marks[0]), float(marks[-1])), xticks=time.ticks, yticks=[*map(float, marks)]
    )
    axes.set_xticklabels(time.labels)
    axes.set_yticklabels(_numbers(marks))


def _numbers(marks: Sequence[Decimal]) -> list[str]:
    """The ticks as text, all with the decimals of the finest."""
    decimals = max(0, *(-int(mark.normalize().as_tuple().exponent) for mark in marks))
    return [formats.number(mark, decimals) if mark else "0" for mark in marks]


def _head_mm(names: Sequence[Sequence[str]]) -> float:
    return _LINE_MM * (1 + max(len(name) for name in names)) + 1.5


def _write_head(sheet: Axes, name: Sequence[str], curve: EffectCurve, left: float, bottom: float) -> None:
    y = bottom + 1.0 + _LINE_MM / 2
    style.write(
        sheet, left, y, formats.p_equation(curve.p) if curve.p is not None else f"{formats.p_letter()} not estimable"
    )
    for line in reversed(name):
        y += _LINE_MM
        style.write(sheet, left, y, line, weight="bold", size=style.TEXT_PT)
