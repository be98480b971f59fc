"""To how many patients an endpoint with `among` applies.

Totals: whole numbers of shape (3,): patients to whom it applies, to whom it does not, of whom it is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.contract import Done, Estimator, Factor, Next, Rows, Step, Task, no_params
from cohortium.results import Statistic
from cohortium.totals import Params, Shape, Shapes, Totals

if TYPE_CHECKING:
    from cohortium.study.study import Study

METHOD = "among"


@dataclass(frozen=True)
class AmongSpec:
    """Which column tells: 1 where the endpoint applies, 0 where it does not, NaN where it is not known."""

    column: str
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
class AmongEstimate:
    """Patients analyzed: to whom the endpoint applies, to whom not, and of whom it is not known."""

    spec: AmongSpec
    applies: int
    other: int
    unknown: int

    @property
    def n(self) -> int:
        """All patients."""
        return self.applies + self.other + self.unknown


def size(_spec: AmongSpec) -> int:
    """Numbers in the totals."""
    return 3


def start(_spec: AmongSpec) -> Next:
    """The only round, without parameters."""
    return Next(Params({}))


def shapes(_spec: AmongSpec, _params: Params) -> Shapes:
    """Declared shape of the totals."""
    return {"applies": Shape("int", (3,))}


def prepare(rows: Rows, spec: AmongSpec) -> Totals:
    """All counts; nothing depends on the round."""
    column = rows.numbers[spec.column]
    applies, other = int(np.count_nonzero(column == 1.0)), int(np.count_nonzero(column == 0.0))
    return Totals({"applies": np.array([applies, other, rows.n - applies - other], np.int64)})


def summarize(prepared: Totals, _params: Params) -> Totals:
    """The counts."""
    return prepared


def solve(spec: AmongSpec, totals: Totals, _step: Next) -> Step:
    """The counts."""
    return Done(AmongEstimate(spec, *(int(count) for count in totals["applies"])))


def plan(study: Study, _analysis: object = None) -> list[Task]:
    """A task for every endpoint that applies to some patients only."""
    return [
        Task(f"among/{endpoint.name}", METHOD, AmongSpec(f"{endpoint.name}__applies"), METHOD, variable=endpoint.name)
        for endpoint in study.file.endpoint
        if study.made(endpoint.name).among
    ]


def tabulate(task: Task, estimate: AmongEstimate) -> list[Statistic]:
    """Rows of the results table: to how many of all it applies, and of how many that is not known."""
    n = estimate.n
    row = partial(
        Statistic, analysis=task.analysis, method=METHOD, variable=task.variable, n=n, denominator=n, format="count"
    )
    nobody = "" if estimate.applies else f"{task.variable} applies to no patient"
    rows = [row(statistic="applies", value=estimate.applies, warning=nobody)]
    if estimate.unknown:
        warning = f"{estimate.unknown} of {n} patients: not known whether {task.variable} applies; not analyzed for it"
        rows.append(row(statistic="applies-unknown", value=estimate.unknown, warning=warning))
    return rows


ESTIMATOR = Estimator(METHOD, plan, size, no_params, start, shapes, prepare, summarize, solve, tabulate)
