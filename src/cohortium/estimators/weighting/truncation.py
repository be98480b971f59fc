"""The weight above which weights are cut, as the second fit after the score: a quantile over all sites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cohortium.errors import WireError
from cohortium.estimators.contract import Done, Estimator, Next, Step
from cohortium.estimators.weighting.model import WEIGHT
from cohortium.estimators.weighting.order_statistic import (
    BINS,
    ROUNDS,
    Search,
    narrowed,
    rank_of_quantile,
    tally,
)
from cohortium.estimators.weighting.weights import is_estimated
from cohortium.totals import Params, Shape, Shapes, Totals

if TYPE_CHECKING:
    from cohortium.estimators.contract import Factor, Reals, Rows
    from cohortium.estimators.weighting.model import Weighting


@dataclass(frozen=True)
class LimitSpec:
    """Which quantile of whose weights."""

    weighting: Weighting
    population: str = "cohort"

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Those of the score: treatment is among them."""
        return self.weighting.fit.factors

    @property
    def numbers(self) -> tuple[str, ...]:
        """The weights, and the numbers of the score."""
        return (*self.weighting.fit.numbers, WEIGHT)


def _asks(_spec: LimitSpec, params: Params) -> Shapes:
    _step(params)
    return {"step": Shape("int", ()), "bin": Shape("int", ())}


def _start(_spec: LimitSpec) -> Next:
    return Next(Params({"step": 0, "bin": 0}))


def _shapes(_spec: LimitSpec, params: Params) -> Shapes:
    _step(params)
    return {"tally": Shape("int", (BINS,))}


def _prepare(rows: Rows, spec: LimitSpec) -> Reals:
    """The weights that are estimated."""
    weights = rows.numbers[WEIGHT]
    treated, _ = spec.weighting.fit.event_of(rows)
    return np.asarray(weights[is_estimated(weights, treated, spec.weighting.estimand)])


def _summarize(weights: Reals, params: Params) -> Totals:
    return Totals({"tally": tally(weights, _step(params), int(params["bin"]))})


def _solve(spec: LimitSpec, totals: Totals, step: Next) -> Step:
    search: Search | None = step.memory
    if search is None:
        n = int(totals["tally"].sum())
        if n == 0:
            return Done(0.0)
        search = Search(0, 0, rank_of_quantile(n, spec.weighting.truncate))
    search = narrowed(search, totals["tally"])
    if search.step == ROUNDS:
        return Done(search.weight)
    return Next(Params({"step": search.step, "bin": np.int64(search.bin)}), search)


def _step(params: Params) -> int:
    step = params.get("step")
    if step is None or step.shape != () or step.dtype.kind != "i" or not 0 <= int(step) < ROUNDS:
        raise WireError("the limit of weights has no such round")
    return int(step)


def _nothing(*_arguments: Any) -> list[Any]:
    """No tasks and no rows of its own."""
    return []


LIMIT = Estimator(
    "weight-limit", _nothing, lambda _spec: BINS, _asks, _start, _shapes, _prepare, _summarize, _solve, _nothing
)
"""Its estimate is the largest weight that stays as it is; 0 when nobody has a weight."""
