"""How far a curve whose follow-up is counted in weeks or months can be from the curve in days.

Within a unit with n at risk at its start, d events and c censorings, survival falls to 1 - d/n of what it was when all
censorings come after the events, which is how the unit is counted, and to 1 - d/(n - c) when all come before them. The
curve in days lies between the two at the end of every unit, whatever the order of days (a factor falls with the number
at risk).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cohortium.estimators.kaplan_meier.quantiles import FLAT, MEDIAN

if TYPE_CHECKING:
    from collections.abc import Callable

    from cohortium.estimators.contract import Reals
    from cohortium.estimators.grid import Grid
    from cohortium.estimators.kaplan_meier.curve import Curve
    from cohortium.estimators.kaplan_meier.quantiles import Quantile
    from cohortium.estimators.kaplan_meier.spec import KaplanMeierSpec
    from cohortium.results import Statistic

BOUND = "grid-bound"


class Between(NamedTuple):
    """The curves between which the curve in days lies, at every value of the grid, shape (size,) each.

    highest   the curve as counted
    lowest    all censorings of a unit before its events
    """

    days: Reals
    highest: Reals
    lowest: Reals


def between(grid: Grid, time: Reals, n_risk: Reals, n_event: Reals) -> Between:
    """The bounds of a curve.

    time     shape (m,): distinct follow-up times, values of the grid
    n_risk   shape (m,): at risk just before each, or their weights
    n_event  shape (m,): events at each, or their weights
    """
    at = np.searchsorted(grid.values, time)
    stay, event = np.append(n_risk[1:], 0.0), n_event
    with np.errstate(divide="ignore", invalid="ignore"):
        smallest = np.where(event > 0, stay / (stay + event), 1.0)
        counted = np.where(event > 0, 1.0 - event / n_risk, 1.0)
    smallest = np.where(grid.is_single_day[at], counted, smallest)
    factors = np.ones((2, grid.size))
    factors[0, at], factors[1, at] = counted, smallest
    return Between(grid.values, *np.cumprod(factors, axis=1))


def largest_difference(bounds: Between) -> float:
    """Largest possible difference of survival at the end of a unit."""
    return float((bounds.highest - bounds.lowest).max())


def difference_at(bounds: Between, time: float) -> float:
    """Largest possible difference of survival at any time."""
    step = int(np.searchsorted(bounds.days, time, side="right")) - 1
    is_end = time < bounds.days[step] + 1
    last = step if is_end else min(step + 1, bounds.days.size - 1)
    return float(bounds.highest[step] - bounds.lowest[last])


def difference_of_mean(bounds: Between, tau: float) -> float:
    """Largest possible difference of the area under the curve up to tau."""
    width = np.diff(np.minimum(bounds.days, tau))
    return float(width @ (bounds.highest[:-1] - bounds.lowest[1:]))


def difference_of_quantile(bounds: Between, quantile: Quantile, rule: str, last: float) -> float:
    """Largest possible difference of a quantile; infinite where it may be reached in days and is not in units.

    last   last follow-up time, up to which a quantile on a flat step at the end of the curve can lie
    """
    level = 1.0 - quantile.probability
    may_be = np.flatnonzero(bounds.lowest <= level + FLAT)
    if not may_be.size:
        return 0.0
    if np.isnan(quantile.value):
        return float("inf")
    first = may_be[0]
    earliest = bounds.days[first - 1] + 1 if first else bounds.days[0]
    passed = bounds.highest <= level + FLAT if rule == "first" else bounds.highest < level - FLAT
    latest = bounds.days[np.argmax(passed)] if passed.any() else last
    return float(max(quantile.value - earliest, latest - quantile.value, 0.0))


def bound_rows(row: Callable[..., Statistic], spec: KaplanMeierSpec, curve: Curve) -> Iterator[Statistic]:
    """Rows of the results table: the largest possible difference of each statistic from the one in days."""
    if not spec.grid.is_coarse or not curve.time.size:
        return
    here = partial(row, statistic=BOUND, n=curve.n, note=f"largest difference from whole days; {spec.grid.note}")
    bounds = between(spec.grid, curve.time, curve.weight_risk, curve.weight_event)
    at_ends = f"largest difference from whole days at the ends of {spec.grid.unit}; {spec.grid.note}"
    yield here(level="survival", value=largest_difference(bounds), note=at_ends)
    for time, _ in spec.at:
        if time <= curve.time[-1] or curve.survival[-1] == 0:
            yield here(level="survival-at", time=time, value=difference_at(bounds, time))
    for q in curve.quantiles:
        name = "median" if q.probability == MEDIAN else f"quantile {q.probability:g}"
        days = difference_of_quantile(bounds, q, spec.quantile_rule, float(curve.time[-1]))
        if np.isinf(days):
            yield here(level=name, value=None, unit="days", warning="may be reached when follow-up is counted in days")
        elif not np.isnan(q.value):
            yield here(level=name, value=days, unit="days", format="days")
    mean = curve.restricted_mean
    if mean is not None and not mean.problem:
        yield here(level="restricted-mean", value=difference_of_mean(bounds, mean.tau), unit="days", format="days")
