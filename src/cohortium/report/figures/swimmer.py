"""The course of every patient as a bar from the origin, the longest at the top; a panel a group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.report.figures import style
from cohortium.report.figures.level_key import LINE_MM, KeyItem, Marker, draw_key, height_of, lines_of
from cohortium.report.figures.ordered_colors import LevelStyle, filled
from cohortium.report.figures.readout import say_here
from cohortium.report.figures.time_axis import TimeAxis, time_axis
from cohortium.report.figures.wrapping import shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_TALLEST_MM = 205.0
_PITCH_MM = (1.15, 3.2)
_HEAD_MM, _AXIS_MM, _NAME_MM, _LEFT_MM, _RIGHT_MM = 5.0, 9.5, 2.4, 3.0, 6.0
_SHARE, _SPARE_MM = 0.74, 0.8
_KEY_MM = 4 * LINE_MM
"""Levels and signs in two lines each."""

FIRST = Marker("^", "#FFFFFF", style.INK, 0.95)
ARROW = Marker(">", style.INK, style.INK, 0.8)
ENDS = (
    Marker("X", style.INK, "#FFFFFF", 1.1),
    Marker("o", style.INK, style.INK, 0.85),
    Marker("s", "#FFFFFF", style.INK, 0.8),
    Marker("D", style.INK, style.INK, 0.7),
    Marker("P", style.INK, "#FFFFFF", 1.1),
    Marker("v", style.INK, style.INK, 0.9),
)
"""Ends of courses in declared order: they differ in form and in fill."""


@dataclass(frozen=True, slots=True)
class CourseBar:
    """A bar: days, how it is filled, day of the first response, the end as a place in `ENDS` (None: it goes on).

    said   what it says to a reader who points at it
    """

    days: float
    look: LevelStyle
    first: float | None = None
    end: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class CoursePanel:
    """A group: its heading, its place among the declared levels (None for all patients), its bars in order."""

    heading: str
    color: int | None
    bars: tuple[CourseBar, ...]


def draw(
    panels: Sequence[CoursePanel],
    levels: Sequence[tuple[str, LevelStyle]],
    signs: Sequence[tuple[str, Marker]],
    *,
    last_day: float,
    month_days: float = 30.4375,
    x_label: str = "Months",
    width: style.Width = "double",
) -> Figure:
    """Bars against months, panels one above another.

    levels    names and styles of the responses
    signs     names of the markers
    last_day  end of the axis
    """
    with style.drawing():
        across = style.WIDTH_MM[width]
        key = lines_of([KeyItem(name, level=look) for name, look in levels], across - 2.0)
        marks = lines_of([KeyItem(name, marker=sign) for name, sign in signs], across - 2.0)
        pitch = _pitch(panels, height_of(key) + height_of(marks))
        tall = [pitch * len(panel.bars) + _SPARE_MM for panel in panels]
        below_key = _AXIS_MM + sum(tall) + _HEAD_MM * len(panels)
        figure = style.canvas(across, below_key + height_of(key) + height_of(marks) + 1.5)
        sheet = style.sheet(figure)
        draw_key(sheet, key, 1.0, below_key + height_of(key) + height_of(marks) + 1.0)
        draw_key(sheet, marks, 1.0, below_key + height_of(marks) + 1.0)
        time = time_axis(last_day, month_days, "months", 9 if width == "double" else 6)
        wide = across - _LEFT_MM - _RIGHT_MM
        top = below_key
        for number, (panel, height) in enumerate(zip(panels, tall, strict=True)):
            bottom = top - _HEAD_MM - height
            axes = style.panel(figure, _LEFT_MM, bottom, wide, height)
            _draw_panel(axes, panel, time, pitch, is_last=number == len(panels) - 1)
            color = style.INK if panel.color is None else style.group_style(panel.color).text
            heading = shortened(panel.heading, across - _LEFT_MM - 1.0, style.SMALL_PT, "bold")
            style.write(sheet, _LEFT_MM, top - _HEAD_MM + 2.0, heading, weight="bold", color=color)
            top = bottom
        style.write_below_axis(sheet, _LEFT_MM + wide / 2, _NAME_MM, shortened(x_label, across - 2.0), across)
    return figure


def room(n_panels: int) -> int:
    """Bars that a page has room for in all panels together."""
    return int((_TALLEST_MM - _AXIS_MM - _KEY_MM - (_HEAD_MM + _SPARE_MM) * n_panels) / _PITCH_MM[0])


def _pitch(panels: Sequence[CoursePanel], key_mm: float) -> float:
    """Height of a bar with the space around it: as much as a page has room for."""
    n = max(sum(len(panel.bars) for panel in panels), 1)
    room = _TALLEST_MM - _AXIS_MM - key_mm - (_HEAD_MM + _SPARE_MM) * len(panels)
    return min(max(room / n, _PITCH_MM[0]), _PITCH_MM[1])


def _draw_panel(axes: Axes, panel: CoursePanel, time: TimeAxis, pitch: float, *, is_last: bool) -> None:
    n = len(panel.bars)
    axes.set(xlim=(0, time.limit), ylim=(n + 0.4 / pitch, -0.4 / pitch), yticks=[])
    axes.set_xticks(time.ticks, time.labels if is_last else [""] * len(time.ticks))
    axes.tick_params(bottom=is_last)
    axes.spines["bottom"].set_visible(is_last)
    for tick in time.ticks:
        axes.axvline(tick, color=style.RULE, lw=0.3, zorder=0)
    size = min(4.2, 0.92 * pitch / style.POINT_MM)
    for position, bar in enumerate(panel.bars):
        for patch in filled((0, position + (1 - _SHARE) / 2), bar.days, _SHARE, bar.look, zorder=2):
            axes.add_artist(patch)
        if bar.said:
            say_here(axes, (0, position, time.limit, 1), bar.said)
    _draw_marks(axes, panel.bars, 0.013 * time.limit, size)


def _draw_marks(axes: Axes, bars: Sequence[CourseBar], reach: float, size: float) -> None:
    """First responses and ends; a sign is drawn in all its places at once, for a line for each takes long."""
    marks: dict[Marker, list[tuple[float, float]]] = defaultdict(list)
    for position, bar in enumerate(bars):
        y = position + 0.5
        if bar.first is not None:
            marks[FIRST].append((bar.first, y))
        if bar.end is None:
            # A short line leaves the bar, with a head: the patient was still followed.
            axes.plot([bar.days, bar.days + reach], [y, y], color=style.INK, lw=0.7, clip_on=False, zorder=3)
            marks[ARROW].append((bar.days + reach, y))
        else:
            marks[ENDS[bar.end % len(ENDS)]].append((bar.days, y))
    for sign, places in marks.items():
        _mark(axes, places, sign, size)


def _mark(axes: Axes, places: Sequence[tuple[float, float]], sign: Marker, size: float) -> None:
    axes.plot(
        *zip(*places, strict=True), ls="none", marker=sign.shape, ms=size * sign.scale, mfc=sign.face, mec=sign.edge, mew=0.45,
        clip_on=False, zorder=4,
    )  # fmt: skip
