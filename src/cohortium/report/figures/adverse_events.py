"""Adverse events as bars by group: pale for any grade, full for the severe; a panel a group, a row an event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from cohortium.report.figures import style
from cohortium.report.figures.wrapping import wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LABEL_LIMIT: dict[style.Width, float] = {"single": 26.0, "double": 52.0}
_ROW_MM, _SPACE_MM, _LINE_MM = 4.6, 2.0, 3.2
_AXIS_MM, _NAME_MM, _HEAD_MM, _KEY_MM = 9.5, 2.4, 4.6, 5.0
_BETWEEN_MM: dict[style.Width, float] = {"single": 3.0, "double": 5.0}
_PRINTED_FROM_MM = 30.0
_PALE = 0.68
_ALL = "#5A5A5A"


@dataclass(frozen=True, slots=True)
class EventRow:
    """A row: a heading without shares, or an event with the percentages of any grade and severe of every group."""

    label: str
    shares: tuple[tuple[float, float, str], ...] = ()


@dataclass(frozen=True, slots=True)
class GroupPanel:
    """A group: its heading, its number of patients as printed, its place among the declared levels (None for all)."""

    label: str
    n: str
    color: int | None


def draw(
    rows: Sequence[EventRow], groups: Sequence[GroupPanel], *, severe: str, width: style.Width = "double"
) -> Figure:
    """Panels side by side with one scale.

    rows    headings and events in order; a share is (percent of any grade, percent severe, both as printed)
    severe  how the severe grades are named in the key
    """
    with style.drawing():
        across = style.WIDTH_MM[width]
        labels = [wrapped(row.label, _LABEL_LIMIT[width], style.SMALL_PT, _weight(row), most=2) for row in rows]
        edge = 1.0 + max(
            style.text_mm(text, style.SMALL_PT, _weight(row))
            for row, texts in zip(rows, labels, strict=True)
            for text in texts
        )
        tall = [
            _ROW_MM + _LINE_MM * (len(texts) - 1) + (_SPACE_MM if not row.shares and i else 0.0)
            for i, (row, texts) in enumerate(zip(rows, labels, strict=True))
        ]
        centers = [sum(tall[i + 1 :]) + (_ROW_MM + _LINE_MM * (len(labels[i]) - 1)) / 2 for i in range(len(rows))]
        gap, left = _BETWEEN_MM[width], edge + 2.5
        wide = (across - left - 4.0 - gap * (len(groups) - 1)) / len(groups)
        heads = [wrapped(group.label, wide + gap - 1.0, style.SMALL_PT, "bold", most=2) for group in groups]
        head = 1.0 + _LINE_MM * (1 + max(map(len, heads)))
        body = sum(tall)
        figure = style.canvas(across, _AXIS_MM + body + head + _KEY_MM)
        upper = _upper(rows)
        sheet = style.sheet(figure)
        for number, group in enumerate(groups):
            x = left + number * (wide + gap)
            axes = style.panel(figure, x, _AXIS_MM, wide, body)
            _draw_panel(axes, rows, centers, number, group, upper, printed=wide >= _PRINTED_FROM_MM)
            _draw_head(sheet, x, _AXIS_MM + body + head, heads[number], group)
        for row, texts, center in zip(rows, labels, centers, strict=True):
            for line, text in enumerate(texts):
                y = _AXIS_MM + center + _LINE_MM * ((len(texts) - 1) / 2 - line)
                style.write(sheet, 1.0, y, text, weight=_weight(row))
        style.write_below_axis(sheet, (left + across - 4.0) / 2, _NAME_MM, "Patients, %", across)
        _draw_key(sheet, _AXIS_MM + body + head + _KEY_MM / 2, severe)
    return figure


def _weight(row: EventRow) -> str:
    return "normal" if row.shares else "bold"


def _upper(rows: Sequence[EventRow]) -> float:
    """The end of the scale in steps of 20 percent."""
    highest = max((share[0] for row in rows for share in row.shares), default=0.0)
    return max(20.0, min(100.0, 20.0 * -(-highest // 20)))


def _colors(group: GroupPanel) -> tuple[tuple[float, float, float], str]:
    full = _ALL if group.color is None else style.group_style(group.color).text
    red, green, blue = (part + _PALE * (1 - part) for part in to_rgb(full))
    return (red, green, blue), full


def _draw_panel(
    axes: Axes,
    rows: Sequence[EventRow],
    centers: Sequence[float],
    number: int,
    group: GroupPanel,
    upper: float,
    *,
    printed: bool,
) -> None:
    # Numbers at the ends of the bars need room beside the longest.
    limit = upper * (1.42 if printed else 1.0)
    axes.set(xlim=(0, limit), ylim=(0, centers[0] + _ROW_MM / 2), yticks=[])
    step = (
        20
        if axes.bbox.width / axes.figure.dpi * style.MM_PER_INCH * upper / limit / (upper / 20) > 7.0
        else 50
        if upper > 50
        else 20
    )
    axes.set_xticks(range(0, int(upper) + 1, step))
    axes.spines["bottom"].set_bounds(0, upper)
    pale, full = _colors(group)
    for row, center in zip(rows, centers, strict=True):
        if not row.shares:
            continue
        any_grade, severe, text = row.shares[number]
        axes.add_patch(Rectangle((0, center - 1.5), any_grade, 3.0, facecolor=pale, edgecolor=full, lw=0.4))
        axes.add_patch(Rectangle((0, center - 1.5), severe, 3.0, facecolor=full, lw=0))
        if printed:
            axes.text(any_grade + 0.015 * limit, center, text, va="center_baseline", size=style.SMALL_PT)


def _draw_head(sheet: Axes, x: float, top: float, texts: Sequence[str], group: GroupPanel) -> None:
    color = style.INK if group.color is None else style.group_style(group.color).text
    for line, text in enumerate(texts):
        style.write(sheet, x, top - _LINE_MM * (line + 0.5), text, weight="bold", color=color)
    style.write(sheet, x, top - _LINE_MM * (len(texts) + 0.5), group.n)


def _draw_key(sheet: Axes, y: float, severe: str) -> None:
    x = 1.0
    pale = to_rgb(_ALL)
    faces = ((tuple(part + _PALE * (1 - part) for part in pale), "Any grade"), (pale, severe))
    for face, label in faces:
        sheet.add_patch(Rectangle((x, y - 1.2), 3.4, 2.4, facecolor=face, edgecolor=_ALL, lw=0.4))
        style.write(sheet, x + 4.8, y, label)
        x += 9.0 + style.text_mm(label, style.SMALL_PT)
