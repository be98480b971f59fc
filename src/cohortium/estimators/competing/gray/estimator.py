"""Gray's test (Gray 1988) as a registered estimator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cohortium.estimators.competing.gray.solve import solve
from cohortium.estimators.competing.gray.spec import GraySpec
from cohortium.estimators.competing.gray.tabulate import tabulate
from cohortium.estimators.competing.gray.totals import prepare, shapes, size, start, summarize
from cohortium.estimators.contract import Estimator, Task, no_params
from cohortium.estimators.planning import factor_of, followup_of, is_nested, strata_label, strata_of

if TYPE_CHECKING:
    from cohortium.study.analyses import Gray
    from cohortium.study.study import Study


def plan(study: Study, analysis: Gray) -> list[Task]:
    """The one task of a `gray` analysis."""
    nested = is_nested(analysis.strata)
    follow = followup_of(study, analysis.endpoint, nested=nested)
    spec = GraySpec(
        time=follow.time,
        event=follow.event,
        grid=follow.grid,
        causes=follow.labels_of_causes(study.endpoint(analysis.endpoint).label),
        by=factor_of(study, analysis.by),
        strata=strata_of(study, analysis.strata),
        nested=nested,
        strata_text=strata_label(study, analysis.strata),
        rho=analysis.rho,
        population=follow.population,
    )
    return [Task(analysis.name, "gray", spec, analysis.name, variable=analysis.endpoint)]


ESTIMATOR = Estimator("gray", plan, size, no_params, start, shapes, prepare, summarize, solve, tabulate)
