"""Patients in whom a variable that is used as known at the start of an analysis became known only later.

Totals: two whole numbers, patients counted and those in whom the variable became known later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.contract import Done, Estimator, Factor, Next, Rows, Step, Task, no_params
from cohortium.results import Statistic
from cohortium.study.later import later_uses
from cohortium.totals import Params, Shape, Shapes, Totals

if TYPE_CHECKING:
    from cohortium.study.study import Study

METHOD = "timing"


@dataclass(frozen=True)
class TimingSpec:
    """Which column marks the patients, and the words for it.

    column    numeric column that is 1 where the variable became known after the start
    sources   what may have become known later, as in the study file
    declared  True: the study declares a source as known after the origin, and no date says when
    since     the start, in words
    """

    column: str
    sources: tuple[str, ...]
    declared: bool
    since: str
    population: str = "cohort"

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed."""
        return ()

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed."""
        return (self.column,)


@dataclass(frozen=True)
class TimingEstimate:
    """Patients counted, and those in whom the variable became known later."""

    spec: TimingSpec
    n: int
    later: int


def size(_spec: TimingSpec) -> int:
    """Numbers in the totals."""
    return 2


def start(_spec: TimingSpec) -> Next:
    """The only round, without parameters."""
    return Next(Params({}))


def shapes(_spec: TimingSpec, _params: Params) -> Shapes:
    """Declared shape of the totals."""
    return {"n": Shape("int", ()), "later": Shape("int", ())}


def prepare(rows: Rows, spec: TimingSpec) -> Totals:
    """Both counts; nothing depends on the round."""
    return Totals({"n": rows.n, "later": int(np.count_nonzero(rows.numbers[spec.column] == 1.0))})


def summarize(prepared: Totals, _params: Params) -> Totals:
    """The counts."""
    return prepared


def solve(spec: TimingSpec, totals: Totals, _step: Next) -> Step:
    """The counts."""
    return Done(TimingEstimate(spec, int(totals["n"]), int(totals["later"])))


def plan(study: Study, _analysis: object = None) -> list[Task]:
    """A task for every variable of every analysis that may have become known after its start."""
    return [
        Task(
            f"{use.analysis}/known-after-origin/{use.variable}",
            METHOD,
            TimingSpec(f"{use.variable}__later", use.sources, bool(use.declared), use.since, use.population),
            use.analysis,
            variable=use.variable,
        )
        for use in later_uses(study)
    ]


def tabulate(task: Task, estimate: TimingEstimate) -> list[Statistic]:
    """One row of the results table with the warning in words; none when everything was known at the start."""
    if not estimate.later:
        return []
    spec, (verb, end) = estimate.spec, ("lie", "") if len(estimate.spec.sources) > 1 else ("lies", "s")
    how = f"become{end} known" if spec.declared else verb
    warning = (
        f"{estimate.later} of {estimate.n} patients: {' and '.join(spec.sources)} {how} after {spec.since}; "
        f"{task.variable} used as known at the start gives immortal time; "
        "use a landmark or a time-dependent covariate"
    )
    return [
        Statistic(
            task.analysis, METHOD, "known-after-origin", estimate.later, population=spec.population,
            variable=task.variable, n=estimate.n, denominator=estimate.n, format="count", warning=warning,
        )
    ]  # fmt: skip


ESTIMATOR = Estimator(METHOD, plan, size, no_params, start, shapes, prepare, summarize, solve, tabulate)
