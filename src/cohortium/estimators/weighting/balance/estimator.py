"""Balance as the second fit of weighting; the registry has it with the score's model before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cohortium.estimators.contract import Estimator, Task
from cohortium.estimators.weighting.balance.solve import solve
from cohortium.estimators.weighting.balance.tabulate import tabulate
from cohortium.estimators.weighting.balance.totals import asks, prepare, shapes, size, start, summarize

if TYPE_CHECKING:
    from cohortium.study.study import Study


def _plan(_study: Study, _analysis: Any) -> list[Task]:
    """Nothing: balance has no rows of its own to start from."""
    return []


BALANCE = Estimator("balance", _plan, size, asks, start, shapes, prepare, summarize, solve, tabulate)
