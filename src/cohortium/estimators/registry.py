"""The registered estimators. To add one: write its module and name it here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cohortium.errors import Problem, StudyFileError
from cohortium.estimators import among, flow, kaplan_meier, landmark, logrank, sites, timing
from cohortium.estimators.adverse_events import tabulate as adverse_events
from cohortium.estimators.baseline import estimator as baseline
from cohortium.estimators.between_sites import estimator as meta_analysis
from cohortium.estimators.between_sites import tabulate_outcomes as site_outcomes
from cohortium.estimators.competing import gray, incidence
from cohortium.estimators.cox import estimator as cox
from cohortium.estimators.fine_gray import estimator as fine_gray
from cohortium.estimators.imputation import analyzed as imputed
from cohortium.estimators.imputation import estimator as imputation
from cohortium.estimators.imputation.analyzed import over_imputations
from cohortium.estimators.individual import tabulate as individual
from cohortium.estimators.logistic import estimator as logistic
from cohortium.estimators.missingness import tabulate as missingness
from cohortium.estimators.proportions import tabulate_cmh, tabulate_rates
from cohortium.estimators.sequences import tabulate as sequences
from cohortium.estimators.weighting import estimator as weighting
from cohortium.estimators.weighting.plan import plan_scores, with_weights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cohortium.estimators.contract import Estimator, Task
    from cohortium.study.study import Study

REGISTRY: Mapping[str, Estimator] = {
    estimator.name: estimator
    for estimator in (
        flow.ESTIMATOR,
        among.ESTIMATOR,
        landmark.ESTIMATOR,
        timing.ESTIMATOR,
        sites.ESTIMATOR,
        baseline.ESTIMATOR,
        missingness.ESTIMATOR,
        imputation.ESTIMATOR,
        imputed.ESTIMATOR,
        tabulate_rates.ESTIMATOR,
        tabulate_cmh.ESTIMATOR,
        adverse_events.ESTIMATOR,
        individual.ESTIMATOR,
        sequences.ESTIMATOR,
        kaplan_meier.ESTIMATOR,
        logrank.ESTIMATOR,
        cox.ESTIMATOR,
        logistic.ESTIMATOR,
        incidence.ESTIMATOR,
        gray.ESTIMATOR,
        fine_gray.ESTIMATOR,
        weighting.BALANCE_ESTIMATOR,
        weighting.ESTIMATOR,
        meta_analysis.ESTIMATOR,
        site_outcomes.ESTIMATOR,
    )
}


MOST_NUMBERS = 50_000_000
"""Numbers in the totals of one fit and site: 0.4 GB."""


def plan_study(study: Study) -> tuple[Task, ...]:
    """All tasks of a study: flow of patients, to endpoints and to landmarks, propensity scores, analyses in the study file's order.

    Last comes who is counted in a group or covariate that became known only after the start of an analysis.

    Raises
        StudyFileError: totals of the declared shape would not fit in memory.
    """
    tasks = [*REGISTRY["flow"].plan(study, None), *REGISTRY["among"].plan(study, None)]
    tasks += REGISTRY["landmark"].plan(study, None)
    tasks += plan_scores(study)
    for analysis in study.file.analysis:
        estimator = REGISTRY[analysis.method]
        planned = with_weights(study, analysis, estimator, estimator.plan(study, analysis))
        tasks += over_imputations(study, analysis, planned)
    tasks += REGISTRY["timing"].plan(study, None)
    _require_room(tasks)
    return tuple(tasks)


def _require_room(tasks: Sequence[Task]) -> None:
    hint = "shorten horizon_days, declare fewer levels or a narrower range, or leave out strata that sites share"
    problems = [
        Problem("study.toml", f"analysis '{task.analysis}' needs totals of {size:,} numbers", hint)
        for task in tasks
        if (size := REGISTRY[task.method].size(task.spec)) > MOST_NUMBERS
    ]
    if problems:
        raise StudyFileError(f"The study needs totals of more than {MOST_NUMBERS:,} numbers:", problems)
