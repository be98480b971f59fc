"""Curves that change at event times: cumulative incidence, cumulative hazard, predicted survival."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass, field

from cohortium.report.findings.warned import warnings_of
from cohortium.results import Results, Statistic


@dataclass(frozen=True, slots=True)
class StepLine:
    """One curve, a place for each distinct time.

    label          the group as printed; empty when all patients together
    level          the cause as printed, for a cumulative incidence
    time_days      distinct times, increasing
    value          value just after each time
    lower, upper   confidence limits; None where there are none
    n_at_risk      patients at risk just before each time; empty for a prediction, which has none
    start          value before the first time: 0, or 1 for survival
    n, n_events    patients, and events of the cause
    color          place of the group in the palette
    behind         rows of the results table: patients, events of the cause
    """

    label: str
    time_days: tuple[float, ...]
    value: tuple[float, ...]
    lower: tuple[float | None, ...]
    upper: tuple[float | None, ...]
    n_at_risk: tuple[int, ...] = ()
    start: float = 0.0
    level: str = ""
    n: int | None = None
    n_events: int | None = None
    confidence: float | None = None
    color: int = 0
    warnings: tuple[str, ...] = ()
    behind: tuple[Statistic, ...] = field(default=(), compare=False, repr=False)

    def at_risk(self, day: float) -> int:
        """Patients at risk just before a day: those of the first time not earlier, none after the last."""
        position = bisect_left(self.time_days, day)
        return self.n_at_risk[position] if position < len(self.n_at_risk) else 0

    def on(self, day: float) -> float:
        """The value on a day."""
        position = bisect_right(self.time_days, day)
        return self.value[position - 1] if position else self.start


def incidences(results: Results, analysis: str) -> tuple[StepLine, ...]:
    """The cumulative incidences of an analysis, by group, then by cause, in the order of the results table.

    Over imputations there is no curve; its places are the declared times.
    """
    rows = results.where(analysis=analysis, method="cumulative-incidence")
    return _lines(rows, "cumulative-incidence") or _lines(rows, "cumulative-incidence-at")


def cumulative_hazards(results: Results, analysis: str) -> tuple[StepLine, ...]:
    """The Nelson-Aalen cumulative hazards of a Kaplan-Meier analysis, a group each."""
    return _lines(results.where(analysis=analysis, method="kaplan-meier"), "cumulative-hazard")


def predictions(results: Results, analysis: str) -> tuple[StepLine, ...]:
    """The survival that a regression predicts for each of its profiles."""
    return _lines(results.where(analysis=analysis), "predicted-survival", start=1.0)


def _lines(rows: Results, statistic: str, *, start: float = 0.0) -> tuple[StepLine, ...]:
    steps: dict[tuple[str, str], list[Statistic]] = defaultdict(list)
    for row in rows:
        if row.statistic == statistic and row.time is not None:
            steps[row.group, row.level].append(row)
    groups = list(dict.fromkeys(group for group, _ in steps))
    return tuple(
        _line(rows, group, level, sorted(found, key=_time), start, groups.index(group))
        for (group, level), found in steps.items()
    )


def _line(rows: Results, group: str, level: str, steps: list[Statistic], start: float, color: int) -> StepLine:
    mine = [row for row in rows if row.group == group and row.level in ("", level)]
    counted = {row.statistic: row for row in mine if row.time is None and row.value is not None}
    events = next((r for r in mine if r.statistic == "events" and r.level == level), None) or counted.get("events")
    known = [step for step in steps if step.value is not None]
    return StepLine(
        label=group,
        level=level,
        time_days=tuple(map(_time, known)),
        value=tuple(step.value or 0.0 for step in known),
        lower=tuple(step.lower for step in known),
        upper=tuple(step.upper for step in known),
        n_at_risk=tuple(step.n or 0 for step in known) if start == 0.0 else (),
        start=start,
        n=int(counted["n"].value or 0) if "n" in counted else None,
        n_events=None if events is None or events.value is None else int(events.value),
        confidence=next((step.confidence for step in steps if step.confidence is not None), None),
        color=color,
        warnings=warnings_of(mine),
        behind=tuple(row for row in (counted.get("n"), events) if row is not None),
    )


def _time(statistic: Statistic) -> float:
    return 0.0 if statistic.time is None else statistic.time
