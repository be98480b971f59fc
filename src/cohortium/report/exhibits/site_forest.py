"""The forest plot of a meta-analysis over sites."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.abbreviations import abbreviations
from cohortium.report.ethics import refusal_lines
from cohortium.report.exhibits.chosen import chosen_analysis
from cohortium.report.figures import site_forest
from cohortium.report.figures.readout import RowReadout
from cohortium.report.figures.save import Drawing
from cohortium.report.figures.site_forest import SiteLine
from cohortium.report.findings.between_sites import Interval, MetaAnalysisFound, meta_found
from cohortium.report.findings.flow import refused
from cohortium.report.labels import counted_label, inside_sentence
from cohortium.report.tables.meta_analysis import (
    FULL,
    SHORT,
    effect,
    footnotes,
    heterogeneity,
    not_contributing,
    predicted,
)
from cohortium.results import Results
from cohortium.study.analyses import MetaAnalysis

if TYPE_CHECKING:
    from cohortium.study.model import Figure as FigureSpec
    from cohortium.study.study import Study

DATA_HEADER = ("kind", "institution", "n", "n_events", "estimate", "lower", "upper", "weight", "reason")


def make(study: Study, results: Results, spec: FigureSpec) -> Drawing:
    """The drawing of a meta-analysis."""
    analysis = chosen_analysis(study, spec, MetaAnalysis)
    found = meta_found(results, analysis.name)
    interval = formats.confidence(found.confidence)
    counted = inside_sentence(counted_label(study, analysis))
    contrast = f", {found.contrast}" if found.contrast else ""
    lines = tuple(_lines(found, is_narrow=spec.width == "single"))
    figure = site_forest.draw(
        lines,
        estimate_head=f"{SHORT[found.measure]} ({interval})",
        x_label=f"{FULL[found.measure]}{contrast}, {counted}",
        is_ratio=found.is_ratio,
        below=heterogeneity(found, brief=spec.width == "single").rstrip("."),
        width=spec.width,
    )
    caption = (*filter(None, _caption(found)), *refusal_lines(refused(results)))
    rows = tuple(_said(line, SHORT[found.measure]) for line in lines)
    return Drawing(figure, _alt(found, counted), caption, tuple(_data(found)), RowReadout(rows))


def _said(line: SiteLine, measure: str) -> str:
    """`Riverbend: HR 0.59 (0.42 to 0.82), events/n 31/60, weight 24.1%`."""
    counted = f", events/n {line.counts}" if line.counts else ""
    weight = f", weight {formats.number(line.weight, 1)}%" if line.weight is not None else ""
    return f"{line.label}: {measure} {line.text}{counted}{weight}"


def _lines(found: MetaAnalysisFound, *, is_narrow: bool) -> Iterator[SiteLine]:
    for site in found.sites:
        # The reason stands where there is room for it, and in the caption in any case.
        text = (
            (formats.NOT_ESTIMABLE if is_narrow else _short(site.reason)) if site.reason else effect(found, site.effect)
        )
        counts = f"{formats.count(site.n_events)}/{formats.count(site.n)}"
        yield _line("site", site.label, site.effect, text, counts, site.weight)
    name = "Common effect" if found.how.startswith("common") else "Random effects"
    n_events = sum(site.n_events for site in found.sites if not site.reason)
    counts = f"{formats.count(n_events)}/{formats.count(found.n)}"
    weight = 100.0 if found.n_sites else None
    yield _line("pooled", name, found.pooled, effect(found, found.pooled), counts, weight)
    if found.common is not None:
        yield _line("aside", "Common effect", found.common, effect(found, found.common))
    if found.prediction is not None and found.prediction.lower is not None:
        yield _line("prediction", "Prediction interval", found.prediction, predicted(found))


def _short(reason: str) -> str:
    """What stands before a colon of a reason: `separation`."""
    return reason.partition(":")[0]


def _line(
    kind: str,
    label: str,
    interval: Interval,
    text: str,
    counts: str = "",
    weight: float | None = None,
) -> SiteLine:
    return SiteLine(kind, label, counts, text, weight, interval.value, interval.lower, interval.upper)


def _caption(found: MetaAnalysisFound) -> Iterator[str]:
    yield from footnotes(found)
    axis = "; the axis is logarithmic" if found.is_ratio else ""
    drawn = "the filled diamond is the pooled estimate"
    if found.common is not None:
        drawn += ", the open one that of a common effect"
    yield f"The area of a square is the weight of the institution; {drawn}{axis}."
    yield not_contributing(found)
    yield abbreviations(
        heads=[f"{SHORT[found.measure]} ({formats.confidence(found.confidence)})"],
        values=[formats.NOT_ESTIMABLE for _ in found.left_out],
    )
    yield from found.warnings


def _alt(found: MetaAnalysisFound, counted: str) -> str:
    listed = "; ".join(
        f"{site.label} {site.reason or effect(found, site.effect)}" for site in found.sites
    )  # fmt: skip
    return (
        f"Forest plot by institution, {FULL[found.measure].lower()}, {counted}: {listed}; pooled "
        f"{effect(found, found.pooled)}."
    )


def _data(found: MetaAnalysisFound) -> Iterator[tuple[object, ...]]:
    yield DATA_HEADER
    for s in found.sites:
        own = s.effect
        yield "site", s.label, s.n, s.n_events, own.value, own.lower, own.upper, s.weight, s.reason
    for kind, e in (("pooled", found.pooled), ("common", found.common), ("prediction", found.prediction)):
        if e is not None:
            yield kind, "", found.n if kind == "pooled" else None, None, e.value, e.lower, e.upper, None, ""
