"""Cumulative incidence (Aalen and Johansen 1978) as a registered estimator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cohortium.estimators.competing.incidence.solve import solve
from cohortium.estimators.competing.incidence.spec import IncidenceSpec
from cohortium.estimators.competing.incidence.tabulate import tabulate
from cohortium.estimators.competing.incidence.totals import prepare, shapes, size, start, summarize
from cohortium.estimators.contract import Estimator, Task, no_params
from cohortium.estimators.planning import factor_of, followup_of

if TYPE_CHECKING:
    from cohortium.study.analyses import CumulativeIncidence
    from cohortium.study.study import Study


def plan(study: Study, analysis: CumulativeIncidence) -> list[Task]:
    """The one task of a `cumulative-incidence` analysis."""
    month = study.file.time.month_days
    follow = followup_of(study, analysis.endpoint)
    spec = IncidenceSpec(
        time=follow.time,
        event=follow.event,
        grid=follow.grid,
        causes=follow.labels_of_causes(study.endpoint(analysis.endpoint).label),
        by=factor_of(study, analysis.by) if analysis.by else None,
        interval=analysis.interval,
        variance=analysis.variance,
        confidence=analysis.confidence,
        at=tuple((months * month, f"{months:g} months") for months in analysis.at_months),
        population=follow.population,
        entry=follow.entry,
    )
    return [Task(analysis.name, "cumulative-incidence", spec, analysis.name, variable=analysis.endpoint)]


ESTIMATOR = Estimator("cumulative-incidence", plan, size, no_params, start, shapes, prepare, summarize, solve, tabulate)
