"""Tests of equal survival (Mantel 1966, Peto and Peto 1972, Fleming and Harrington 1991) as a registered estimator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cohortium.estimators.contract import Estimator, Task, no_params
from cohortium.estimators.logrank.solve import solve
from cohortium.estimators.logrank.spec import LogRankSpec
from cohortium.estimators.logrank.tabulate import tabulate
from cohortium.estimators.logrank.totals import prepare, shapes, size, start, summarize
from cohortium.estimators.planning import factor_of, followup_of, is_nested, strata_label, strata_of

if TYPE_CHECKING:
    from cohortium.study.analyses import LogRank
    from cohortium.study.study import Study


def plan(study: Study, analysis: LogRank) -> list[Task]:
    """The one task of a `logrank` analysis."""
    nested = is_nested(analysis.strata)
    follow = followup_of(study, analysis.endpoint, nested=nested)
    spec = LogRankSpec(
        time=follow.time,
        event=follow.event,
        grid=follow.grid,
        by=factor_of(study, analysis.by),
        strata=strata_of(study, analysis.strata),
        nested=nested,
        strata_text=strata_label(study, analysis.strata),
        population=follow.population,
        entry=follow.entry,
        test=analysis.test,
        rho=analysis.rho or 0.0,
        gamma=analysis.gamma or 0.0,
        trend=analysis.trend,
        scores=analysis.scores,
        pairwise=analysis.pairwise,
    )
    return [Task(analysis.name, "logrank", spec, analysis.name, variable=analysis.endpoint)]


ESTIMATOR = Estimator("logrank", plan, size, no_params, start, shapes, prepare, summarize, solve, tabulate)
