"""Patients by worst grade, from the counts of a baseline table.

Totals: as of the baseline table, for each event patients by group and grade (the last position: not known), and for
each number of days patients by group and value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.estimators.baseline import counts
from cohortium.estimators.baseline.summaries import FactorSummary, NumberSummary
from cohortium.estimators.contract import Done, Next, Rows, Step
from cohortium.totals import Params, Shapes, Totals

if TYPE_CHECKING:
    from cohortium.estimators.adverse_events.spec import AdverseEventsSpec, Event

GRADES: dict[str, tuple[int, int]] = {
    "any grade": (1, 5),
    "grade 3 or higher": (3, 5),
    "grade 3 or 4": (3, 4),
    "grade 5": (5, 5),
}
"""What is counted of each event: from which grade to which."""


@dataclass(frozen=True)
class EventCounts:
    """One event in one group: patients by entry of `GRADES`, those with a known grade, those without, days."""

    having: dict[str, int]
    n: int
    missing: int
    days: dict[str, NumberSummary]


@dataclass(frozen=True)
class GroupEvents:
    """One group (empty label for all patients): its patients, and the events by name of their grade's category."""

    group: str
    n: int
    events: dict[str, EventCounts]


@dataclass(frozen=True)
class AdverseEventsEstimate:
    """The columns of the table, and patients whose group is not known."""

    spec: AdverseEventsSpec
    groups: tuple[GroupEvents, ...]
    missing_group: int


def size(spec: AdverseEventsSpec) -> int:
    """Numbers in the totals."""
    return counts.size(spec.counted)


def start(_spec: AdverseEventsSpec) -> Next:
    """The only round, without parameters."""
    return Next(Params({}))


def shapes(spec: AdverseEventsSpec, params: Params) -> Shapes:
    """Declared shape of the totals."""
    return counts.shapes(spec.counted, params)


def prepare(rows: Rows, spec: AdverseEventsSpec) -> Totals:
    """All counts; nothing depends on the round."""
    return counts.summarize(counts.prepare(rows, spec.counted), Params({}))


def summarize(prepared: Totals, _params: Params) -> Totals:
    """Patients by group and grade, by group and days."""
    return prepared


def solve(spec: AdverseEventsSpec, totals: Totals, step: Next) -> Step:
    """Patients with each event by group."""
    done = counts.solve(spec.counted, totals, step)
    described: counts.BaselineEstimate = done.estimate  # type: ignore[union-attr]
    groups = tuple(
        GroupEvents(column.group, column.n, {event.grade.name: _event(event, column) for event in spec.events})
        for column in described.groups
    )
    return Done(AdverseEventsEstimate(spec, groups, described.missing_group))


def _event(event: Event, column: counts.GroupSummary) -> EventCounts:
    found = column.summaries[event.grade.name]
    if not isinstance(found, FactorSummary):
        raise TypeError("a grade is a category")
    by_grade = list(zip(event.levels, found.counts.tolist(), strict=True))
    having = {
        name: sum(count for grade, count in by_grade if low <= grade <= high) for name, (low, high) in GRADES.items()
    }
    days = {
        number.name: summary
        for number in event.days
        if isinstance(summary := column.summaries[number.name], NumberSummary)
    }
    return EventCounts(having, int(found.counts.sum()), found.missing, days)
