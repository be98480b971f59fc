"""Panels of step curves named at their ends: cumulative incidence, cumulative hazard, predicted survival."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.figures import at_risk, style
from cohortium.report.figures.end_labels import LEADER_MM, EndLabel, write_names
from cohortium.report.figures.steps import Box, Track, is_free, line_track, ticks
from cohortium.report.figures.time_axis import TimeAxis, time_axis
from cohortium.report.figures.wrapping import NAME_STRETCH, shortened, wrapped
from cohortium.report.findings.step_lines import StepLine

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_HEIGHT: dict[style.Width, float] = {"single": 48.0, "double": 62.0}
_WIDE_HEIGHT = 76.0
_LEAST_ACROSS_MM = 44.0
_NAME_LIMIT: dict[style.Width, float] = {"single": 19.0, "double": 26.0}
_AXIS_MM = 9.8
_TITLE_MM = 5.0
_MARGIN_MM = 3.0
_NOTE_MM = 3.7
_LEFT_MM = 13.5
_BETWEEN_MM = 5.0
_MOST_Y_TICKS = 6
_MOST_NAME_LINES = 4


@dataclass(frozen=True, slots=True)
class StepPanel:
    """One panel: its title, its curves, their printed names, and lines of text such as the p-value of a test.

    points   True: values are known at some times only, and lines join them
    """

    title: str
    lines: tuple[StepLine, ...]
    names: tuple[str, ...]
    notes: tuple[str, ...] = ()
    points: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """The vertical axis that all panels share.

    label    what it measures; `, %` is added where it is percent
    factor   100 for percent, 1 for a plain number
    top      its end; None for the next round number above curves and bands
    """

    label: str
    factor: float = 100.0
    top: float | None = None


@dataclass(frozen=True, slots=True)
class _Layout:
    """Sizes in millimeters of every cell of the grid, and the axes that all cells share."""

    columns: int
    cell_width: float
    panel_left: float
    panel_width: float
    panel_height: float
    risk_height: float
    title_height: float
    note_height: float
    time: TimeAxis
    values: tuple[float, ...]
    value_labels: tuple[str, ...]
    of_all: str = ""

    @property
    def top(self) -> float:
        return self.values[-1]

    def is_last(self, position: int, n: int) -> bool:
        """Whether no panel stands below."""
        return position + self.columns >= n

    def row_height(self, row: int, n: int) -> float:
        """Height of a row of panels with all that belongs to it."""
        mine = range(row * self.columns, min((row + 1) * self.columns, n))
        risk = self.risk_height if any(self.is_last(position, n) for position in mine) else 0.0
        return self.title_height + self.note_height + self.panel_height + _AXIS_MM + risk + 1.0


def draw(
    panels: Sequence[StepPanel],
    scale: Scale,
    *,
    x_label: str = "Months",
    month_days: float = 30.4375,
    unit: str = "months",
    risk: Sequence[StepLine] = (),
    of_all: str = "",
    palette: Sequence[style.GroupStyle] = style.PALETTE,
    width: style.Width = "double",
) -> Figure:
    """Curves with bands, each named at its end; paler where fewer than ten are at risk; the vertical axis from 0.

    panels      at most two beside each other in a double column, one in a single column
    scale       the vertical axis
    x_label     e.g. `Months since study entry`
    month_days  days (or whatever the curves count) in one unit of the horizontal axis
    unit        its name; `months` has ticks at 1, 3, 6, 12 ..., any other at round numbers
    risk        curves whose numbers at risk stand below the lowest panels; none for predictions
    of_all      whom the curves are of where it is not everybody, e.g. `62 of 100 patients`
    palette     styles of the curves by their place
    width       journal column: 88 or 178 mm

    Example: `draw([StepPanel("", lines, names)], Scale("Cumulative incidence"))`
    """
    with style.drawing():
        tracks = [[line_track(line, scale.factor) for line in panel.lines] for panel in panels]
        rows = at_risk.rows_of(risk, width, palette)
        layout = replace(_layout(panels, tracks, rows, scale, month_days, unit, width), of_all=of_all)
        n_rows = -(-len(panels) // layout.columns)
        heights = [layout.row_height(row, len(panels)) for row in range(n_rows)]
        figure = style.canvas(style.WIDTH_MM[width], sum(heights) + 0.5)
        sheet = style.sheet(figure)
        for position, panel in enumerate(panels):
            row, column = divmod(position, layout.columns)
            corner = (column * layout.cell_width, sum(heights) - sum(heights[:row]))
            below = rows if layout.is_last(position, len(panels)) else ()
            cell = _Cell(figure, sheet, layout, corner)
            cell.draw(panel, tracks[position], palette, scale, x_label, below)
    return figure


def _columns(panels: Sequence[StepPanel], left: float, width: style.Width) -> tuple[int, float]:
    """Panels beside each other, and how wide each is between its labels: two where long names leave them room."""
    for columns in (2, 1) if width == "double" and len(panels) > 1 else (1,):
        narrow: style.Width = "single" if columns == 2 else width
        names = [line for panel in panels for name in panel.names for line in _name_lines(name, narrow)]
        beside = max((style.text_mm(line, style.SMALL_PT, "bold") for line in names), default=0.0)
        across = style.WIDTH_MM[width] / columns - left - beside - LEADER_MM - 2.0
        if across >= _LEAST_ACROSS_MM:
            break
    return columns, across


def _layout(
    panels: Sequence[StepPanel],
    tracks: Sequence[Sequence[Track]],
    rows: Sequence[at_risk.RiskRow],
    scale: Scale,
    month_days: float,
    unit: str,
    width: style.Width,
) -> _Layout:
    head = _TITLE_MM if any(panel.title for panel in panels) else _MARGIN_MM
    left = max(_LEFT_MM, at_risk.room(rows))
    columns, across = _columns(panels, left, width)
    cell = style.WIDTH_MM[width] / columns
    everything = [track for mine in tracks for track in mine]
    time = time_axis(
        max((t.x[-1] for t in everything), default=1.0) or 1.0, month_days, unit, max(3, int(across / 8.5))
    )
    values = _values(everything, scale)
    height = _WIDE_HEIGHT if width == "double" and len(panels) == 1 else _HEIGHT[width]
    layout = _Layout(
        columns, cell, left, across, height, at_risk.height(rows), head, 0.0, time, tuple(map(float, values)),
        tuple(map(formats.number_shortest, values)),
    )  # fmt: skip
    if all(_notes_fit(panel, mine, layout) for panel, mine in zip(panels, tracks, strict=True)):
        return layout
    return replace(layout, note_height=_NOTE_MM * max(len(_note_lines(panel, across)) for panel in panels))


def _values(tracks: Sequence[Track], scale: Scale) -> list[Decimal]:
    """Ticks of the vertical axis from 0 to a round number that no curve exceeds, nor a band of ten or more at risk."""
    firm = (high for track in tracks for x, high in zip(track.x, track.high, strict=True) if x < track.few_from)
    highest = scale.top or max((*(value for track in tracks for value in track.y), *firm), default=1.0)
    most = Decimal(repr(round(highest, 6))) or Decimal(1)
    marks = ticks(most, _MOST_Y_TICKS, in_months=False)
    return marks if marks[-1] >= most else [*marks, marks[-1] + marks[1]]


def _name_lines(name: str, width: style.Width, most: int = _MOST_NAME_LINES) -> list[str]:
    return wrapped(name, _NAME_LIMIT[width], style.SMALL_PT, "bold", most=most, stretch=NAME_STRETCH)


def _fitting_names(names: Sequence[str], width: style.Width, height: float) -> list[tuple[str, ...]]:
    """The lines of each name, fewer where all of them together would be taller than a panel."""
    for most in range(_MOST_NAME_LINES, 0, -1):
        found = [tuple(_name_lines(name, width, most)) for name in names]
        if sum(EndLabel(lines, 0.0).size for lines in found) <= height:
            break
    return found


def _note_lines(panel: StepPanel, across: float) -> list[str]:
    return [line for note in panel.notes for line in wrapped(note, across - 2.0, style.SMALL_PT)]


def _notes_fit(panel: StepPanel, tracks: Sequence[Track], layout: _Layout) -> bool:
    """Whether the notes have a free place in the upper left corner of the panel."""
    lines = _note_lines(panel, layout.panel_width)
    widest = max((style.text_mm(line, style.SMALL_PT) for line in lines), default=0.0)
    right = (widest + 3.0) / layout.panel_width * layout.time.limit
    bottom = layout.top * (1 - (_NOTE_MM * len(lines) + 1.5) / layout.panel_height)
    return not lines or is_free(Box(0.0, bottom, right, layout.top), tracks)


@dataclass(frozen=True, slots=True)
class _Cell:
    """The place of one panel on the sheet; `corner` is its upper left one."""

    figure: Figure
    sheet: Axes
    layout: _Layout
    corner: tuple[float, float]

    def draw(
        self,
        panel: StepPanel,
        tracks: Sequence[Track],
        palette: Sequence[style.GroupStyle],
        scale: Scale,
        x_label: str,
        rows: Sequence[at_risk.RiskRow],
    ) -> None:
        layout, (x, top) = self.layout, self.corner
        left = x + layout.panel_left
        bottom = top - layout.title_height - layout.note_height - layout.panel_height
        axes = style.panel(self.figure, left, bottom, layout.panel_width, layout.panel_height)
        axes.patch.set_visible(False)
        self._draw_axes(axes, scale, x_label)
        looks = [palette[line.color % len(palette)] for line in panel.lines]
        for track, look in zip(tracks, looks, strict=True):
            if panel.points:
                _draw_points(axes, track, look)
            else:
                _draw_line(axes, track, look)
        self._write_names(panel, tracks, looks, left, bottom)
        room = x + layout.cell_width - left - 1.0
        style.write(
            self.sheet, left, top - _TITLE_MM / 2 - 0.4, shortened(panel.title, room, style.TEXT_PT, "bold"),
            weight="bold", size=style.TEXT_PT,
        )  # fmt: skip
        inset, first = (1.5, 1.0) if layout.note_height == 0 else (0.0, -layout.note_height)
        for position, line in enumerate(_note_lines(panel, layout.panel_width)):
            y = bottom + layout.panel_height - first - _NOTE_MM * (position + 0.5)
            style.write(self.sheet, left + inset, y, line)
        below = bottom - _AXIS_MM
        at_risk.draw(
            self.sheet, rows, layout.time, left, layout.panel_width, below, label_at=x + 1.0, of_all=layout.of_all
        )

    def _draw_axes(self, axes: Axes, scale: Scale, x_label: str) -> None:
        layout = self.layout
        axes.set(xlim=(0, layout.time.limit), ylim=(0, layout.top), xticks=layout.time.ticks, yticks=layout.values)
        axes.set_xticklabels(layout.time.labels)
        axes.set_yticklabels(layout.value_labels)
        axes.set_xlabel(shortened(x_label, layout.panel_width + 8.0), labelpad=2.0)
        unit = ", %" if scale.factor == 100.0 else ""
        axes.set_ylabel(f"{shortened(scale.label, layout.panel_height - 5.0)}{unit}", labelpad=3.0)

    def _write_names(
        self,
        panel: StepPanel,
        tracks: Sequence[Track],
        looks: Sequence[style.GroupStyle],
        left: float,
        bottom: float,
    ) -> None:
        """Each name right of the panel at the height where its curve ends, moved apart where they would touch."""
        layout = self.layout
        narrow: style.Width = "single" if layout.cell_width < style.WIDTH_MM["double"] else "double"
        shown = _fitting_names(panel.names, narrow, layout.panel_height)
        ends = [
            EndLabel(lines, bottom + layout.panel_height * track.y[-1] / layout.top)
            for lines, track in zip(shown, tracks, strict=True)
        ]
        stops = [left + layout.panel_width * track.x[-1] / layout.time.limit for track in tracks]
        write_names(self.sheet, ends, stops, looks, left + layout.panel_width, (bottom, layout.panel_height))


def _draw_line(axes: Axes, track: Track, look: style.GroupStyle) -> None:
    dashes = (0, look.dashes) if look.dashes else "solid"
    axes.fill_between(track.x, track.low, track.high, step="post", color=look.line, alpha=0.11, lw=0)
    for few, strength in ((False, 1.0), (True, 0.45)):
        x, y = track.runs(few=few)
        axes.plot(x, y, drawstyle="steps-post", color=look.line, lw=1.3, ls=dashes, alpha=strength, clip_on=False)


def _draw_points(axes: Axes, track: Track, look: style.GroupStyle) -> None:
    dashes = (0, look.dashes) if look.dashes else "solid"
    axes.fill_between(track.x, track.low, track.high, color=look.line, alpha=0.11, lw=0)
    axes.plot(track.x, track.y, color=look.line, lw=1.1, ls=dashes, clip_on=False)
    axes.plot(track.x[1:], track.y[1:], ls="none", marker="o", ms=2.8, mew=0, color=look.line, clip_on=False)
