"""A study's individual courses as tasks, and their bars as rows of the results table."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from cohortium.estimators.contract import Estimator, Task, no_params
from cohortium.estimators.grid import Grid
from cohortium.estimators.individual.cells import (
    GroupBars,
    IndividualEstimate,
    prepare,
    shapes,
    size,
    solve,
    start,
    summarize,
)
from cohortium.estimators.individual.spec import SwimmerSpec, WaterfallSpec
from cohortium.estimators.planning import factor_of, followup_of
from cohortium.estimators.wording import left_out
from cohortium.results import Statistic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cohortium.estimators.contract import Factor
    from cohortium.study.analyses import IndividualCourses
    from cohortium.study.study import Study

METHOD = "individual-courses"
ONGOING, CUT = "ongoing", "cut off"
"""How a course ends that has reached none of its ends: at the last follow-up, or at the last day of the grid."""
CAUTION = "each bar is one patient: numbers of single patients leave the sites and are shown, as the study file asks"


def plan(study: Study, analysis: IndividualCourses) -> list[Task]:
    """The one task of an `individual-courses` analysis."""
    response, by = factor_of(study, analysis.response), factor_of(study, analysis.by) if analysis.by else None
    if analysis.endpoint is None:
        spec = WaterfallSpec(response, analysis.change or "", analysis.largest_change, by)
        return [Task(analysis.name, METHOD, spec, analysis.name, variable=analysis.change or "")]
    follow = followup_of(study, analysis.endpoint)
    time = study.file.time
    last = time.horizon_days if analysis.until_months is None else int(analysis.until_months * time.month_days)
    course = SwimmerSpec(
        response,
        follow.time,
        follow.event,
        follow.labels_of_causes(study.endpoint(analysis.endpoint).label),
        Grid.ends_of(analysis.unit, last, time.month_days),
        analysis.first_response or "",
        by,
        follow.population,
    )
    return [Task(analysis.name, METHOD, course, analysis.name, variable=analysis.endpoint)]


def tabulate(task: Task, estimate: IndividualEstimate) -> list[Statistic]:
    """Rows of the results table: how many bars, then one a patient."""
    spec = estimate.spec
    what = "change" if isinstance(spec, WaterfallSpec) else "follow-up"
    row = partial(Statistic, analysis=task.analysis, method=METHOD, population=spec.population)
    n = sum(len(column.places) for column in estimate.groups)
    unknown = estimate.missing_group
    rows = [
        row(statistic="bars", value=n, n=n, format="count", warning=CAUTION),
        row(
            statistic="group-unknown",
            value=unknown,
            format="count",
            warning=left_out((unknown, "group not known")),
        ),
    ]
    for column in estimate.groups:
        warning = _without_bar(column.left_out, what)
        own = partial(row, group=column.group)
        shown = len(column.places)
        rows.append(own(statistic="n", value=shown, n=shown, format="count", warning=warning))
        bar = partial(own, variable=task.variable, n=1)
        rows += _changes(bar, spec, column) if isinstance(spec, WaterfallSpec) else _courses(bar, spec, column)
    return rows


def _without_bar(n: int, what: str) -> str:
    return f"{n} patient{'' if n == 1 else 's'} without a bar: {what} not known" if n else ""


def _changes(row: partial[Statistic], spec: WaterfallSpec, column: GroupBars) -> Iterator[Statistic]:
    percents = spec.axes[1].grid.values.tolist()
    for response, place in column.places:
        is_cut = place == len(percents)
        value = percents[-1] if is_cut else percents[place]
        level, note = _level(spec.response, response), CUT if is_cut else ""
        yield row(statistic="change", value=value, level=level, unit="percent", format="number:0", note=note)


def _courses(row: partial[Statistic], spec: SwimmerSpec, column: GroupBars) -> Iterator[Statistic]:
    days = spec.grid.values.tolist()
    ends = (ONGOING, *spec.ends)
    for response, place, end, *first in column.places:
        is_cut = place == len(days)
        yield row(
            statistic="course",
            value=days[-1] if is_cut else days[place],
            level=_level(spec.response, response),
            time=days[first[0]] if first and first[0] < len(days) else None,
            unit="days",
            format="days",
            note=CUT if is_cut else ends[end],
        )


def _level(response: Factor, place: int) -> str:
    """The level as printed; empty when not known."""
    return response.labels[place] if place < len(response) else ""


ESTIMATOR = Estimator(METHOD, plan, size, no_params, start, shapes, prepare, summarize, solve, tabulate)
