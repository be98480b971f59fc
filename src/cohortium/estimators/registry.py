"""The registered estimators. To add one: write its module and name it here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cohortium.estimators import baseline, flow, kaplan_meier, logrank, sites
from cohortium.estimators.cox import estimator as cox

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cohortium.estimators.contract import Estimator, Task
    from cohortium.study.study import Study

REGISTRY: Mapping[str, Estimator] = {
    estimator.name: estimator
    for estimator in (
        flow.ESTIMATOR,
        sites.ESTIMATOR,
        baseline.ESTIMATOR,
        kaplan_meier.ESTIMATOR,
        logrank.ESTIMATOR,
        cox.ESTIMATOR,
    )
}


def plan_study(study: Study) -> tuple[Task, ...]:
    """All tasks of a study: the flow of patients, then its analyses in the order of the study file."""
    tasks = list(REGISTRY["flow"].plan(study, None))
    for analysis in study.file.analysis:
        tasks += REGISTRY[analysis.method].plan(study, analysis)
    return tuple(tasks)
