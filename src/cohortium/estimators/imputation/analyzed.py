"""Analyses of imputed rows: the chain, then every analysis on each imputation side by side, then Rubin's rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from cohortium.estimators.combined import chained, together
from cohortium.estimators.combined.chained import ChainedEstimate, ChainedSpec, Link, Refusal
from cohortium.estimators.combined.together import Member, TogetherSpec
from cohortium.estimators.contract import Estimator, Factor, Rows, Task
from cohortium.estimators.imputation import estimator as imputation
from cohortium.estimators.imputation.methods import METHODS
from cohortium.estimators.imputation.rounds import found_shapes
from cohortium.estimators.imputation.site import imputed_rows, one_imputation
from cohortium.estimators.imputation.site import prepare as prepare_imputation
from cohortium.estimators.wording import left_out
from cohortium.results import Statistic
from cohortium.totals import Totals

if TYPE_CHECKING:
    from cohortium.estimators.imputation.solve import Imputation
    from cohortium.estimators.imputation.spec import ImputationSpec
    from cohortium.study.study import Study

COMPLETE_CASES = "complete cases"
"""Model of the rows of the analysis of the patients whose values are all known."""

TOGETHER = Estimator(
    "together",
    lambda _study, _analysis: [],
    together.size,
    together.asks,
    together.start,
    together.shapes,
    together.prepare,
    together.summarize,
    together.solve,
    lambda _task, _estimate: [],
)


@dataclass(frozen=True)
class ImputedSpec:
    """Analyses of imputed rows.

    tasks   each analysis, as it would be made of rows without unknown values
    """

    imputation: ImputationSpec
    tasks: tuple[Task, ...]
    population: str = "cohort"

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed."""
        return self.chain.factors

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed."""
        return self.chain.numbers

    @cached_property
    def chain(self) -> ChainedSpec:
        """The chain, then all analyses of all imputations."""
        names = tuple(known.name for known in self.imputation.variables)
        members = {
            f"{number}/{i}": Member(
                METHODS[task.method].estimator,
                METHODS[task.method].alone(task.spec),
                partial(one_imputation, names=names, i=i),
            )
            for number, task in enumerate(self.tasks)
            for i in range(self.imputation.m)
        }
        link = Link((), found_shapes(self.imputation), _found, partial(_rows, spec=self.imputation))
        first = Member(imputation.ESTIMATOR, self.imputation)
        return ChainedSpec(first, link, Member(TOGETHER, TogetherSpec(members, dict)), self.population)


def _found(estimate: Imputation) -> Totals | Refusal:
    return Refusal(estimate.problem) if estimate.problem else estimate.found


def _rows(rows: Rows, found: Totals, spec: ImputationSpec) -> Rows:
    return imputed_rows(prepare_imputation(rows, spec), found)


def over_imputations(study: Study, analysis: Any, tasks: Sequence[Task]) -> Sequence[Task]:
    """The tasks of an analysis: as they are, or of imputed rows where the analysis asks for it.

    The multivariable model of the complete cases stays, to compare with.
    """
    name = getattr(analysis, "imputation", None)
    if name is None:
        return tasks
    section = next(each for each in study.file.imputation if each.name == name)
    spec = replace(imputation.imputation_of(study, section), population=tasks[0].spec.population)
    key = f"{analysis.name}/imputed"
    imputed = Task(key, "imputed", ImputedSpec(spec, tuple(tasks), spec.population), analysis.name)
    whole = [
        replace(
            task, key=f"{task.key}/{COMPLETE_CASES}", model=COMPLETE_CASES, spec=METHODS[task.method].alone(task.spec)
        )
        for task in tasks
        if task.model == "multivariable"
    ]
    return [imputed, *whole]


def plan(_study: Study, _analysis: Any) -> list[Task]:
    """No task of its own: see `over_imputations`."""
    return []


def tabulate(task: Task, estimate: ChainedEstimate) -> list[Statistic]:
    """The values imputed, then the pooled rows of every analysis."""
    spec: ImputedSpec = task.spec
    rows = imputation.tabulate(task, estimate.first)
    note = f"{spec.imputation.m} imputations, Rubin's rules"
    left = left_out((estimate.first.left_out, imputation.LEFT_OUT))
    for number, inner in enumerate(spec.tasks):
        if estimate.second is None:
            refused = Statistic(
                task.analysis, inner.method, "model-n", None, model=inner.model, variable=inner.variable
            )
            rows.append(replace(refused, warning=f"nothing can be imputed: {estimate.problem}"))
            continue
        found = [estimate.second[f"{number}/{i}"] for i in range(spec.imputation.m)]
        rows += [_noted(row, note, left) for row in METHODS[inner.method].pooled(inner, found)]
    return rows


def _noted(row: Statistic, note: str, left: str) -> Statistic:
    if row.note == "reference" or row.format == "p":
        return row
    warning = "; ".join(filter(None, [row.warning, left])) if row.statistic == "model-n" else row.warning
    return replace(row, note="; ".join(filter(None, [row.note, note])), warning=warning)


ESTIMATOR = Estimator(
    "imputed",
    plan,
    lambda spec: chained.size(spec.chain),
    lambda spec, params: chained.asks(spec.chain, params),
    lambda spec: chained.start(spec.chain),
    lambda spec, params: chained.shapes(spec.chain, params),
    lambda rows, spec: chained.prepare(rows, spec.chain),
    chained.summarize,
    lambda spec, totals, step: chained.solve(spec.chain, totals, step),
    tabulate,
)
