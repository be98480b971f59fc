"""Adverse events as bars by group: pale for any grade, full for the severe; a panel a group, a row an event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from cohortium.report.figures import style
from cohortium.report.figures.readout import say_here
from cohortium.report.figures.wrapping import wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LABEL_LIMIT: dict[style.Width, float] = {"single": 25.0, "double": 52.0}
_BETWEEN_MM: dict[style.Width, float] = {"single": 6.5, "double": 5.0}
_ROW_MM, _BAR_MM, _LINE_MM = 4.6, 3.0, 3.2
_AXIS_MM, _NAME_MM, _KEY_MM, _RIGHT_MM = 9.5, 2.4, 5.0, 4.0
_LEAST_PANEL_MM = 17.0
_PRINTED_FROM_MM = 30.0
"""Panels as wide as this have the numbers beside the bars."""
_NUMBERS_SHARE = 1.42
_LEAST_TICK_MM = 7.0
_PALE = 0.68
_ALL = "#5A5A5A"


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event: for every group percent of any grade, percent severe, both as printed, and what is said when pointed at."""

    label: str
    shares: tuple[tuple[float, float, str], ...]
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupPanel:
    """A group: its name, its number of patients as printed, its place among the declared levels (None for all)."""

    label: str
    n: str
    color: int | None

    @property
    def full(self) -> str:
        """The color of the severe, and of names."""
        return _ALL if self.color is None else style.group_style(self.color).text


@dataclass(frozen=True, slots=True)
class _Layout:
    """Places in millimeters: panels in columns and bands, middles of the rows, heights, end of the scale."""

    left: float
    wide: float
    pitch: float
    columns: int
    bands: int
    labels: tuple[list[str], ...]
    heads: tuple[list[str], ...]
    centers: tuple[float, ...]
    body: float
    upper: float

    @property
    def head(self) -> float:
        """Height of the names above the panels."""
        return 1.0 + _LINE_MM * (1 + max(map(len, self.heads)))

    @property
    def band(self) -> float:
        """Height of a row of panels."""
        return _AXIS_MM + self.body + self.head

    def corner(self, number: int) -> tuple[float, float]:
        """Left and lower edge of a panel."""
        band, column = divmod(number, self.columns)
        return self.left + column * self.pitch, _AXIS_MM + self.band * (self.bands - 1 - band)

    @property
    def is_printed(self) -> bool:
        """Whether numbers stand beside the bars."""
        return self.wide >= _PRINTED_FROM_MM

    @property
    def limit(self) -> float:
        """End of the axis: numbers beside the longest bar need room."""
        return self.upper * (_NUMBERS_SHARE if self.is_printed else 1.0)


def draw(
    rows: Sequence[EventRow], groups: Sequence[GroupPanel], *, severe: str, width: style.Width = "double"
) -> Figure:
    """Panels side by side with one scale.

    severe  how the severe grades are named in the key

    Example: `draw([EventRow("Anemia", ((60.0, 27.0, "60 / 27"),))], [GroupPanel("A", "n = 9", 0)], severe="Grade 3")`
    """
    with style.drawing():
        across = style.WIDTH_MM[width]
        layout = _layout(rows, groups, width)
        figure = style.canvas(across, layout.band * layout.bands + _KEY_MM)
        sheet = style.sheet(figure)
        for number, group in enumerate(groups):
            x, y = layout.corner(number)
            axes = style.panel(figure, x, y, layout.wide, layout.body)
            _draw_panel(axes, layout, group, [row.shares[number] for row in rows])
            for row, center in zip(rows, layout.centers, strict=True):
                if row.said:
                    say_here(axes, (0, center - _ROW_MM / 2, layout.limit, _ROW_MM), row.said[number])
            _draw_head(sheet, x, y + layout.body + layout.head, layout.heads[number], group)
            if number % layout.columns == 0:
                _draw_labels(sheet, layout, y)
        style.write_below_axis(sheet, (layout.left + across - _RIGHT_MM) / 2, _NAME_MM, "Patients, %", across)
        _draw_key(sheet, layout.band * layout.bands + _KEY_MM / 2, severe, is_printed=layout.is_printed)
    return figure


