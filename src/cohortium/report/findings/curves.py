"""Kaplan-Meier curves, as the results table holds them."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from cohortium.errors import OutputError, Problem
from cohortium.report.findings.warned import is_reached, warnings_of
from cohortium.results import Results, Statistic

_AT_A_TIME = ("survival-at", "grid-bound")
"""What a curve has besides itself; a warning of it stands with the number it concerns."""
_BY_TIME = ("time_days", "survival", "lower", "upper", "n_at_risk", "n_event", "n_censored")


@dataclass(frozen=True, slots=True)
class Curve:
    """One survival curve, a row per distinct time with an event or a censoring.

    label          the group as printed; empty when all patients together
    time_days      distinct times, increasing
    survival       survival just after each time, 0 to 1
    lower, upper   confidence limits; None where there are none
    n_at_risk      patients at risk just before each time
    n_event        events at each time
    n_censored     censored at each time
    n, n_events    patients and events of the group
    median_days    None when not reached (`median_reached` False) or not estimable
    median_has_limits   False over imputations, where a median has no standard error
    color          place of the group in the palette
    behind         rows of the results table: patients, events, median
    """

    label: str
    time_days: tuple[float, ...]
    survival: tuple[float, ...]
    lower: tuple[float | None, ...]
    upper: tuple[float | None, ...]
    n_at_risk: tuple[int, ...]
    n_event: tuple[int, ...]
    n_censored: tuple[int, ...]
    n: int
    n_events: int
    median_days: float | None = None
    median_lower: float | None = None
    median_upper: float | None = None
    median_reached: bool = True
    median_has_limits: bool = True
    confidence: float | None = 0.95
    color: int = 0
    warnings: tuple[str, ...] = ()
    behind: tuple[Statistic, ...] = field(default=(), compare=False, repr=False)

    def at_risk(self, day: float) -> int:
        """Patients at risk just before a day: those of the first time not earlier, none after the last."""
        position = bisect_left(self.time_days, day)
        return self.n_at_risk[position] if position < len(self.n_at_risk) else 0

    def events_before(self, day: float) -> int:
        """Events before a day."""
        return sum(self.n_event[: bisect_left(self.time_days, day)])

    def censored_before(self, day: float) -> int:
        """Patients censored before a day."""
        return sum(self.n_censored[: bisect_left(self.time_days, day)])

    def until_fewer_than(self, n: int) -> Curve:
        """The curve up to the last time after which at least so many are at risk; its counts stay whole."""
        last = next((i for i, at_risk in enumerate(self.n_at_risk) if at_risk < n), len(self.time_days))
        cut = {name: getattr(self, name)[:last] for name in _BY_TIME}
        return replace(self, **cut)


def curves(results: Results, analysis: str) -> tuple[Curve, ...]:
    """The curves of a Kaplan-Meier analysis in the order of the results table."""
    by_group: Mapping[str, list[Statistic]] = defaultdict(list)
    for statistic in results.where(analysis=analysis, method="kaplan-meier"):
        by_group[statistic.group].append(statistic)
    # A difference between two groups is a row of its own, not a curve.
    by_group = {group: found for group, found in by_group.items() if any(s.statistic == "n" for s in found)}
    return tuple(_curve(group, found, position) for position, (group, found) in enumerate(by_group.items()))


def refuse_unless_accounted(found: Sequence[Curve], analysis: str) -> None:
    """OutputError unless patients at risk, with an event and censored add up to all of a curve at each of its times."""
    problems = []
    for curve in found:
        days = [*curve.time_days, math.inf]
        added = [curve.at_risk(day) + curve.events_before(day) + curve.censored_before(day) for day in days]
        if wrong := sorted({n for n in added if n != curve.n}):
            what = f"at risk, censored and events add up to {wrong[0]}, expected {curve.n} patients"
            problems.append(Problem(f"{analysis}: {curve.label or 'all patients'}", what))
    if problems:
        raise OutputError("The numbers below the curves do not add up; no report is written.", problems)


def shared_warnings(found: Sequence[Curve]) -> tuple[str, ...]:
    """Warnings that every curve carries: they concern the analysis, not a group."""
    first = found[0].warnings if found else ()
    return tuple(text for text in first if all(text in curve.warnings for curve in found))


def own_warnings(curve: Curve, found: Sequence[Curve]) -> tuple[str, ...]:
    """Warnings of one curve that not all carry."""
    shared = shared_warnings(found)
    return tuple(text for text in curve.warnings if text not in shared)


def _curve(group: str, statistics: list[Statistic], position: int) -> Curve:
    steps = sorted((s for s in statistics if s.statistic == "survival"), key=_time)
    events = {_time(s): int(s.value or 0) for s in statistics if s.statistic == "events-at"}
    censored = {_time(s): int(s.value or 0) for s in statistics if s.statistic == "censored-at"}
    single = {s.statistic: s for s in statistics if s.statistic in ("n", "events", "median")}
    median = single.get("median")
    return Curve(
        label=group,
        time_days=tuple(_time(s) for s in steps),
        survival=tuple(0.0 if s.value is None else s.value for s in steps),
        lower=tuple(s.lower for s in steps),
        upper=tuple(s.upper for s in steps),
        n_at_risk=tuple(s.n or 0 for s in steps),
        n_event=tuple(events.get(_time(s), 0) for s in steps),
        n_censored=tuple(censored.get(_time(s), 0) for s in steps),
        n=int(single["n"].value or 0) if "n" in single else 0,
        n_events=int(single["events"].value or 0) if "events" in single else 0,
        median_days=median.value if median else None,
        median_lower=median.lower if median else None,
        median_upper=median.upper if median else None,
        median_reached=is_reached(median) if median else True,
        median_has_limits=median is None or median.confidence is not None,
        confidence=next((s.confidence for s in steps if s.confidence is not None), None),
        color=position,
        warnings=warnings_of(s for s in statistics if s.statistic not in _AT_A_TIME),
        behind=tuple(single.values()),
    )


def _time(statistic: Statistic) -> float:
    return 0.0 if statistic.time is None else statistic.time
