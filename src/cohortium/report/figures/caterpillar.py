"""Outcomes of sites twice: in order with exact limits (caterpillar), and against their size with control limits (funnel)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.ticker import MaxNLocator

from cohortium.report import formats
from cohortium.report.figures import style
from cohortium.report.figures.end_labels import EndLabel, spread
from cohortium.report.figures.wrapping import shortened
from cohortium.report.findings.between_sites import CONTROL_LEVELS, SiteRate, SiteRates

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_INNER, _OUTER = style.PALETTE[0].line, style.GRAY
_BEYOND = style.PALETTE[1].line
_ROW_MM = 4.2
_LABEL_LIMIT: dict[style.Width, float] = {"single": 26.0, "double": 34.0}
_AXIS_MM, _TITLE_MM = 9.5, 5.0
_FUNNEL_MM = 52.0
_MOST_NAMED = 6


def ordered(found: SiteRates) -> list[SiteRate]:
    """Sites by their value, the lowest first; those without one last."""
    return sorted(found.sites, key=lambda site: (site.rate.value is None, site.rate.value or 0.0))


def draw(found: SiteRates, *, y_label: str, size_label: str, width: style.Width = "double") -> Figure:
    """Two panels, side by side at two columns' width, else one above the other.

    found       rates with limits
    y_label     what is drawn, e.g. `Response, %`
    size_label  the size of a site, e.g. `Patients`
    """
    with style.drawing():
        sites = ordered(found)
        across = style.WIDTH_MM[width]
        body = max(_ROW_MM * len(sites), 20.0)
        labels = [shortened(site.label, _LABEL_LIMIT[width], style.SMALL_PT, "bold") for site in sites]
        left = 3.5 + max(style.text_mm(label, style.SMALL_PT, "bold") for label in labels)
        head = "Events/n" if found.is_percent else "Events/years"
        counts = [f"{formats.count(site.n_events)}/{_size(site, found)}" for site in sites]
        column = max(style.text_mm(text, style.SMALL_PT, "bold") for text in [*counts, head]) + 2.0
        if width == "double":
            height = _AXIS_MM + max(body, _FUNNEL_MM) + _TITLE_MM
            half = across * 0.52
            first = (left, height - _TITLE_MM - body, half - left - column - 2.0, body)
            second = (half + 13.0, _AXIS_MM, across - half - 13.0 - 17.0, height - _AXIS_MM - _TITLE_MM)
        else:
            height = 2 * (_AXIS_MM + _TITLE_MM) + body + _FUNNEL_MM
            first = (left, height - _TITLE_MM - body, across - left - column - 2.0, body)
            second = (12.0, _AXIS_MM, across - 12.0 - 17.0, _FUNNEL_MM)
        figure = style.canvas(across, height)
        upper = _upper(found)
        _draw_rows(style.panel(figure, *first), sites, found, upper, y_label)
        _draw_funnel(style.panel(figure, *second), found, upper, (y_label, size_label), second)
        sheet = style.sheet(figure)
        _draw_labels(sheet, sites, labels, (head, counts), first, column)
        for letter, (x, y, _, tall) in (("A", first), ("B", second)):
            style.write(sheet, 1.0 if letter == "A" else x - 11.0, y + tall + 2.6, letter, weight="bold", size=8.5)
    return figure


def _size(site: SiteRate, found: SiteRates) -> str:
    return formats.count(site.n) if found.is_percent else formats.number(site.size, 0)


def _upper(found: SiteRates) -> float:
    """The end of the scale: 100 percent at most; a rate as far as its limits, within reason."""
    highest = max([0.0, *(site.rate.value or 0.0 for site in (*found.sites, found.overall))])
    limits = [site.rate.upper or 0.0 for site in found.sites]
    if found.is_percent:
        return min(100.0, 1.05 * max([highest, *limits, 1.0]))
    return min(1.05 * max([highest, *limits]), 3.0 * highest) or 1.0


def _color(site: SiteRate) -> str:
    return _INNER if site.outside is None else _BEYOND


def _marker(site: SiteRate) -> str:
    return "o" if site.outside is None else "D"


def _draw_rows(axes: Axes, sites: Sequence[SiteRate], found: SiteRates, upper: float, label: str) -> None:
    for place, site in enumerate(sites):
        y, rate = len(sites) - place - 0.5, site.rate
        if rate.value is None:
            continue
        ends = (rate.lower or 0.0, min(upper, rate.value if rate.upper is None else rate.upper))
        axes.plot(ends, [y, y], color=_color(site), lw=0.9)
        if rate.upper is not None and rate.upper > upper:
            axes.plot([upper], [y], ls="none", marker=">", ms=3.0, color=_color(site), clip_on=False)
        axes.plot([rate.value], [y], ls="none", marker=_marker(site), ms=3.4, color=_color(site), mew=0, clip_on=False)
    if found.overall.rate.value is not None:
        axes.axvline(found.overall.rate.value, color=style.GRAY, lw=0.7, zorder=0)
    axes.set(xlim=(0, upper), ylim=(0, len(sites)), yticks=[n + 0.5 for n in range(len(sites))])
    # Ticks that are not drawn say where the rows are.
    axes.tick_params(axis="y", left=False, labelleft=False)
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 5, 10]))
    axes.set_xlabel(label, labelpad=2.0)


def _draw_labels(
    sheet: Axes,
    sites: Sequence[SiteRate],
    labels: Sequence[str],
    counted: tuple[str, Sequence[str]],
    box: tuple[float, float, float, float],
    column: float,
) -> None:
    left, bottom, wide, tall = box
    head, counts = counted
    step = tall / len(sites)
    edge = left + wide + column
    for place, (site, label, text) in enumerate(zip(sites, labels, counts, strict=True)):
        y = bottom + tall - step * (place + 0.5)
        weight = "normal" if site.outside is None else "bold"
        style.write(sheet, left - 1.5, y, label, ha="right", weight=weight)
        style.write(sheet, edge, y, text, ha="right")
    style.write(sheet, edge, bottom + tall + 2.6, head, ha="right", weight="bold")


def _draw_funnel(
    axes: Axes, found: SiteRates, upper: float, labels: tuple[str, str], box: tuple[float, float, float, float]
) -> None:
    sizes = [size for size, _, _ in found.funnel]
    names: list[tuple[str, float]] = []
    most = max(sizes, default=1.0)
    looks = ((1, _INNER, (5, 2)), (2, _OUTER, (1.5, 1.5)))
    for (position, color, dashes), level in zip(looks, CONTROL_LEVELS, strict=True):
        name = f"{formats.number_shortest(level)}%"
        for side in ("lower", "upper"):
            values = [getattr(point[position], side) for point in found.funnel]
            axes.plot(sizes, values, color=color, lw=0.9, ls=(0, dashes))
            if values:
                names.append((name, min(float(values[-1]), upper)))
    if found.overall.rate.value is not None:
        axes.axhline(found.overall.rate.value, color=style.GRAY, lw=0.7, zorder=0)
        names.append(("All", found.overall.rate.value))
    for site in found.sites:
        if site.rate.value is not None:
            axes.plot(
                [site.size], [site.rate.value], ls="none", marker=_marker(site), ms=3.4, color=_color(site), mew=0,
                clip_on=False, zorder=3,
            )  # fmt: skip
    axes.set(xlim=(0, most), ylim=(0, upper))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5, integer=True, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 5, 10]))
    axes.set_ylabel(shortened(labels[0], box[3]), labelpad=2.0)
    axes.set_xlabel(labels[1], labelpad=2.0)
    _name_ends(axes, names, (most, upper), box)
    _name_sites(axes, found, (most, upper), box)


def _name_ends(
    axes: Axes, names: Sequence[tuple[str, float]], most: tuple[float, float], box: tuple[float, float, float, float]
) -> None:
    """`95%`, `99.8%` and `All` at the ends of the curves, apart from each other."""
    tall = box[3]
    heights = [EndLabel((name,), tall * at / most[1]) for name, at in names]
    for (name, _), y in zip(names, spread(heights, 0.0, tall), strict=True):
        axes.annotate(
            name, (1.0, y / tall), xycoords="axes fraction", xytext=(3, 0), textcoords="offset points", va="center",
            size=style.SMALL_PT,
        )  # fmt: skip


def _name_sites(
    axes: Axes, found: SiteRates, most: tuple[float, float], box: tuple[float, float, float, float]
) -> None:
    """The sites beyond the limits by name; those at one place in one line, and more than some in the other panel only."""
    at: dict[tuple[float, float], list[str]] = {}
    for site in found.sites:
        if site.outside is not None and site.rate.value is not None:
            at.setdefault((site.size, site.rate.value), []).append(site.label)
    for (size, value), names in list(at.items())[:_MOST_NAMED]:
        is_right = size > most[0] / 2
        room = box[2] * (size / most[0] if is_right else 1 - size / most[0]) - 2.0
        axes.annotate(
            shortened(", ".join(names), max(room, 8.0), style.SMALL_PT), (size, value),
            xytext=(-4 if is_right else 4, 0), textcoords="offset points", va="center",
            ha="right" if is_right else "left", size=style.SMALL_PT,
            bbox={"fc": "white", "ec": "none", "pad": 0.8, "alpha": 0.85},
        )  # fmt: skip
