"""The chain as an entry of the registry, and what a study prints of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from cohortium.estimators.contract import Estimator, Factor, Task
from cohortium.estimators.imputation.rounds import asks, shapes, size
from cohortium.estimators.imputation.site import prepare, summarize
from cohortium.estimators.imputation.solve import Imputation, solve, start
from cohortium.estimators.imputation.spec import FollowUp, ImputationSpec, Known, Quantity
from cohortium.estimators.planning import factor_of, followup_of
from cohortium.estimators.wording import left_out
from cohortium.results import Statistic

if TYPE_CHECKING:
    from cohortium.study.imputation import Imputation as Section
    from cohortium.study.study import Study

LEFT_OUT = "a helper, the follow-up or the key not known, so that nothing is imputed"


def plan(_study: Study, _analysis: Any) -> list[Task]:
    """No task of its own: the chain runs before the analyses that ask for it."""
    return []


def imputation_of(study: Study, section: Section) -> ImputationSpec:
    """The specification of an `[[imputation]]` section."""
    outcomes = []
    for name in section.endpoints:
        follow = followup_of(study, name)
        outcomes.append(FollowUp(follow.time, follow.event, follow.grid, follow.entry, follow.n_causes))
    return ImputationSpec(
        tuple(_known(study, name) for name in section.variables),
        tuple(_known(study, name) for name in section.auxiliary),
        tuple(outcomes),
        m=section.m,
        iterations=section.iterations,
        seed=study.file.study.seed if section.seed is None else section.seed,
        name=section.name,
    )


def _known(study: Study, name: str) -> Known:
    declared = study.variable(name)
    if declared.kind == "category":
        return factor_of(study, name)
    return Quantity(name, declared.minimum or 0.0, declared.maximum or 0.0, declared.decimals)


def tabulate(task: Task, estimate: Imputation) -> list[Statistic]:
    """Values imputed of each variable."""
    spec = estimate.spec
    note = f"{spec.m} imputations, {spec.iterations} iterations, seed {spec.seed}"
    warning = estimate.problem or left_out((estimate.left_out, LEFT_OUT))
    row = partial(Statistic, analysis=task.analysis, method="imputation", format="count", n=estimate.n, note=note)
    rows = [row(statistic="n", value=estimate.n, warning=warning)]
    for known in spec.variables:
        how = "logistic regression" if isinstance(known, Factor) else "Bayesian linear regression"
        count = estimate.missing[known.name]
        rows.append(
            row(
                statistic="imputed",
                variable=known.name,
                value=None if estimate.problem else count,
                denominator=estimate.n,
                note=f"{how}; {note}",
                warning=estimate.problem,
            )
        )
    return rows


ESTIMATOR = Estimator("imputation", plan, size, asks, start, shapes, prepare, summarize, solve, tabulate)
