"""The registered estimators. To add one: write its module and name it here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cohortium.errors import Problem, StudyFileError
from cohortium.estimators import flow, kaplan_meier, landmark, logrank, sites, timing
from cohortium.estimators.baseline import estimator as baseline
from cohortium.estimators.competing import gray, incidence
from cohortium.estimators.cox import estimator as cox
from cohortium.estimators.fine_gray import estimator as fine_gray
from cohortium.estimators.proportions import tabulate_cmh, tabulate_rates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cohortium.estimators.contract import Estimator, Task
    from cohortium.study.study import Study

REGISTRY: Mapping[str, Estimator] = {
    estimator.name: estimator
    for estimator in (
        flow.ESTIMATOR,
        landmark.ESTIMATOR,
        timing.ESTIMATOR,
        sites.ESTIMATOR,
        baseline.ESTIMATOR,
        tabulate_rates.ESTIMATOR,
        tabulate_cmh.ESTIMATOR,
        kaplan_meier.ESTIMATOR,
        logrank.ESTIMATOR,
        cox.ESTIMATOR,
        incidence.ESTIMATOR,
        gray.ESTIMATOR,
        fine_gray.ESTIMATOR,
    )
}


MOST_NUMBERS = 50_000_000
"""Numbers in the totals of one fit and site: 0.4 GB."""


def plan_study(study: Study) -> tuple[Task, ...]:
    """All tasks of a study: the flow of patients and to landmarks, then its analyses in the order of the study file.

    Last comes who is counted in a group or covariate that became known only after the start of an analysis.

    Raises
        StudyFileError: totals of the declared shape would not fit in memory.
    """
    tasks = [*REGISTRY["flow"].plan(study, None), *REGISTRY["landmark"].plan(study, None)]
    for analysis in study.file.analysis:
        tasks += REGISTRY[analysis.method].plan(study, analysis)
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
