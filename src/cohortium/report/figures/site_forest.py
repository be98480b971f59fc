"""Forest plot of a meta-analysis: a square a site by its weight, a diamond for what is pooled, a prediction interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.figures import style
from cohortium.report.figures.log_axis import log_axis
from cohortium.report.figures.round_ticks import round_ticks
from cohortium.report.figures.wrapping import shortened, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LABEL_LIMIT: dict[style.Width, float] = {"single": 24.0, "double": 52.0}
_GAP: dict[style.Width, float] = {"single": 1.8, "double": 3.5}
_ROW_MM, _LINE_MM = 4.4, 3.3
_AXIS_MM, _NAME_MM, _SIDES_MM, _BELOW_MM = 9.0, 2.4, 3.6, 4.2
_HEAD_MM = 6.0
_BIGGEST_MM, _SMALLEST_MM = 3.0, 0.8
_DIAMOND_MM = 1.4
_COLOR = style.PALETTE[0].line


@dataclass(frozen=True, slots=True)
class SiteLine:
    """One line of the plot.

    kind     `site` a square, `pooled` a filled diamond, `aside` an open one, `prediction` a bar
    counts   text of the events column
    text     the estimate as printed, or why there is none
    weight   percent; None for what is not weighted
    """

    kind: str
    label: str
    counts: str = ""
    text: str = ""
    weight: float | None = None
    value: float | None = None
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, slots=True)
class _Axis:
    """From numbers to the axis: its ends, ticks, and the place of no effect."""

    least: float
    most: float
    ticks: tuple[float, ...]
    none: float
    is_log: bool

    def inside(self, value: float) -> float:
        return min(max(value, self.least), self.most)


@dataclass(frozen=True, slots=True)
class _Places:
    """Places in millimeters from the lower left corner."""

    across: float
    height: float
    top: float
    foot: float
    left: float
    right: float
    labels: tuple[tuple[str, ...], ...]
    centers: tuple[float, ...]
    columns: tuple[tuple[str, tuple[str, ...], float], ...]


def draw(
    lines: Sequence[SiteLine],
    *,
    estimate_head: str,
    x_label: str,
    is_ratio: bool = True,
    sides: tuple[str, str] = ("", ""),
    below: str = "",
    width: style.Width = "double",
) -> Figure:
    """A forest plot by site; the area of a square is its weight.

    lines          sites in order, then what is pooled of them
    estimate_head  heading of the estimates with their interval
    is_ratio       True: a logarithmic axis with 1 for no effect; False: a linear one with 0
    sides          what lies to the left and to the right of no effect
    below          a line at the foot, e.g. on heterogeneity
    width          journal column: 88 or 178 mm
    """
    with style.drawing():
        under = _BELOW_MM if below else 0.0
        places = _place(lines, estimate_head, under + (_SIDES_MM if any(sides) else 0.0), width)
        axis = _axis(lines, places.right - places.left, is_ratio=is_ratio)
        figure = style.canvas(places.across, places.height)
        axes = style.panel(
            figure, places.left, places.foot, places.right - places.left, places.top - places.foot
        )  # fmt: skip
        _draw_axis(axes, places, axis)
        _draw_estimates(axes, lines, places, axis)
        sheet = style.sheet(figure)
        _draw_text(sheet, lines, places)
        _draw_sides(sheet, sides, places, axis, under)
        if below:
            style.write(sheet, 1.0, _NAME_MM, shortened(below, places.across - 2.0, style.SMALL_PT))
        middle = (places.left + places.right) / 2
        style.write_below_axis(sheet, middle, _NAME_MM + under, shortened(x_label, places.across - 2.0), places.across)
    return figure


def _place(lines: Sequence[SiteLine], head: str, under: float, width: style.Width) -> _Places:
    across, gap = style.WIDTH_MM[width], _GAP[width]
    labels = tuple(
        tuple(wrapped(line.label, _LABEL_LIMIT[width], style.SMALL_PT, _weight(line))) for line in lines
    )  # fmt: skip
    reach = 1.0 + max(
        style.text_mm(text, style.SMALL_PT, _weight(line))
        for line, own in zip(lines, labels, strict=True)
        for text in own
    )
    reach = max(reach, 1.0 + style.text_mm("Institution", style.SMALL_PT, "bold"))
    left_columns, right_columns = [], []
    if width == "double":
        left_columns.append(("Events/n", tuple(line.counts for line in lines)))
        weights = tuple("" if line.weight is None else formats.number(line.weight, 1) for line in lines)
        right_columns.append(("Weight, %", weights))
    right_columns.append((head, tuple(line.text for line in lines)))
    columns = []
    for title, texts in left_columns:
        reach += gap + _column_mm(title, texts)
        columns.append((title, texts, reach))
    edge = across - 1.0
    for title, texts in right_columns:
        columns.append((title, texts, edge))
        edge -= _column_mm(title, texts) + gap
    foot = _AXIS_MM + under
    heights = [_ROW_MM + _LINE_MM * (len(own) - 1) for own in labels]
    # A little air before what is pooled.
    airs = [1.6 if _starts_pooled(lines, i) else 0.0 for i in range(len(lines))]
    top = foot + sum(heights) + sum(airs) + 1.0
    centers, at = [], top - 0.5
    for height, air in zip(heights, airs, strict=True):
        centers.append(at - air - height / 2)
        at -= air + height
    return _Places(
        across, top + _HEAD_MM, top, foot, reach + gap + 1.0, edge - 0.6, labels, tuple(centers), tuple(columns)
    )  # fmt: skip


def _starts_pooled(lines: Sequence[SiteLine], i: int) -> bool:
    return i > 0 and lines[i].kind != "site" and lines[i - 1].kind == "site"


def _column_mm(title: str, texts: Sequence[str]) -> float:
    return max(style.text_mm(title, style.SMALL_PT, "bold"), *(style.text_mm(text, style.SMALL_PT) for text in texts))


def _weight(line: SiteLine) -> str:
    return "bold" if line.kind == "pooled" else "normal"


def _axis(lines: Sequence[SiteLine], width: float, *, is_ratio: bool) -> _Axis:
    estimates = [line.value for line in lines if line.kind != "prediction"]
    limits = [limit for line in lines for limit in (line.lower, line.upper)]
    if is_ratio:
        scale = log_axis(estimates, limits, width)
        return _Axis(scale.least, scale.most, scale.ticks, 1.0, is_log=True)
    # A difference in percentage points lies between -100 and 100, whatever its limits say.
    known = [min(max(value, -100.0), 100.0) for value in (0.0, *estimates, *limits) if value is not None]
    ticks = tuple(float(tick) for tick in round_ticks(min(known), max(known), max(2, int(width / 12.0))))
    return _Axis(ticks[0], ticks[-1], ticks, 0.0, is_log=False)


def _draw_axis(axes: Axes, places: _Places, axis: _Axis) -> None:
    if axis.is_log:
        axes.set_xscale("log")
    axes.set(xlim=(axis.least, axis.most), ylim=(places.foot, places.top))
    axes.set_xticks(axis.ticks, [formats.number_shortest(tick).replace("-", formats.MINUS) for tick in axis.ticks])
    axes.set_xticks([], minor=True)
    # Ticks that are not drawn say where the rows are.
    axes.set_yticks(places.centers)
    axes.tick_params(axis="y", left=False, labelleft=False)
    axes.spines["left"].set_visible(False)
    axes.axvline(axis.none, color=style.GRAY, lw=0.6, zorder=0)


def _draw_estimates(axes: Axes, lines: Sequence[SiteLine], places: _Places, axis: _Axis) -> None:
    heaviest = max((line.weight or 0.0 for line in lines if line.kind == "site"), default=0.0)
    pooled = next((line for line in lines if line.kind == "pooled" and line.value is not None), None)
    if pooled is not None and pooled.value is not None and axis.inside(pooled.value) == pooled.value:
        top = max((c for line, c in zip(lines, places.centers, strict=True) if line.kind == "site"), default=places.top)
        at = next(c for line, c in zip(lines, places.centers, strict=True) if line is pooled)
        axes.plot([pooled.value] * 2, [at, top + 1.6], color=_COLOR, lw=0.6, ls=(0, (3, 2)), zorder=1)
    for line, y in zip(lines, places.centers, strict=True):
        if line.value is None:
            continue
        if line.kind == "site":
            _draw_site(axes, line, y, axis, heaviest)
        elif line.kind == "prediction":
            _draw_bar(axes, line, y, axis, color=style.INK)
        else:
            _draw_diamond(axes, line, y, axis)


def _draw_site(axes: Axes, line: SiteLine, y: float, axis: _Axis, heaviest: float) -> None:
    value = line.value or 0.0
    _draw_bar(axes, line, y, axis, color=_COLOR)
    if axis.inside(value) == value:
        # The area is the weight, hence the side goes as its root.
        side = max(_SMALLEST_MM, _BIGGEST_MM * math.sqrt((line.weight or 0.0) / heaviest)) if heaviest else _SMALLEST_MM
        axes.plot([value], [y], ls="none", marker="s", ms=side / style.POINT_MM, color=_COLOR, mew=0, zorder=3)


def _draw_bar(axes: Axes, line: SiteLine, y: float, axis: _Axis, *, color: str) -> None:
    low, high = (axis.inside(line.value or 0.0 if bound is None else bound) for bound in (line.lower, line.upper))
    axes.plot([low, high], [y, y], color=color, lw=0.9, zorder=2)
    for bound, arrow in ((line.lower, "<"), (line.upper, ">")):
        if bound is not None and axis.inside(bound) != bound:
            axes.plot([axis.inside(bound)], [y], ls="none", marker=arrow, ms=3.2, color=color, clip_on=False)
        elif bound is not None and line.kind == "prediction":
            axes.plot([bound] * 2, [y - 0.8, y + 0.8], color=color, lw=0.9, zorder=2)


def _draw_diamond(axes: Axes, line: SiteLine, y: float, axis: _Axis) -> None:
    value = axis.inside(line.value or 0.0)
    low, high = (value if bound is None else axis.inside(bound) for bound in (line.lower, line.upper))
    face = _COLOR if line.kind == "pooled" else "white"
    axes.fill(
        [low, value, high, value], [y, y + _DIAMOND_MM, y, y - _DIAMOND_MM], fc=face, ec=_COLOR, lw=0.8, zorder=3
    )  # fmt: skip


def _draw_text(sheet: Axes, lines: Sequence[SiteLine], places: _Places) -> None:
    for y, weight in ((places.height - 0.6, 0.8), (places.top + 0.4, 0.5)):
        sheet.plot([1.0, places.across - 1.0], [y, y], color=style.INK, lw=weight)
    head_y = places.top + 2.6
    style.write(sheet, 1.0, head_y, "Institution", weight="bold")
    for title, texts, edge in places.columns:
        style.write(sheet, edge, head_y, title, ha="right", weight="bold")
        for line, text, y in zip(lines, texts, places.centers, strict=True):
            is_reason = line.kind == "site" and line.value is None
            style.write(
                sheet, edge, y, text, ha="right", weight=_weight(line), color=style.GRAY if is_reason else style.INK
            )
    for line, own, center in zip(lines, places.labels, places.centers, strict=True):
        for position, text in enumerate(own):
            y = center + _LINE_MM * ((len(own) - 1) / 2 - position)
            style.write(sheet, 1.0, y, text, weight=_weight(line))


def _draw_sides(sheet: Axes, sides: tuple[str, str], places: _Places, axis: _Axis, under: float) -> None:
    """`< fewer` and `more >` on either side of no effect, between the ticks and the name of the axis."""
    if not any(sides):
        return
    place = math.log if axis.is_log else float
    low, high, none = place(axis.least), place(axis.most), place(axis.none)
    one = places.left + (places.right - places.left) * (none - low) / (high - low)
    y = _NAME_MM + under + 4.3
    style.write(sheet, one - 1.2, y, f"\N{LEFTWARDS ARROW} {sides[0]}", ha="right", color=style.GRAY)
    rightward = shortened(f"{sides[1]} \N{RIGHTWARDS ARROW}", places.across - one - 2.2, style.SMALL_PT)
    style.write(sheet, one + 1.2, y, rightward, color=style.GRAY)