def _layout(rows: Sequence[EventRow], groups: Sequence[GroupPanel], width: style.Width) -> _Layout:
    labels = tuple(wrapped(row.label, _LABEL_LIMIT[width], style.SMALL_PT, most=2) for row in rows)
    left = 3.5 + max(style.text_mm(text, style.SMALL_PT) for texts in labels for text in texts)
    gap = _BETWEEN_MM[width]
    room = style.WIDTH_MM[width] - left - _RIGHT_MM
    columns = min(len(groups), max(1, int((room + gap) / (_LEAST_PANEL_MM + gap))))
    bands = -(-len(groups) // columns)
    columns = -(-len(groups) // bands)
    wide = (room - gap * (columns - 1)) / columns
    heads = tuple(
        wrapped(group.label, wide + min(gap, _RIGHT_MM) - 1.0, style.SMALL_PT, "bold", most=2) for group in groups
    )
    tall = [_ROW_MM + _LINE_MM * (len(texts) - 1) for texts in labels]
    centers = tuple(sum(tall[i:]) - tall[i] / 2 for i in range(len(rows)))
    highest = max(share[0] for row in rows for share in row.shares)
    upper = max(20.0, 20.0 * -(-highest // 20))
    return _Layout(left, wide, wide + gap, columns, bands, labels, heads, centers, sum(tall), upper)


def _draw_panel(axes: Axes, layout: _Layout, group: GroupPanel, shares: Sequence[tuple[float, float, str]]) -> None:
    axes.set(xlim=(0, layout.limit), ylim=(0, layout.body), yticks=[])
    percent_mm = layout.wide / layout.limit
    step = next(each for each in (10, 20, 50, 100) if each * percent_mm >= _LEAST_TICK_MM or each == 100)
    axes.set_xticks(range(0, int(layout.upper) + 1, step))
    axes.spines["bottom"].set_bounds(0, layout.upper)
    for (any_grade, severe, text), center in zip(shares, layout.centers, strict=True):
        low = center - _BAR_MM / 2
        axes.add_artist(
            Rectangle((0, low), any_grade, _BAR_MM, facecolor=_pale(group.full), edgecolor=group.full, lw=0.4)
        )
        axes.add_artist(Rectangle((0, low), severe, _BAR_MM, facecolor=group.full, lw=0))
        if layout.is_printed:
            axes.text(any_grade + 0.6 / percent_mm, center, text, va="center_baseline", size=style.SMALL_PT)


def _draw_labels(sheet: Axes, layout: _Layout, bottom: float) -> None:
    for texts, center in zip(layout.labels, layout.centers, strict=True):
        for line, text in enumerate(texts):
            style.write(sheet, 1.0, bottom + center + _LINE_MM * ((len(texts) - 1) / 2 - line), text)


def _pale(color: str) -> tuple[float, float, float]:
    red, green, blue = (part + _PALE * (1 - part) for part in to_rgb(color))
    return red, green, blue


def _draw_head(sheet: Axes, x: float, top: float, texts: Sequence[str], group: GroupPanel) -> None:
    for line, text in enumerate(texts):
        style.write(sheet, x, top - _LINE_MM * (line + 0.5), text, weight="bold", color=group.full)
    style.write(sheet, x, top - _LINE_MM * (len(texts) + 0.5), group.n)


def _draw_key(sheet: Axes, y: float, severe: str, *, is_printed: bool) -> None:
    x = 1.0
    for face, label in ((_pale(_ALL), "Any grade"), (to_rgb(_ALL), severe)):
        sheet.add_artist(Rectangle((x, y - 1.2), 3.4, 2.4, facecolor=face, edgecolor=_ALL, lw=0.4))
        style.write(sheet, x + 4.8, y, label)
        x += 9.0 + style.text_mm(label, style.SMALL_PT)
    if is_printed:
        style.write(sheet, x, y, f"Numbers: any grade / {severe[:1].lower()}{severe[1:]}, %")
