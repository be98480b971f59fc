"""Kaplan-Meier curves with numbers at risk, the way a journal prints them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.report.figures import at_risk, style
from cohortium.report.figures.end_labels import LEADER_MM, EndLabel, write_names
from cohortium.report.figures.key_block import KeyBlock, key_block
from cohortium.report.figures.steps import Box, Track, free_place, track
from cohortium.report.figures.time_axis import TimeAxis, time_axis
from cohortium.report.figures.wrapping import NAME_STRETCH, shortened, wrapped
from cohortium.report.findings.curves import Curve

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PANEL_HEIGHT: dict[style.Width, float] = {"single": 56.0, "double": 80.0}
_MOST_TICKS: dict[style.Width, int] = {"single": 6, "double": 9}
_AXIS_MM = 9.8
_MARGIN_MM = 3.0
_PERCENT_MM = 5.0
_NAME_LIMIT: dict[style.Width, float] = {"single": 21.0, "double": 26.0}
_PATIENTS = "Patients at risk, censored before and with an event before"


@dataclass(frozen=True, slots=True)
class _Layout:
    """Sizes in millimeters, and the horizontal axis."""

    across: float
    left: float
    panel_width: float
    panel_height: float
    risk_height: float
    axis: TimeAxis

    @property
    def bottom(self) -> float:
        return self.risk_height + _AXIS_MM


def draw(
    curves: Sequence[Curve],
    *,
    y_label: str = "Survival",
    x_label: str = "Months",
    by_label: str = "",
    month_days: float = 30.4375,
    unit: str = "months",
    lines: Sequence[str] = (),
    shade_until: float | None = None,
    of_all: str = "",
    accounts: bool = False,
    stop_below: int | None = None,
    direct_labels: bool = False,
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
    shade_until day up to which the area below each curve, its restricted mean, is shaded in place of the bands
    of_all      whom the curves are of where it is not everybody, e.g. `62 of 100 patients`
    accounts    True: below the curves stand patients at risk, censored and with an event, which add up to all
    stop_below  curves end where fewer are at risk
    direct_labels  True: each group is named at the end of its curve too
    width       journal column: 88 or 178 mm

    Labels too long for their place are broken into lines or end in an ellipsis.

    Example: `draw(curves, y_label="Overall survival", lines=["Log-rank test: p = 0.001"])`
    """
    with style.drawing():
        drawn = [curve.until_fewer_than(stop_below) for curve in curves] if stop_below else curves
        tracks = [track(curve) for curve in drawn]
        rows = at_risk.accounts_of(curves, width) if accounts else at_risk.rows_of(curves, width)
        names = [_name(curve, width) for curve in curves] if direct_labels else []
        layout = _layout(rows, time_axis(_last(tracks), month_days, unit, _MOST_TICKS[width]), width, names)
        block = key_block(curves, lines, month_days, unit, by_label, limit_mm=layout.across - 2.0)
        place = _place_in_panel(block, layout, tracks)
        above = 0.0 if place else block.height + 2.0
        figure = style.canvas(layout.across, layout.bottom + layout.panel_height + _MARGIN_MM + above)
        axes = style.panel(figure, layout.left, layout.bottom, layout.panel_width, layout.panel_height)
        _draw_axes(axes, layout, y_label, x_label)
        shade = 0.11 if len(curves) <= 2 else 0.07
        for curve, path in zip(drawn, tracks, strict=True):
            _draw_area(axes, curve, path, shade, shade_until)
            _draw_curve(axes, curve, path)
        sheet = style.sheet(figure)
        head = _PATIENTS if accounts else at_risk.HEAD
        at_risk.draw(
            sheet, rows, layout.axis, layout.left, layout.panel_width, layout.risk_height, of_all=of_all, head=head
        )
        _write_names(sheet, names, curves, tracks, layout)
        _draw_block(sheet, block, layout, place)
    return figure


