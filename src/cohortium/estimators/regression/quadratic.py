"""Quadratic forms of covariance matrices, and with them the Wald test of several coefficients at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from cohortium.estimators.contract import Reals

SINGULAR = 1e-12
"""A matrix whose correlation form has an eigenvalue below this is singular but for rounding."""


def quadratic(matrix: Reals, vector: Reals) -> float:
    """The quadratic form v' M^-1 v; NaN when M is singular."""
    spread = np.sqrt(np.diag(matrix))
    if not spread.size or not (spread > 0).all():
        return float("nan")
    scaled = matrix / np.outer(spread, spread)
    if np.linalg.eigvalsh(scaled).min() < SINGULAR:
        return float("nan")
    unit = vector / spread
    return float(unit @ np.linalg.solve(scaled, unit))


def wald(coefficients: Reals, covariance: Reals, chosen: np.ndarray) -> tuple[float, int]:
    """Wald statistic of some coefficients together and its degrees of freedom.

    The statistic is NaN when one has no finite estimate or their covariance is singular.

    chosen  shape (p,): truth values; columns without information of their own are not among them
    """
    at = np.flatnonzero(chosen)
    if not at.size or not np.isfinite(coefficients[at]).all():
        return float("nan"), int(at.size)
    return quadratic(covariance[np.ix_(at, at)], coefficients[at]), int(at.size)
