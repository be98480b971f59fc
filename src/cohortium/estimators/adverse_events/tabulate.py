"""A study's adverse events as tasks, and their counts as rows of the results table."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from cohortium.estimators.adverse_events.grades import (
    AdverseEventsEstimate,
    EventCounts,
    prepare,
    shapes,
    size,
    solve,
    start,
    summarize,
)
from cohortium.estimators.adverse_events.spec import AdverseEventsSpec, Event
from cohortium.estimators.baseline.spec import Number
from cohortium.estimators.contract import Estimator, Task, no_params
from cohortium.estimators.grid import Grid
from cohortium.estimators.planning import factor_of
from cohortium.estimators.wording import left_out
from cohortium.results import Statistic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cohortium.study.analyses import AdverseEvents
    from cohortium.study.study import Study

QUARTILES = ("median", "q1", "q3", "min", "max")
NOBODY = "no patients with a known grade"


def plan(study: Study, analysis: AdverseEvents) -> list[Task]:
    """The one task of an `adverse-events` analysis."""
    events = []
    for each in analysis.events:
        name, days = (each, ()) if isinstance(each, str) else (each.variable, (each.onset, each.duration))
        events.append(Event(factor_of(study, name), tuple(_number(study, day) for day in days if day)))
    by = factor_of(study, analysis.by) if analysis.by else None
    return [
        Task(analysis.name, "adverse-events", AdverseEventsSpec(tuple(events), by, analysis.overall), analysis.name)
    ]


def _number(study: Study, name: str) -> Number:
    declared = study.variable(name)
    grid = Grid.between(declared.minimum or 0.0, declared.maximum or 0.0, declared.decimals)
    return Number(name, grid, declared.unit, declared.decimals)


def tabulate(task: Task, estimate: AdverseEventsEstimate) -> list[Statistic]:
    """Rows of the results table: group sizes, then each event's patients by grade and its days."""
    warning = left_out((estimate.missing_group, "group not known"))
    row = partial(Statistic, analysis=task.analysis, method="adverse-events")
    rows: list[Statistic] = []
    for column in estimate.groups:
        own = partial(row, group=column.group)
        said = warning if column.group else ""
        rows.append(own(statistic="n", value=column.n, n=column.n, format="count", warning=said))
        for event in estimate.spec.events:
            found = column.events[event.grade.name]
            rows += _grades(partial(own, variable=event.grade.name), found)
            for number in event.days:
                rows += _days(own, number, found)
    return rows


def _grades(row: partial[Statistic], found: EventCounts) -> Iterator[Statistic]:
    for name, count in found.having.items():
        at = partial(row, level=name, n=found.n, denominator=found.n)
        yield at(statistic="count", value=count, format="count")
        yield at(
            statistic="percent",
            value=100.0 * count / found.n if found.n else None,
            unit="percent",
            format="percent",
            warning="" if found.n else NOBODY,
        )
    n = found.n + found.missing
    yield row(statistic="missing", value=found.missing, n=n, denominator=n, format="count")


def _days(row: partial[Statistic], number: Number, found: EventCounts) -> Iterator[Statistic]:
    summary = found.days[number.name]
    for name in QUARTILES:
        value = getattr(summary, name)
        known = math.isfinite(value)
        yield row(
            variable=number.name,
            statistic=name,
            value=value if known else None,
            unit=number.unit,
            n=summary.n,
            denominator=found.having["any grade"],
            format=f"number:{number.decimals}",
            warning="" if known else "no patients with a known value",
        )


ESTIMATOR = Estimator("adverse-events", plan, size, no_params, start, shapes, prepare, summarize, solve, tabulate)
