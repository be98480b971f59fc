"""Patients and events per institution as horizontal bars, the largest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.ticker import MaxNLocator

from cohortium.report import formats
from cohortium.report.figures import style
from cohortium.report.figures.wrapping import wrapped
from cohortium.report.findings.sites import SiteCount

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LIGHT, _DARK = "#A9CCE3", "#005B8F"
_LABEL_LIMIT: dict[style.Width, float] = {"single": 30.0, "double": 60.0}
_ROW_MM = 4.4
_LINE_MM = 3.2
_AXIS_MM = 9.5
_HEAD_MM = 6.0
_COLUMN_MM = 15.0


def by_size(sites: Sequence[SiteCount], unassigned: frozenset[str] = frozenset()) -> list[SiteCount]:
    """Most patients first, the declared order between equals, patients without institution last."""
    return sorted(sites, key=lambda site: (site.label in unassigned, -site.n_patients))


def draw(sites: Sequence[SiteCount], *, events_label: str = "Events", width: style.Width = "double") -> Figure:
    """A bar per institution in the order given: patients light, events among them dark.

    sites         counts per institution
    events_label  heading of the events, e.g. `Deaths`
    width         journal column: 88 or 178 mm

    Example: `draw(by_size(sites))`
    """
    with style.drawing():
        across = style.WIDTH_MM[width]
        labels = [wrapped(site.label, _LABEL_LIMIT[width], style.SMALL_PT) for site in sites]
        left = 3.0 + max(style.text_mm(line, style.SMALL_PT) for lines in labels for line in lines)
        heights = [_ROW_MM + _LINE_MM * (len(lines) - 1) for lines in labels]
        body = sum(heights)
        figure = style.canvas(across, _AXIS_MM + body + _HEAD_MM)
        axes = style.panel(figure, left, _AXIS_MM, across - left - 2 * _COLUMN_MM - 2.0, body)
        centers = [_AXIS_MM + body - sum(heights[:i]) - heights[i] / 2 for i in range(len(sites))]
        _draw_bars(axes, sites, centers, (_AXIS_MM, _AXIS_MM + body))
        sheet = style.sheet(figure)
        _draw_labels(sheet, labels, centers, left - 1.5)
        _draw_numbers(sheet, sites, centers, events_label, _AXIS_MM + body + 2.6, across)
    return figure


def _draw_bars(axes: Axes, sites: Sequence[SiteCount], centers: Sequence[float], span: tuple[float, float]) -> None:
    axes.barh(centers, [site.n_patients for site in sites], height=2.9, color=_LIGHT, lw=0)
    axes.barh(centers, [site.n_events for site in sites], height=2.9, color=_DARK, lw=0)
    axes.set(ylim=span, yticks=centers, xlim=(0, max([1, *(site.n_patients for site in sites)]) * 1.02))
    # Ticks that are not drawn say where the rows are.
    axes.tick_params(axis="y", left=False, labelleft=False)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True, steps=[1, 2, 5, 10]))
    axes.set_xlabel("Patients", labelpad=2.0)


def _draw_labels(sheet: Axes, labels: Sequence[list[str]], centers: Sequence[float], right: float) -> None:
    for lines, center in zip(labels, centers, strict=True):
        for position, line in enumerate(lines):
            y = center + _LINE_MM * ((len(lines) - 1) / 2 - position)
            style.write(sheet, right, y, line, ha="right")


def _draw_numbers(
    sheet: Axes, sites: Sequence[SiteCount], centers: Sequence[float], events_label: str, head_y: float, across: float
) -> None:
    edges = (across - _COLUMN_MM - 1.5, across - 1.5)
    for edge, head, color in zip(edges, ("Patients", events_label), (_LIGHT, _DARK), strict=True):
        start = edge - style.text_mm(head, style.SMALL_PT, "bold")
        sheet.plot([start - 1.6], [head_y], ls="none", marker="s", ms=4.4, color=color, mew=0)
        style.write(sheet, edge, head_y, head, weight="bold", ha="right")
    for site, center in zip(sites, centers, strict=True):
        for edge, n in zip(edges, (site.n_patients, site.n_events), strict=True):
            style.write(sheet, edge, center, formats.count(n), ha="right")
