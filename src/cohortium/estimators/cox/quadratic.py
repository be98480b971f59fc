"""Quadratic forms of covariance matrices, for tests of several coefficients at once."""

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
