"""Scaled Schoenfeld residuals of single rows, on the scale of the smoothed ones; for rows that are on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.cox.after.smooth_rounds import columns_varying, shared_varying, stratum_moments
from cohortium.estimators.cox.residuals import EventResiduals, event_residuals
from cohortium.totals import Params, Totals, add_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.estimators.contract import Integers, Reals
    from cohortium.estimators.cox.prepare import PreparedCox
    from cohortium.estimators.cox.spec import CoxSpec
    from cohortium.estimators.cox.stages import Fit


def scaled_points(
    prepared: Sequence[PreparedCox], spec: CoxSpec, fit: Fit, mean_information: Reals
) -> list[EventResiduals]:
    """Residuals scaled by the mean information, plus beta, by site; NaN where a column does not vary in a stratum.

    mean_information  shape (p, p), of `ProportionalTests`
    """
    found = event_residuals(prepared, spec, fit, "schoenfeld")
    varying = [pattern & fit.free for pattern in _varying(prepared, spec, fit)]
    return [
        part._replace(values=_scaled(part.values, pattern, site.usable.stratum[part.row], fit.beta, mean_information))
        for site, part, pattern in zip(prepared, found, varying, strict=True)
    ]


def _varying(prepared: Sequence[PreparedCox], spec: CoxSpec, fit: Fit) -> list[np.ndarray]:
    """Which columns vary in each declared stratum, shape (s, p), as each site sees it."""
    if not spec.nested:
        params = Params({"center": fit.center})
        return [shared_varying(add_up([Totals(stratum_moments(site, params)) for site in prepared]))] * len(prepared)
    patterns = []
    for site in prepared:
        pattern = np.zeros((spec.n_strata, len(spec.columns)), bool)
        pattern[np.unique(site.usable.stratum)] = columns_varying(site)
        patterns.append(pattern)
    return patterns


def _scaled(residuals: Reals, varying: np.ndarray, stratum: Integers, beta: Reals, mean_information: Reals) -> Reals:
    """Scaled residuals, rows of strata where the same columns vary together, shape (d, p).

    varying  shape (s, p)
    stratum  shape (d,)
    """
    values = np.full_like(residuals, np.nan)
    patterns, of_stratum = np.unique(varying, axis=0, return_inverse=True)
    of_row = of_stratum.reshape(-1)[stratum]
    for position, pattern in enumerate(patterns):
        columns, rows = np.flatnonzero(pattern), np.flatnonzero(of_row == position)
        if columns.size:
            scaled = np.linalg.solve(mean_information[np.ix_(columns, columns)], residuals[np.ix_(rows, columns)].T)
            values[np.ix_(rows, columns)] = scaled.T + beta[columns]
    return values
