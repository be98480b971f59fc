"""Patients, events and follow-up per institution, with the total."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.ethics import refusal_lines
from cohortium.report.findings.behind import named
from cohortium.report.findings.flow import refused
from cohortium.report.findings.sites import SiteCount, site_counts
from cohortium.report.labels import inside_sentence, months_phrase
from cohortium.report.table import Cell, Row, Table
from cohortium.report.tables.single import only_analysis
from cohortium.results import Results
from cohortium.study.analyses import Sites

if TYPE_CHECKING:
    from cohortium.study.model import Table as TableSpec
    from cohortium.study.study import Study


def build(study: Study, results: Results, spec: TableSpec) -> Table:
    """The table of institutions of the one analysis that the study file names for it."""
    analysis = only_analysis(study, spec, Sites)
    counts, total = site_counts(results, analysis.name)
    endpoint = inside_sentence(study.endpoint(analysis.endpoint).label)
    header = (
        Cell("Institution"),
        Cell("Records received"),
        Cell("Patients analyzed, n (%)"),
        Cell("Events, n/N (%)"),
        Cell("Follow-up, patient-months"),
    )
    month_days = study.file.time.month_days
    without = {site.name for site in refused(results)}
    body = [Row(Cell(site.label), _cells(site, total, month_days)) for site in counts if site.label not in without]
    body.append(Row(Cell("Total"), _cells(total, total, month_days), fixed=True))
    notes = (
        (
            f"Percentages of patients are of all analyzed, percentages of events of the institution's patients. "
            f"Events and follow-up for {endpoint}. {months_phrase(study)}"
        ),
        *refusal_lines(refused(results)),
        *spec.footnotes,
    )
    return Table(spec.name, spec.title, (header,), tuple(body), notes)


def _cells(site: SiteCount, total: SiteCount, month_days: float) -> tuple[Cell, ...]:
    decimals = formats.percent_decimals([total.n_patients])
    return (
        Cell(formats.count(site.n_received), behind=named(site.behind, "received")),
        Cell(
            formats.count_percent(site.n_patients, _of(site.n_patients, total.n_patients), decimals),
            behind=named(site.behind, "patients"),
        ),
        Cell(
            formats.count_percent(site.n_events, _of(site.n_events, site.n_patients), decimals, site.n_patients),
            behind=named(site.behind, "events"),
        ),
        Cell(formats.months(site.follow_up_days, month_days), behind=named(site.behind, "follow-up")),
    )


def _of(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None
