"""Kaplan-Meier curves with numbers at risk, the way a journal prints them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.figures import style
from cohortium.report.figures.key_block import KeyBlock, key_block
from cohortium.report.figures.steps import Box, Track, free_place, ticks, track
from cohortium.report.figures.wrapping import shortened, wrapped
from cohortium.report.findings.curves import Curve

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PANEL_HEIGHT: dict[style.Width, float] = {"single": 56.0, "double": 80.0}
_LABEL_LIMIT: dict[style.Width, float] = {"single": 20.0, "double": 34.0}
_MOST_TICKS: dict[style.Width, int] = {"single": 6, "double": 9}
_AXIS_MM = 9.8
_RISK_HEAD_MM = 4.2
_RISK_LINE_MM = 3.6
_MARGIN_MM = 3.0
_PERCENT_MM = 5.0
_LONGEST_TICK = 6


@dataclass(frozen=True, slots=True)
class _Layout:
    """Sizes in millimeters; the horizontal range and the ticks in days, with what is printed at the ticks."""

    across: float
    left: float
    panel_width: float
    panel_height: float
    risk_height: float
    last_day: float
    ticks: tuple[float, ...]
    tick_labels: tuple[str, ...]
    labels: tuple[list[str], ...]

    @property
    def bottom(self) -> float:
        return self.risk_height + _AXIS_MM

    @property
    def x_limit(self) -> float:
        return self.last_day * 1.02


def draw(
    curves: Sequence[Curve],
    *,
    y_label: str = "Survival",
    x_label: str = "Months",
    by_label: str = "",
    month_days: float = 30.4375,
    unit: str = "months",
    lines: Sequence[str] = (),
    width: style.Width = "double",
) -> Figure:
    """Curves with bands, censoring marks, medians and numbers at risk; paler where fewer than ten are at risk.

    curves      one a group, in the order of the number-at-risk rows
    y_label     what survives, e.g. `Overall survival`; `, %` is added
    x_label     e.g. `Months since study entry`
    by_label    what the groups are, e.g. `Sex`
    month_days  days (or whatever the curves count) in one unit of the horizontal axis
    unit        its name, empty for none; `months` has ticks at 1, 3, 6, 12 ..., any other at round numbers
    lines       text below the medians: hazard ratios, tests
    width       journal column: 88 or 178 mm

    Labels too long for their place are broken into lines or end in an ellipsis.

    Example: `draw(curves, y_label="Overall survival", lines=["Log-rank test: p = 0.001"])`
    """
    with style.drawing():
        tracks = [track(curve) for curve in curves]
        layout = _layout(curves, tracks, month_days, unit, width)
        block = key_block(curves, lines, month_days, unit, by_label, limit_mm=layout.across - 2.0)
        place = _place_in_panel(block, layout, tracks)
        above = 0.0 if place else block.height + 2.0
        figure = style.canvas(layout.across, layout.bottom + layout.panel_height + _MARGIN_MM + above)
        axes = style.panel(figure, layout.left, layout.bottom, layout.panel_width, layout.panel_height)
        _draw_axes(axes, layout, y_label, x_label)
        shade = 0.11 if len(curves) <= 2 else 0.07
        for curve, path in zip(curves, tracks, strict=True):
            _draw_curve(axes, curve, path, shade)
        sheet = style.sheet(figure)
        _draw_at_risk(sheet, layout, curves)
        _draw_block(sheet, block, layout, place)
    return figure


def _layout(
    curves: Sequence[Curve], tracks: Sequence[Track], month_days: float, unit: str, width: style.Width
) -> _Layout:
    across = style.WIDTH_MM[width]
    labels = tuple(
        wrapped(curve.label or "All patients", _LABEL_LIMIT[width], style.SMALL_PT, "bold") for curve in curves
    )
    widest = max(style.text_mm(line, style.SMALL_PT, "bold") for lines in labels for line in lines)
    head = style.text_mm("Number at risk", style.SMALL_PT)
    left = max(14.0, widest + 5.5, head - 4.0)
    last = max((path.x[-1] for path in tracks), default=1.0) or 1.0
    n_lines = sum(map(len, labels))
    marks = ticks(formats.in_months(last, month_days), _MOST_TICKS[width], in_months=unit == "months")
    return _Layout(
        across=across,
        left=left,
        panel_width=across - left - 4.5,
        panel_height=_PANEL_HEIGHT[width],
        risk_height=_RISK_HEAD_MM + _RISK_LINE_MM * n_lines + 1.5,
        last_day=last,
        ticks=tuple(float(mark * Decimal(repr(month_days))) for mark in marks),
        tick_labels=tuple(map(_tick_label, marks)),
        labels=labels,
    )


def _place_in_panel(block: KeyBlock, layout: _Layout, tracks: Sequence[Track]) -> Box | None:
    day_mm = layout.panel_width / layout.x_limit
    percent_mm = layout.panel_height / 100.0
    return free_place(block.width / day_mm, block.height / percent_mm, layout.x_limit, tracks)


def _draw_axes(axes: Axes, layout: _Layout, y_label: str, x_label: str) -> None:
    axes.set(xlim=(0, layout.x_limit), ylim=(0, 100), xticks=layout.ticks, yticks=range(0, 101, 20))
    axes.set_xticklabels(layout.tick_labels)
    axes.set_xlabel(shortened(x_label, layout.panel_width), labelpad=2.0)
    axes.set_ylabel(f"{shortened(y_label, layout.panel_height - _PERCENT_MM)}, %", labelpad=3.0)


def _tick_label(mark: Decimal) -> str:
    text = formats.number_shortest(mark)
    return text if len(text) <= _LONGEST_TICK else f"{mark.normalize():e}"


def _draw_curve(axes: Axes, curve: Curve, path: Track, shade: float) -> None:
    look = style.group_style(curve.color)
    dashes = (0, look.dashes) if look.dashes else "solid"
    axes.fill_between(path.x, path.low, path.high, step="post", color=look.line, alpha=shade, lw=0)
    for few, strength in ((False, 1.0), (True, 0.45)):
        x, y = path.runs(few=few)
        axes.plot(x, y, drawstyle="steps-post", color=look.line, lw=1.3, ls=dashes, alpha=strength, clip_on=False)
        marks = [i for i, n in enumerate(curve.n_censored, 1) if n and (path.x[i] >= path.few_from) == few]
        axes.plot(
            [path.x[i] for i in marks],
            [path.y[i] for i in marks],
            ls="none",
            marker="|",
            ms=4.5,
            mew=0.7,
            color=look.text,
            alpha=strength,
            clip_on=False,
        )


def _draw_at_risk(sheet: Axes, layout: _Layout, curves: Sequence[Curve]) -> None:
    y = layout.risk_height - _RISK_HEAD_MM / 2
    style.write(sheet, 1.0, y, "Number at risk", color=style.GRAY)
    y -= _RISK_HEAD_MM / 2
    for curve, label in zip(curves, layout.labels, strict=True):
        look = style.group_style(curve.color)
        for position, line in enumerate(label):
            at = y - _RISK_LINE_MM * (position + 0.5)
            style.write(sheet, 1.0, at, line, color=look.text, weight="bold")
        for tick in layout.ticks:
            x = layout.left + layout.panel_width * tick / layout.x_limit
            text = formats.count(curve.at_risk(tick))
            style.write(sheet, x, y - _RISK_LINE_MM / 2, text, ha="center")
        y -= _RISK_LINE_MM * len(label)


def _draw_block(sheet: Axes, block: KeyBlock, layout: _Layout, place: Box | None) -> None:
    if place is None:
        left = min(layout.left, layout.across - 1.0 - block.width)
        block.draw(sheet, left, layout.bottom + layout.panel_height + _MARGIN_MM + block.height)
        return
    left = layout.left + layout.panel_width * place.left / layout.x_limit
    block.draw(sheet, left, layout.bottom + layout.panel_height * place.top / 100.0)
