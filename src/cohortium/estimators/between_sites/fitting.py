"""A model of one site's rows, fitted to convergence where they are; none of its rounds leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cohortium.errors import EstimationError
from cohortium.estimators.contract import Done
from cohortium.totals import require_finite

if TYPE_CHECKING:
    from cohortium.estimators.contract import Estimator, Rows

_MOST_ROUNDS = 200


def fit_here(rows: Rows, estimator: Estimator, model: Any) -> Any:
    """The estimate of one site's rows by the estimator's own rounds.

    Raises
        EstimationError: the rounds do not end.
        WireError: a total of a round is not finite.
    """
    prepared, step = estimator.prepare(rows, model), estimator.start(model)
    for _ in range(_MOST_ROUNDS):
        totals = estimator.summarize(prepared, step.params)
        require_finite(totals)
        after = estimator.solve(model, totals, step)
        if isinstance(after, Done):
            return after.estimate
        step = after
    raise EstimationError(f"a {estimator.name} model of one site did not end after {_MOST_ROUNDS} rounds")
