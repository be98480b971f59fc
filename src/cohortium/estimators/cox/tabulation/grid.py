"""How far the coefficients can be from those of follow-up counted in days."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.cox.after.grid_bound import NAME, GridBound
from cohortium.results import Statistic

if TYPE_CHECKING:
    from cohortium.estimators.contract import Task
    from cohortium.estimators.cox.estimate import CoxEstimate

FIRST_ORDER = "largest difference of the coefficient from whole days, to first order"


def grid_rows(task: Task, estimate: CoxEstimate) -> Iterator[Statistic]:
    """A row for every coefficient; none in a study that counts days.

    With strata inside sites whole days are kept, and the difference is 0.
    """
    grid = estimate.spec.grid
    if not grid.note or estimate.problem:
        return
    row = partial(
        Statistic, analysis=task.analysis, method="cox", statistic=NAME, model=task.model, n=estimate.counts.n,
        note=f"{FIRST_ORDER}; {grid.note}",
    )  # fmt: skip
    found = estimate.after.get(NAME)
    for j, column in enumerate(estimate.spec.columns):
        level = f"coefficient, {column.label}" if column.label else "coefficient"
        named = partial(row, variable=column.term.name, level=level)
        if grid.kept:
            yield named(value=0.0)
        elif isinstance(found, GridBound) and np.isfinite(found.coefficients[j]):
            yield named(value=float(found.coefficients[j]))
        else:
            reason = estimate.refusals.get(column.name) or getattr(found, "reason", "no finite estimate")
            yield named(value=None, warning=reason)
