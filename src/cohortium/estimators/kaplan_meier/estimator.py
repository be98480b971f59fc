"""Kaplan-Meier survival (Kaplan and Meier 1958) as a registered estimator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cohortium.estimators.contract import Estimator, Task
from cohortium.estimators.kaplan_meier.solve import solve
from cohortium.estimators.kaplan_meier.spec import KaplanMeierSpec
from cohortium.estimators.kaplan_meier.tabulate import tabulate
from cohortium.estimators.kaplan_meier.totals import asks, prepare, shapes, size, start, summarize
from cohortium.estimators.planning import factor_of, followup_of

if TYPE_CHECKING:
    from cohortium.study.analyses import KaplanMeier
    from cohortium.study.study import Study


def plan(study: Study, analysis: KaplanMeier) -> list[Task]:
    """The one task of a `kaplan-meier` analysis."""
    month = study.file.time.month_days
    follow = followup_of(study, analysis.endpoint)
    tau = analysis.restricted_mean_months
    spec = KaplanMeierSpec(
        time=follow.time,
        event=follow.event,
        grid=follow.grid,
        by=factor_of(study, analysis.by) if analysis.by else None,
        reverse=analysis.reverse,
        interval=analysis.interval,
        confidence=analysis.confidence,
        quantiles=analysis.quantiles,
        at=tuple((months * month, f"{months:g} months") for months in analysis.at_months),
        population=follow.population,
        entry=follow.entry,
        weight=analysis.weight or "",
        tau=None if tau is None else tau * month,
        tau_label="" if tau is None else f"{tau:g} months",
        nelson_aalen=analysis.nelson_aalen,
        quantile_rule=analysis.quantile_rule,
    )
    return [Task(analysis.name, "kaplan-meier", spec, analysis.name, variable=analysis.endpoint)]


ESTIMATOR = Estimator("kaplan-meier", plan, size, asks, start, shapes, prepare, summarize, solve, tabulate)