def _layout(
    rows: Sequence[at_risk.RiskRow], axis: TimeAxis, width: style.Width, names: Sequence[tuple[str, ...]]
) -> _Layout:
    across = style.WIDTH_MM[width]
    left = max(14.0, at_risk.room(rows))
    beside = max((style.text_mm(line, style.SMALL_PT, "bold") for name in names for line in name), default=0.0)
    right = beside + LEADER_MM + 1.5 if names else 4.5
    return _Layout(across, left, across - left - right, _PANEL_HEIGHT[width], at_risk.height(rows), axis)


def _name(curve: Curve, width: style.Width) -> tuple[str, ...]:
    return tuple(wrapped(curve.label or at_risk.ALL, _NAME_LIMIT[width], style.SMALL_PT, "bold", stretch=NAME_STRETCH))


def _write_names(
    sheet: Axes, names: Sequence[tuple[str, ...]], curves: Sequence[Curve], tracks: Sequence[Track], layout: _Layout
) -> None:
    """Each group's name right of the panel, led to the end of its curve."""
    ends = [
        EndLabel(name, layout.bottom + layout.panel_height * path.y[-1] / 100.0)
        for name, path in zip(names, tracks, strict=bool(names))
    ]
    stops = [layout.left + layout.panel_width * path.x[-1] / layout.axis.limit for path in tracks]
    looks = [style.group_style(curve.color) for curve in curves]
    write_names(sheet, ends, stops, looks, layout.left + layout.panel_width, (layout.bottom, layout.panel_height))


def _last(tracks: Sequence[Track]) -> float:
    return max((path.x[-1] for path in tracks), default=1.0) or 1.0


def _place_in_panel(block: KeyBlock, layout: _Layout, tracks: Sequence[Track]) -> Box | None:
    day_mm = layout.panel_width / layout.axis.limit
    percent_mm = layout.panel_height / 100.0
    return free_place(block.width / day_mm, block.height / percent_mm, layout.axis.limit, tracks)


def _draw_axes(axes: Axes, layout: _Layout, y_label: str, x_label: str) -> None:
    axes.set(xlim=(0, layout.axis.limit), ylim=(0, 100), xticks=layout.axis.ticks, yticks=range(0, 101, 20))
    axes.set_xticklabels(layout.axis.labels)
    axes.set_xlabel(shortened(x_label, layout.panel_width), labelpad=2.0)
    axes.set_ylabel(f"{shortened(y_label, layout.panel_height - _PERCENT_MM)}, %", labelpad=3.0)


def _draw_area(axes: Axes, curve: Curve, path: Track, shade: float, shade_until: float | None) -> None:
    """The confidence band, or the area whose size is the restricted mean."""
    color = style.group_style(curve.color).line
    if shade_until is None:
        axes.fill_between(path.x, path.low, path.high, step="post", color=color, alpha=shade, lw=0)
        return
    inside = [i for i, x in enumerate(path.x) if x < shade_until]
    x, y = [path.x[i] for i in inside], [path.y[i] for i in inside]
    axes.fill_between([*x, shade_until], [*y, y[-1]], 0.0, step="post", color=color, alpha=shade, lw=0)
    axes.axvline(shade_until, color=style.GRAY, lw=0.6, ls=(0, (2.0, 2.0)), zorder=0)


def _draw_curve(axes: Axes, curve: Curve, path: Track) -> None:
    look = style.group_style(curve.color)
    dashes = (0, look.dashes) if look.dashes else "solid"
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


def _draw_block(sheet: Axes, block: KeyBlock, layout: _Layout, place: Box | None) -> None:
    if place is None:
        left = min(layout.left, layout.across - 1.0 - block.width)
        block.draw(sheet, left, layout.bottom + layout.panel_height + _MARGIN_MM + block.height)
        return
    left = layout.left + layout.panel_width * place.left / layout.axis.limit
    block.draw(sheet, left, layout.bottom + layout.panel_height * place.top / 100.0)
