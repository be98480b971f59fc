"""How far a cumulative incidence from follow-up counted in weeks or months can be from the one in days.

An event adds S/Y, the probability of no event so far over the number at risk. Events leave S/Y as it is and censorings
raise it, so that within a unit with Y at risk at its start, d events and c censorings it lies between S/Y and
S/Y x (Y - d + 1) / (Y - d + 1 - c): all censorings just before the last event. S at the start lies between the curves
that bound Kaplan-Meier, and all incidences and S add up to 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.kaplan_meier.grid_bound import BOUND, between

if TYPE_CHECKING:
    from collections.abc import Callable

    from cohortium.estimators.competing.incidence.curves import GroupCurves
    from cohortium.estimators.competing.incidence.spec import IncidenceSpec
    from cohortium.estimators.contract import Reals
    from cohortium.estimators.grid import Grid
    from cohortium.results import Statistic


def incidences_between(grid: Grid, curves: GroupCurves) -> tuple[Reals, Reals]:
    """Lowest and highest possible incidence in days of each cause at every value of the grid, (causes, size) each."""
    at = np.searchsorted(grid.values, curves.time)
    events = np.array([cause.n_event for cause in curves.causes], np.float64)
    risk, censored, total = curves.n_risk.astype(np.float64), curves.n_censor, events.sum(axis=0)
    bounds = between(grid, curves.time, risk, total)
    before = np.maximum(at - 1, 0)
    lowest, highest = (np.where(at > 0, side[before], 1.0) for side in (bounds.lowest, bounds.highest))
    last = risk - total + 1.0
    raised = np.where((total > 0) & ~grid.is_single_day[at], last / np.where(total > 0, last - censored, 1.0), 1.0)
    low, high = np.zeros((2, len(events), grid.size))
    low[:, at], high[:, at] = events * lowest / risk, events * highest / risk * raised
    low, high = np.cumsum(low, axis=1), np.cumsum(high, axis=1)
    others = low.sum(axis=0) - low
    return low, np.minimum(high, 1.0 - bounds.lowest - others)


def bound_rows(row: Callable[..., Statistic], spec: IncidenceSpec, curves: GroupCurves) -> Iterator[Statistic]:
    """Rows of the results table: the largest possible difference of each incidence from the one in days."""
    grid = spec.grid
    if not grid.is_coarse or not curves.time.size:
        return
    here = partial(row, statistic=BOUND, n=curves.n, note=f"largest difference from whole days; {grid.note}")
    for cause, low, high in zip(curves.causes, *incidences_between(grid, curves), strict=True):
        counted = np.zeros(grid.size)
        counted[np.searchsorted(grid.values, curves.time)] = cause.incidence
        counted = np.maximum.accumulate(counted)
        yield here(
            level=f"cumulative-incidence, {cause.cause}",
            value=float(np.maximum(high - counted, counted - low).max()),
            note=f"largest difference from whole days at the ends of {grid.unit}; {grid.note}",
        )
        for time, _ in spec.at:
            if time <= curves.time[-1] or curves.survival[-1] == 0:
                step = int(np.searchsorted(grid.values, time, side="right")) - 1
                end = step if time < grid.values[step] + 1 else min(step + 1, grid.size - 1)
                apart = max(high[end] - counted[step], counted[step] - low[step])
                yield here(level=f"cumulative-incidence-at, {cause.cause}", time=time, value=float(apart))
