"""The flow diagram of the study."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.ethics import institutions_used, refusal_lines
from cohortium.report.figures import flow as drawing
from cohortium.report.figures.readout import what_is_said
from cohortium.report.figures.save import Drawing
from cohortium.report.findings.flow import Flow, flow
from cohortium.results import Results

if TYPE_CHECKING:
    from cohortium.study.model import Figure as FigureSpec
    from cohortium.study.study import Study

DATA_HEADER = ("step", "n_entered", "n_excluded", "n_excluded_unknown", "excluded", "n_remaining")


def make(study: Study, results: Results, spec: FigureSpec) -> Drawing:
    """The drawing of the cohort steps; OutputError when their numbers do not add up."""
    found = flow(results)
    n_sites = len(institutions_used(study, results))
    figure = drawing.draw(found, n_sites=n_sites, width=spec.width)
    caption = ("Records screened retrospectively; the numbers add up at every step.", *refusal_lines(found.refused))
    return Drawing(figure, _alt(found, n_sites), caption, tuple(_data(found)), what_is_said(figure))


def _alt(found: Flow, n_sites: int) -> str:
    parts = ["Flow of patients.", *_refused(found), f"{found.received_label}: {formats.count(found.n_received)}."]
    for step in found.steps:
        why = f" ({step.excluded_label})" if step.excluded_label and step.n_excluded else ""
        excluded = f"{formats.count(step.n_excluded)} excluded{why}"
        parts.append(f"{step.label}: {excluded}, {formats.count(step.n_remaining)} remain.")
    sites = drawing.site_line(n_sites, found.n_site_unknown)
    return " ".join([*parts, f"{found.analyzed_label}: {formats.count(found.n_analyzed)}; {sites}."])


def _refused(found: Flow) -> Iterator[str]:
    if found.refused:
        yield f"Sites of the study: {formats.count(found.n_sites)}. Sites refused: {formats.count(len(found.refused))}."
        yield from refusal_lines(found.refused)


def _data(found: Flow) -> Iterator[tuple[object, ...]]:
    yield DATA_HEADER
    yield found.received_label, found.n_received, 0, 0, "", found.n_received
    for s in found.steps:
        yield s.label, s.n_entered, s.n_excluded, s.n_unknown, s.excluded_label, s.n_remaining
    yield found.analyzed_label, found.n_analyzed, 0, 0, "", found.n_analyzed
    for site in found.refused:
        yield f"Site refused: {site.name}", None, None, None, site.reason, None
