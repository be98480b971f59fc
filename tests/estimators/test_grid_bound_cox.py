"""Cox coefficients on a coarse grid stay within their printed bounds of those in days."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cohortium.estimators.contract import Rows
from cohortium.estimators.cox.spec import CoxSpec, NumberTerm
from cohortium.estimators.grid import Grid
from estimators.cases import GRADE, TERMS, Case, rounds, simulated_rows, split, with_numbers

LAST = 360
DAYS = Grid.whole(LAST)
GRIDS = (Grid.ends_of("weeks", LAST, 30.4375), Grid.ends_of("months", LAST, 30.4375))
# The bound is of first order; the second order is of the size of its square.
SECOND_ORDER = 0.5
ROUNDING = 1e-9
both_grids = pytest.mark.parametrize("grid", GRIDS, ids=lambda grid: grid.unit)


def in_days(seed: int, n: int = 250) -> Rows:
    rows = simulated_rows(seed, n)
    days = np.minimum(rows.numbers["time"] * 6 + np.random.default_rng(seed).integers(0, 6, n), LAST)
    return with_numbers(rows, {"time": days, "age": rows.numbers["age"] / 10})


def bound_of(spec: CoxSpec, rows: Rows, seed: int = 0):
    estimate, _ = rounds(Case("", "cox", spec), split(rows, seed, n_parts=2))
    return estimate, estimate.after["grid-bound"]


@both_grids
@pytest.mark.parametrize("ties", ["efron", "breslow"])
@pytest.mark.parametrize("seed", range(10))
def test_coefficients(grid: Grid, ties: str, seed: int) -> None:
    rows = in_days(seed)
    for terms, strata in ((TERMS, ()), (TERMS[:2], (GRADE,))):
        spec = CoxSpec("time", "event", DAYS, terms, strata=strata, ties=ties)
        exact, _ = rounds(Case("", "cox", spec), [rows])
        coarse, bound = bound_of(replace(spec, grid=grid), rows, seed)
        apart = np.abs(exact.coefficients - coarse.coefficients)
        allowed = bound.coefficients + SECOND_ORDER * bound.coefficients**2
        assert np.all(apart <= allowed + ROUNDING), (apart, bound.coefficients)


@both_grids
@pytest.mark.parametrize("seed", range(5))
def test_the_first_step_from_the_estimate_in_units_is_within_the_bound(grid: Grid, seed: int) -> None:
    """No first order here: the inverse information times the score in days, by its definition over the rows."""
    rows = in_days(seed)
    spec = CoxSpec("time", "event", grid, TERMS[:2], ties="breslow")
    coarse, bound = bound_of(spec, rows)
    x = np.stack([rows.numbers[term.variable] for term in TERMS[:2]], axis=1)
    known = ~np.isnan(x).any(axis=1)
    x, time, event = x[known], rows.numbers["time"][known], rows.numbers["event"][known]
    theta = np.exp(x @ coarse.coefficients)
    score = np.zeros(2)
    for i in np.flatnonzero(event):
        at_risk = time >= time[i]
        score += x[i] - theta[at_risk] @ x[at_risk] / theta[at_risk].sum()
    step = coarse.covariance @ score
    assert np.all(np.abs(step) <= bound.coefficients * (1 + 1e-6) + 1e-9)


def test_one_week_in_closed_form() -> None:
    """One covariate, one death, one patient censored in its week and two who stay, one of whom dies far later."""
    rows = Rows(
        4,
        {"time": np.array([3.0, 5, 30, 60]), "event": np.array([1.0, 0, 1, 0]), "x": np.array([1.0, 0, 0, 1])},
        {},
    )
    spec = CoxSpec("time", "event", GRIDS[0], (NumberTerm("x"),), ties="breslow")
    estimate, bound = bound_of(spec, rows)
    r = np.exp(estimate.coefficients[0])
    # First week: at risk 2r + 2, leaving r (the death) and 1 (censored), staying 1 and r, so h = r / (1 + r).
    h = r / (1 + r)
    leaving = r * (1 - h) + h
    width = leaving / 2 / (1 + r + r)
    shift = 2 * r / (2 * r + 2) - h
    # Fifth week: only the second death leaves, at risk 1 + r, staying r; h = r / (r + 1/2).
    h = r / (r + 0.5)
    width += h / 2 / (r + 1)
    shift += r / (1 + r) - h
    variance = float(estimate.covariance[0, 0])
    assert bound.coefficients[0] == pytest.approx(variance * (abs(shift) + width), rel=1e-9)


def test_correlated_columns_are_bounded_together() -> None:
    """The bound of each element of a product with the inverse is below the product of the bounds."""
    rows = in_days(3)
    correlated = rows.numbers["age"] + np.random.default_rng(3).normal(0, 0.3, rows.n)
    rows = with_numbers(rows, {"older": correlated})
    both = CoxSpec("time", "event", GRIDS[0], (NumberTerm("age"), NumberTerm("older")))
    estimate, bound = bound_of(both, rows)
    alone, single = bound_of(replace(both, terms=(NumberTerm("age"),)), rows)
    assert bound.coefficients[0] > single.coefficients[0]
    errors = np.sqrt(np.diag(estimate.covariance)), np.sqrt(np.diag(alone.covariance))
    assert bound.coefficients[0] / errors[0][0] < 1.5 * single.coefficients[0] / errors[1][0]


def test_weights_and_days_have_none() -> None:
    rows = with_numbers(in_days(1), {"w": np.full(250, 2.0)})
    spec = CoxSpec("time", "event", GRIDS[0], TERMS[:2], weight="w")
    _, refused = bound_of(spec, rows)
    assert refused.reason == "not bounded with case weights or left truncation"
    estimate, _ = rounds(Case("", "cox", replace(spec, grid=DAYS, weight="")), [rows])
    assert "grid-bound" not in estimate.after
