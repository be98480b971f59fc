"""The sums behind smoothed scaled Schoenfeld residuals, at sites and at the center."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

from cohortium.estimators.cox.after.risk import own_risk_sets
from cohortium.estimators.cox.after.schoenfeld import smooth_sums
from cohortium.estimators.cox.after.trend import event_sums
from cohortium.totals import Shape

if TYPE_CHECKING:
    from cohortium.estimators.contract import Integers, Reals
    from cohortium.estimators.cox.after.schoenfeld import SmoothSums
    from cohortium.estimators.cox.prepare import PreparedCox
    from cohortium.estimators.cox.spec import CoxSpec
    from cohortium.estimators.cox.ties import EventTimes
    from cohortium.totals import Params, Shapes, Totals

CONSTANT = 1e-13
"""A column whose variance in a stratum is below this share of its mean square about the origin differs by rounding."""


def columns_varying(prepared: PreparedCox) -> np.ndarray:
    """Which columns take more than one value in each stratum of a site, shape (s, p), in the order of its key table."""
    usable, n_times = prepared.usable, prepared.spec.grid.size
    strata = prepared.rows.keys[prepared.rows.stratum_starts[:-1]] // n_times if prepared.rows.keys.size else ()
    place = np.searchsorted(np.asarray(strata, np.int64), usable.stratum)
    varying = np.zeros((len(strata), len(usable.columns)), bool)
    for j, column in enumerate(usable.columns):
        values = column(slice(None))
        lowest, highest = np.full(len(strata), np.inf), np.full(len(strata), -np.inf)
        np.minimum.at(lowest, place, values)
        np.maximum.at(highest, place, values)
        varying[:, j] = highest > lowest
    return varying


def stratum_shapes(spec: CoxSpec) -> Shapes:
    """Declared shape of rows, sums and sums of squares of the covariates by stratum."""
    sums = Shape("float", (spec.n_strata, len(spec.columns)))
    return {"stratum_rows": Shape("int", (spec.n_strata,)), "stratum_sum": sums, "stratum_square": sums}


def stratum_moments(prepared: PreparedCox, params: Params) -> dict[str, Any]:
    """A site's rows, sums and sums of squares about the origin, by declared stratum."""
    usable, center, n_strata = prepared.usable, params["center"], prepared.spec.n_strata
    first, second = np.zeros((n_strata, center.size)), np.zeros((n_strata, center.size))
    for j, column in enumerate(usable.columns):
        x = column(slice(None)) - center[j]
        first[:, j] = np.bincount(usable.stratum, x, minlength=n_strata)
        second[:, j] = np.bincount(usable.stratum, x * x, minlength=n_strata)
    rows = np.bincount(usable.stratum, minlength=n_strata)
    return {"stratum_rows": rows, "stratum_sum": first, "stratum_square": second}


def shared_varying(totals: Totals) -> np.ndarray:
    """Which columns take more than one value in each declared stratum over all sites, shape (s, p)."""
    rows = np.maximum(totals["stratum_rows"], 1)[:, None]
    first, second = totals["stratum_sum"], totals["stratum_square"]
    return np.asarray(second - first * first / rows > CONSTANT * second)


def smooth_shapes(spec: CoxSpec, df: int) -> Shapes:
    """Declared shape of the sums of a site: scaled where strata lie inside sites, otherwise of covariates at events."""
    p = len(spec.columns)
    if spec.nested:
        return {"cross": Shape("float", (p, df)), "gram": Shape("float", (p, df, df))}
    return {"event_basis": Shape("float", (spec.n_strata, df, p))}


def site_smooth(prepared: PreparedCox, params: Params) -> dict[str, Any]:
    """A site's sums."""
    rows, spec, center = prepared.rows, prepared.spec, params["center"]
    basis = params["basis"][rows.keys % spec.grid.size]
    at_events = event_sums(rows, center, weighted=False)
    if not spec.nested:
        event_basis = np.zeros((spec.n_strata, basis.shape[1], center.size))
        strata = rows.keys[rows.stratum_starts[:-1]] // spec.grid.size if rows.keys.size else np.empty(0, np.int64)
        event_basis[strata] = _by_stratum(basis, at_events, rows.stratum_starts)
        return {"event_basis": event_basis}
    found = own_risk_sets(prepared, params)
    at_events[found.at] -= expected_at_events(found)
    varying = columns_varying(prepared) & (params["free"] == 1)
    by_stratum = _by_stratum(basis, at_events, rows.stratum_starts)
    gram = _by_stratum(basis, basis * rows.deaths[:, None], rows.stratum_starts)
    return smooth_sums(by_stratum, gram, varying, params["mean_information"])._asdict()


def shared_smooth(
    spec: CoxSpec, found: EventTimes, event_basis: Reals, basis: Reals, varying: np.ndarray, mean_information: Reals
) -> SmoothSums:
    """The sums over all sites, from risk sets shared between them.

    event_basis  shape (s, df, p): sums over events of basis x covariates
    basis        shape (n_times, df)
    """
    here = basis[found.at % spec.grid.size]
    bounds = np.searchsorted(found.at // spec.grid.size, np.arange(spec.n_strata + 1))
    by_stratum = event_basis - _by_stratum(here, expected_at_events(found), bounds)
    gram = _by_stratum(here, here * found.n_deaths[:, None], bounds)
    return smooth_sums(by_stratum, gram, varying, mean_information)


def expected_at_events(found: EventTimes) -> Reals:
    """Risk-set means with which the deaths at each event time are compared, times their number, shape (e, p)."""
    total = found.mean * found.sums.a[:, None] - found.dead_mean * found.sums.phi_a[:, None]
    return np.asarray(total * (found.n_deaths / found.death_weight)[:, None])


def _by_stratum(left: Reals, right: Reals, bounds: Integers) -> Reals:
    """Transposed `left` times `right` over the rows of each stratum, shape (s, a, b)."""
    parts = [left[begin:end].T @ right[begin:end] for begin, end in itertools.pairwise(bounds)]
    return np.array(parts).reshape(len(parts), left.shape[1], right.shape[1])
