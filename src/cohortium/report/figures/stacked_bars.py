"""Levels of a category as bars of 100 percent, one a group, the first level at the bottom; rates below them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.report.figures import style
from cohortium.report.figures.level_key import KeyItem, draw_item
from cohortium.report.figures.ordered_colors import LevelStyle, filled
from cohortium.report.figures.readout import say
from cohortium.report.figures.wrapping import shortened, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BARS_MM: dict[style.Width, float] = {"single": 62.0, "double": 72.0}
_NAME_LIMIT: dict[style.Width, float] = {"single": 27.0, "double": 44.0}
_WIDEST_MM = 30.0
_SHARE: dict[style.Width, float] = {"single": 0.8, "double": 0.7}
_HEAD_MM, _LINE_MM, _ROW_MM, _FOOT_MM = 5.5, 3.4, 4.2, 1.6
_TICKS_MM = 8.0
_KEY_LEAD_MM, _KEY_ROW_MM, _KEY_LINE_MM = 5.0, 4.8, 3.0
_LEAST_PITCH_MM = 7.0
"""Where bars are closer, there is no room for numbers."""
_LONGEST_UPRIGHT_MM = 44.0
LEAST_PRINTED = 5.0
"""Percent: a narrower part has no number in it."""


@dataclass(frozen=True, slots=True)
class StackedBar:
    """One bar.

    label   of the group
    n       patients as printed above, `109`
    shares  percent of every level in order, summing to 100; empty without patients
    texts   the percentages as printed
    said    what each level says to a reader who points at it
    below   rates as printed under the bar, in the order of their names
    color   place of the group among the declared levels; None for all patients
    """

    label: str
    n: str
    shares: tuple[float, ...]
    texts: tuple[str, ...]
    below: tuple[str, ...] = ()
    color: int | None = None
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Layout:
    """Places in millimeters: the panel, the distance of the bars, the left edge of the key, names of groups and rates."""

    across: float
    height: float
    left: float
    bottom: float
    pitch: float
    key: float
    groups: tuple[list[str], ...]
    names: tuple[str, ...]

    is_upright: bool
    has_numbers: bool


def widest_rate(bars: int, width: style.Width, levels: Sequence[str], names: Sequence[str]) -> float:
    """Millimeters that a rate below a bar may take."""
    return _pitch(bars, width, levels, names) - 1.2


def has_numbers(bars: int, width: style.Width, levels: Sequence[str], names: Sequence[str]) -> bool:
    """Whether bars are far enough apart for percentages in them and rates below."""
    return _pitch(bars, width, levels, names) >= _LEAST_PITCH_MM


def draw(
    bars: Sequence[StackedBar],
    levels: Sequence[tuple[str, LevelStyle]],
    *,
    y_label: str,
    names: Sequence[str] = (),
    width: style.Width = "double",
) -> Figure:
    """Bars of 100 percent with the percentages of 5 or more printed inside.

    levels   names and styles, the lowest first
    y_label  beside the axis, e.g. `All treated patients, %`
    names    of the rates below the bars

    Example: `draw([StackedBar("A", "n = 4", (75.0, 25.0), ("75", "25"))], levels, y_label="Patients, %")`
    """
    with style.drawing():
        layout = _layout(bars, [name for name, _ in levels], names, width)
        figure = style.canvas(layout.across, layout.height)
        tall = _BARS_MM[width]
        axes = style.panel(figure, layout.left, layout.bottom, layout.pitch * len(bars), tall)
        axes.set(xlim=(0, len(bars)), ylim=(0, 100), xticks=[], yticks=range(0, 101, 20))
        axes.spines["bottom"].set_visible(False)
        axes.set_ylabel(shortened(y_label, tall), labelpad=2.0)
        sheet = style.sheet(figure)
        for place, bar in enumerate(bars):
            looks = [look for _, look in levels]
            _draw_bar(axes, place + 0.5, _SHARE[width], bar, looks, numbers=layout.has_numbers)
            _draw_words(sheet, layout, place, bar)
        if layout.has_numbers:
            _draw_sizes(sheet, layout, bars, layout.bottom + tall + 2.6)
        for row, name in enumerate(layout.names):
            style.write(sheet, 1.0, _rate_y(layout, row), name)
        _draw_key(sheet, layout, levels, layout.bottom + tall / 2, width)
    return figure


def _layout(bars: Sequence[StackedBar], levels: Sequence[str], names: Sequence[str], width: style.Width) -> _Layout:
    numbers = has_numbers(len(bars), width, levels, names)
    names = names if numbers else ()
    pitch, left = _pitch(len(bars), width, levels, names), _left(width, names)
    groups, is_upright = _group_names(bars, pitch, numbers=numbers)
    tall = _LINE_MM * max(map(len, groups))
    if is_upright:
        tall = 1.2 + max(style.text_mm(name, style.SMALL_PT, "bold") for (name,) in groups)
    bottom = _FOOT_MM + 1.0 + tall + (1.2 + _ROW_MM * len(names) if names else 0.0)
    height = bottom + _BARS_MM[width] + _HEAD_MM
    key = left + pitch * len(bars) + 2.0
    cut = tuple(shortened(name, _NAME_LIMIT[width], style.SMALL_PT) for name in names)
    return _Layout(style.WIDTH_MM[width], height, left, bottom, pitch, key, groups, cut, is_upright, numbers)


def _group_names(bars: Sequence[StackedBar], pitch: float, *, numbers: bool) -> tuple[tuple[list[str], ...], bool]:
    """Names of the groups in lines, and whether they stand upright because a word is wider than its place."""
    words = [word for bar in bars for word in bar.label.split()]
    if max(style.text_mm(word, style.SMALL_PT, "bold") for word in words) <= pitch - 0.6:
        return tuple(wrapped(bar.label, pitch - 0.6, style.SMALL_PT, "bold") for bar in bars), False
    # Without numbers above the bars the names hold them.
    sizes = ["" if numbers else f" (n = {bar.n})" for bar in bars]
    room = [_LONGEST_UPRIGHT_MM - style.text_mm(size, style.SMALL_PT, "bold") for size in sizes]
    cut = [shortened(bar.label, mm, style.SMALL_PT, "bold") for bar, mm in zip(bars, room, strict=True)]
    return tuple([f"{name}{size}"] for name, size in zip(cut, sizes, strict=True)), True


def _left(width: style.Width, names: Sequence[str]) -> float:
    wide = [min(style.text_mm(name, style.SMALL_PT), _NAME_LIMIT[width]) for name in names]
    return max([_TICKS_MM + 4.0, *(2.2 + each for each in wide)])


def _pitch(n: int, width: style.Width, levels: Sequence[str], names: Sequence[str]) -> float:
    key = (
        2.0
        + _KEY_LEAD_MM
        + max(style.text_mm(line, style.SMALL_PT) for name in levels for line in _key_lines(name, width))
    )
    room = style.WIDTH_MM[width] - _left(width, names) - key - 1.0
    return min(room / max(n, 1), _WIDEST_MM)


def _key_lines(name: str, width: style.Width) -> list[str]:
    return wrapped(name, 18.0 if width == "single" else 46.0, style.SMALL_PT)


def _draw_bar(
    axes: Axes, center: float, wide: float, bar: StackedBar, looks: Sequence[LevelStyle], *, numbers: bool
) -> None:
    low = 0.0
    for place, (share, text, look) in enumerate(zip(bar.shares, bar.texts, looks, strict=False)):
        if share:
            patches = filled((center - wide / 2, low), wide, share, look, lw=0.5, clip_on=False)
            for patch in patches:
                axes.add_artist(patch)
            if bar.said:
                say(patches[0], bar.said[place])
        if numbers and share >= LEAST_PRINTED:
            # Lines across a part would run through its number.
            box = {"facecolor": look.fill, "edgecolor": "none", "pad": 0.8} if look.hatch else None
            axes.text(
                center, low + share / 2, text, ha="center", va="center_baseline", size=style.SMALL_PT, color=look.ink,
                bbox=box,
            )  # fmt: skip
        low += share


def _draw_sizes(sheet: Axes, layout: _Layout, bars: Sequence[StackedBar], y: float) -> None:
    """Patients above the bars: `n = 109`, or numbers alone after one `n` where bars are close."""
    is_wide = max(style.text_mm(f"n = {bar.n}", style.SMALL_PT) for bar in bars) < layout.pitch - 1.0
    if not is_wide:
        style.write(sheet, layout.left - 1.8, y, "n", ha="right")
    for place, bar in enumerate(bars):
        x = layout.left + layout.pitch * (place + 0.5)
        style.write(sheet, x, y, f"n = {bar.n}" if is_wide else bar.n, ha="center")


def _draw_words(sheet: Axes, layout: _Layout, place: int, bar: StackedBar) -> None:
    x = layout.left + layout.pitch * (place + 0.5)
    color = style.INK if bar.color is None else style.group_style(bar.color).text
    if layout.is_upright:
        sheet.text(
            x, layout.bottom - 1.2, layout.groups[place][0], ha="center", va="top", rotation=90, size=style.SMALL_PT,
            weight="bold", color=color,
        )  # fmt: skip
    for line, text in enumerate(() if layout.is_upright else layout.groups[place]):
        y = layout.bottom - 1.0 - _LINE_MM * (line + 0.5)
        style.write(sheet, x, y, text, ha="center", weight="bold", color=color)
    for row, text in enumerate(bar.below[: len(layout.names)]):
        style.write(sheet, x, _rate_y(layout, row), text, ha="center")


def _rate_y(layout: _Layout, row: int) -> float:
    return _FOOT_MM + _ROW_MM * (len(layout.names) - row - 0.5)


def _draw_key(
    sheet: Axes, layout: _Layout, levels: Sequence[tuple[str, LevelStyle]], middle: float, width: style.Width
) -> None:
    """Names beside the bars, in the order of the parts from the top."""
    named = [(_key_lines(name, width), look) for name, look in reversed(levels)]
    tall = [_KEY_ROW_MM + _KEY_LINE_MM * (len(lines) - 1) for lines, _ in named]
    top = middle + sum(tall) / 2
    for (lines, look), height in zip(named, tall, strict=True):
        y = top - height / 2
        draw_item(sheet, KeyItem(lines[0], level=look), layout.key, y)
        for number, line in enumerate(lines):
            at = y + _KEY_LINE_MM * ((len(lines) - 1) / 2 - number)
            style.write(sheet, layout.key + _KEY_LEAD_MM, at, line)
        top -= height
