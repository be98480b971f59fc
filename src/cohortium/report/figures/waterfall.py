"""Best change of every patient as a bar, the largest increase at the left; a panel a group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.report.figures import style
from cohortium.report.figures.level_key import KeyItem, draw_key, height_of, lines_of
from cohortium.report.figures.ordered_colors import LevelStyle, filled
from cohortium.report.figures.readout import say_here
from cohortium.report.figures.wrapping import shortened, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PANEL_MM: dict[style.Width, float] = {"single": 38.0, "double": 66.0}
_LEFT_MM, _RIGHT_MM, _FOOT_MM, _HEAD_MM, _BETWEEN_MM = 13.0, 1.5, 2.0, 5.5, 4.0
_LEAST_PANEL_MM = 22.0
_LINE_MM = 3.2
_MOST_HEADING_LINES = 3
_SHORTEST_MM, _PAGE_MM = 20.0, 215.0
_WIDEST_BAR_MM = 4.0
_SEPARATE_MM = 0.4
_FLAT = 0.7
_STEP = 25


@dataclass(frozen=True, slots=True)
class ChangeBar:
    """A bar: percent change, how it is filled, whether it is cut off at its end, what it says to who points at it."""

    value: float
    look: LevelStyle
    cut: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True)
class ChangePanel:
    """A group: its heading, its place among the declared levels (None for all patients), its bars in order."""

    heading: str
    color: int | None
    bars: tuple[ChangeBar, ...]


def draw(
    panels: Sequence[ChangePanel], key: Sequence[tuple[str, LevelStyle]], *, y_label: str, width: style.Width = "double"
) -> Figure:
    """Panels with one vertical axis: side by side at two columns' width, one above another where that is too narrow.

    key      names and styles of the levels
    y_label  e.g. `Best change of M-protein, %`
    """
    with style.drawing():
        across = style.WIDTH_MM[width]
        placed = lines_of([KeyItem(name, level=look) for name, look in key], across - 2.0)
        stacked = _is_stacked(len(panels), across, width)
        places, below_key = _places(panels, across, width, stacked=stacked)
        headings = [
            _heading_lines(panel, across - place[0] if stacked else place[2] + _BETWEEN_MM, stacked=stacked)
            for panel, place in zip(panels, places, strict=True)
        ]
        below_key += _LINE_MM * (max(map(len, headings), default=1) - 1)
        figure = style.canvas(across, below_key + height_of(placed) + 1.0)
        upper = _upper(panels)
        sheet = style.sheet(figure)
        draw_key(sheet, placed, 1.0, below_key + height_of(placed) + 0.5)
        for number, (panel, place) in enumerate(zip(panels, places, strict=True)):
            axes = style.panel(figure, *place)
            _draw_panel(axes, panel, place, upper, has_scale=number == 0 or stacked)
            color = style.INK if panel.color is None else style.group_style(panel.color).text
            for line, text in enumerate(reversed(headings[number])):
                y = place[1] + place[3] + 2.6 + _LINE_MM * line
                style.write(sheet, place[0], y, text, weight="bold", color=color)
            if number == 0 or stacked:
                axes.set_ylabel(shortened(y_label, place[3]), labelpad=1.5)
    return figure


def _heading_lines(panel: ChangePanel, room: float, *, stacked: bool) -> list[str]:
    """One line above a panel of full width, else as many as the heading needs, the number of patients on the last."""
    name, _, count = panel.heading.rpartition(" (")
    if stacked or not name or style.text_mm(panel.heading, style.SMALL_PT, "bold") <= room - 1.0:
        return wrapped(panel.heading, room - 1.0, style.SMALL_PT, "bold", most=1)
    most = _MOST_HEADING_LINES - 1
    return [*wrapped(name, room - 1.0, style.SMALL_PT, "bold", most=most), f"({count}"]


def _is_stacked(n: int, across: float, width: style.Width) -> bool:
    return width == "single" or n * (_LEAST_PANEL_MM + _BETWEEN_MM) > across - _LEFT_MM


def _places(
    panels: Sequence[ChangePanel], across: float, width: style.Width, *, stacked: bool
) -> tuple[list[tuple[float, float, float, float]], float]:
    """Left, bottom, width and height of every panel, and the height of all."""
    tall, room = _PANEL_MM[width], across - _LEFT_MM - _RIGHT_MM
    if stacked:
        # As tall as a page has room for, within reason.
        tall = max(_SHORTEST_MM, min(_PANEL_MM["single"], _PAGE_MM / len(panels) - _HEAD_MM))
        each = tall + _HEAD_MM
        height = _FOOT_MM + each * len(panels)
        bottoms = [height - each * (number + 1) for number in range(len(panels))]
        return [(_LEFT_MM, bottom, room, tall) for bottom in bottoms], height
    room -= _BETWEEN_MM * (len(panels) - 1)
    wide = _shares([len(panel.bars) for panel in panels], room)
    lefts = [_LEFT_MM + sum(wide[:i]) + _BETWEEN_MM * i for i in range(len(panels))]
    places = [(left, _FOOT_MM, each, tall) for left, each in zip(lefts, wide, strict=True)]
    return places, _FOOT_MM + tall + _HEAD_MM


def _shares(counts: Sequence[int], room: float) -> list[float]:
    """Widths in proportion to the bars, none less than a heading needs; equal where that leaves no room."""
    least = min(_LEAST_PANEL_MM, room / len(counts))
    small = [count * room < least * max(sum(counts), 1) for count in counts]
    rest = room - least * sum(small)
    of = sum(count for count, is_small in zip(counts, small, strict=True) if not is_small)
    return [least if is_small else rest * count / of for count, is_small in zip(counts, small, strict=True)]


def _upper(panels: Sequence[ChangePanel]) -> float:
    highest = max((bar.value for panel in panels for bar in panel.bars), default=0.0)
    return max(_STEP, _STEP * -(-highest // _STEP))


def _draw_panel(
    axes: Axes, panel: ChangePanel, place: tuple[float, float, float, float], upper: float, *, has_scale: bool
) -> None:
    n = max(len(panel.bars), 1)
    slots = max(n, place[2] / _WIDEST_BAR_MM)
    axes.set(xlim=(0, slots), ylim=(-103, upper + 3), xticks=[])
    ticks = range(-100, int(upper) + 1, _STEP if upper <= 100 else 2 * _STEP)
    axes.set_yticks([tick for tick in ticks if tick % (2 * _STEP) == 0 or upper <= 100])
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(labelleft=has_scale)
    for tick in (-100, -50, 50, 100):
        if tick <= upper:
            axes.axhline(tick, color=style.RULE, lw=0.3, zorder=0)
    # Thin bars touch: lines between them would be too fine to print.
    share = 0.8 if place[2] / slots > _SEPARATE_MM else 1.0
    for position, bar in enumerate(panel.bars):
        _draw_bar(axes, position + 0.5, share, bar)
        if bar.said:
            say_here(axes, (position, -100, 1, upper + 100), bar.said)
    axes.axhline(0, color=style.INK, lw=0.6, zorder=3)


def _draw_bar(axes: Axes, center: float, share: float, bar: ChangeBar) -> None:
    # A bar of no height would hide a patient whose value did not change.
    height = bar.value if abs(bar.value) >= _FLAT else _FLAT
    for patch in filled((center - share / 2, 0), share, height, bar.look, zorder=2):
        axes.add_artist(patch)
    if bar.cut:
        axes.plot([center], [bar.value + 1.6], ls="none", marker="^", ms=2.2, color=style.INK, mew=0, clip_on=False)
