"""The figure of patients and events per institution."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.ethics import refusal_lines
from cohortium.report.exhibits.chosen import chosen_analysis
from cohortium.report.figures import sites as drawing
from cohortium.report.figures.readout import RowReadout
from cohortium.report.figures.save import Drawing
from cohortium.report.findings.flow import refused
from cohortium.report.findings.sites import site_counts
from cohortium.report.labels import inside_sentence
from cohortium.results import Results
from cohortium.study.analyses import Sites

if TYPE_CHECKING:
    from cohortium.study.model import Figure as FigureSpec
    from cohortium.study.study import Study

DATA_HEADER = ("institution", "n_received", "n_patients", "n_events", "follow_up_days")


def make(study: Study, results: Results, spec: FigureSpec) -> Drawing:
    """The drawing of a sites analysis; OutputError when institutions do not add up to the total."""
    analysis = chosen_analysis(study, spec, Sites)
    counts, total = site_counts(results, analysis.name)
    unassigned = frozenset(site.name for site in study.file.site if site.unassigned)
    names = {site.name for site in refused(results)}
    ordered = drawing.by_size([count for count in counts if count.label not in names], unassigned)
    endpoint = inside_sentence(study.endpoint(analysis.endpoint).label)
    caption = (
        (
            f"Patients analyzed (light) and events among them (dark), {endpoint}: "
            f"{formats.plural(total.n_patients, 'patient')}, {formats.plural(total.n_events, 'event')} in all."
        ),
        *refusal_lines(refused(results)),
    )
    listed = "; ".join(f"{s.label} {formats.count(s.n_patients)} and {formats.count(s.n_events)}" for s in ordered)
    alt = f"Horizontal bars of patients and events per institution, {endpoint}: {listed}."
    data = [DATA_HEADER, *((s.label, s.n_received, s.n_patients, s.n_events, s.follow_up_days) for s in ordered)]
    rows = (
        f"{s.label}: {formats.plural(s.n_patients, 'patient')}, {formats.plural(s.n_events, 'event')}" for s in ordered
    )
    return Drawing(drawing.draw(ordered, width=spec.width), alt, caption, data, RowReadout(tuple(rows)))
