"""Adverse events by group, as the results table holds them."""

from __future__ import annotations

from dataclasses import dataclass, field

from cohortium.report.findings.warned import warnings_of
from cohortium.results import Results, Statistic

ANY, SEVERE, SEVERE_ALIVE, FATAL = "any grade", "grade 3 or higher", "grade 3 or 4", "grade 5"


@dataclass(frozen=True, slots=True)
class Having:
    """Patients with an event at some grades among those of a known grade; percent of 0 to 100."""

    x: int
    n: int
    percent: float | None
    behind: tuple[Statistic, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Days:
    """Median and quartiles of a number of days, known of `n` of `of` patients with the event; None without patients."""

    median: float | None
    q1: float | None
    q3: float | None
    n: int
    of: int
    behind: tuple[Statistic, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class AdverseEvents:
    """What an adverse-events analysis found.

    sizes     group (empty for all patients) to its number of patients
    events    categories of the worst grade, as listed
    having    (event, grades, group) to patients
    days      (number, group) to its quartiles
    warnings  about groups
    """

    sizes: dict[str, int]
    events: tuple[str, ...]
    having: dict[tuple[str, str, str], Having]
    days: dict[tuple[str, str], Days]
    warnings: tuple[str, ...]

    def highest(self, event: str) -> float:
        """The largest percentage of any grade in any group."""
        return max((self.having[event, ANY, group].percent or 0.0 for group in self.sizes), default=0.0)

    def frequency(self, event: str) -> float:
        """Patients with the event at any grade out of those in whom it is known, over the groups shown."""
        shown = [self.having[event, ANY, group] for group in ([""] if "" in self.sizes else self.sizes)]
        known = sum(each.n for each in shown)
        return sum(each.x for each in shown) / known if known else 0.0


def adverse_events(results: Results, analysis: str) -> AdverseEvents:
    """The counts of an analysis."""
    rows = results.where(analysis=analysis, method="adverse-events")
    columns = rows.where(statistic="n")
    percents = {(s.variable, s.level, s.group): s for s in rows.where(statistic="percent")}
    counted = rows.where(statistic="count")
    having = {}
    for s in counted:
        percent = percents[s.variable, s.level, s.group]
        patients = Having(int(s.value or 0), s.denominator or 0, percent.value, behind=(s, percent))
        having[s.variable, s.level, s.group] = patients
    place = {(s.variable, s.group, s.statistic): s for s in rows}
    days = {(s.variable, s.group): _days(s, place) for s in rows.where(statistic="median")}
    sizes = {s.group: int(s.value or 0) for s in columns}
    return AdverseEvents(sizes, counted.distinct("variable"), having, days, warnings_of(columns))


def _days(median: Statistic, place: dict[tuple[str, str, str], Statistic]) -> Days:
    q1, q3 = (place[median.variable, median.group, name] for name in ("q1", "q3"))
    return Days(median.value, q1.value, q3.value, median.n or 0, median.denominator or 0, behind=(median, q1, q3))
