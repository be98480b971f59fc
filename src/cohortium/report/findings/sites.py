"""Patients, events and follow-up of each institution, checked to add up."""

from __future__ import annotations

from dataclasses import dataclass, field

from cohortium.errors import OutputError, Problem
from cohortium.results import Results, Statistic


@dataclass(frozen=True, slots=True)
class SiteCount:
    """One institution, or the total (`label` empty).

    n_received      records received
    n_patients      patients analyzed
    n_events        events among them
    follow_up_days  their follow-up added up
    behind          rows of the results table
    """

    label: str
    n_received: int
    n_patients: int
    n_events: int
    follow_up_days: float
    behind: tuple[Statistic, ...] = field(default=(), compare=False, repr=False)


def site_counts(results: Results, analysis: str) -> tuple[tuple[SiteCount, ...], SiteCount]:
    """Institutions in declared order, and their total; OutputError when the total is not their sum."""
    rows = results.where(analysis=analysis, method="sites")
    counts = {level: _counts(rows.where(level=level), level) for level in rows.distinct("level")}
    if "" not in counts:
        raise OutputError(f"The results table has no total of analysis {analysis}; no report is written.")
    total = counts.pop("")
    sites = tuple(counts.values())
    problems = [
        Problem(f"{analysis}: {name}", f"the institutions add up to {added}, expected {expected}")
        for name, added, expected in (
            ("received", sum(s.n_received for s in sites), total.n_received),
            ("patients", sum(s.n_patients for s in sites), total.n_patients),
            ("events", sum(s.n_events for s in sites), total.n_events),
        )
        if added != expected
    ]
    if problems:
        raise OutputError("The institutions do not add up to the total; no report is written.", problems)
    return sites, total


def _counts(rows: Results, label: str) -> SiteCount:
    value = {s.statistic: s.value or 0.0 for s in rows}
    return SiteCount(
        label,
        int(value.get("received", 0)),
        int(value.get("patients", 0)),
        int(value.get("events", 0)),
        value.get("follow-up", 0.0),
        behind=tuple(rows),
    )
