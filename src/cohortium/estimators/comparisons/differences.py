"""Standardized mean differences of two groups, also for categories with several levels."""

from __future__ import annotations

import math

import numpy as np

from cohortium.estimators.contract import Reals


def standardized_difference(mean1: float, mean0: float, variance1: float, variance0: float) -> float:
    """Difference of means over the root of the mean of the two variances (Austin 2009); NaN when they are 0."""
    spread = math.sqrt((variance1 + variance0) / 2)
    if not spread > 0:
        return 0.0 if mean1 == mean0 else math.nan
    return (mean1 - mean0) / spread


def standardized_difference_of_levels(share1: Reals, share0: Reals) -> float:
    """Mahalanobis distance between the shares of levels (Yang and Dalton 2012), never negative.

    share1, share0   shape (levels,), each adding up to 1; levels that nobody has drop out

    With two levels it is the absolute standardized difference of a proportion.
    """
    seen = np.flatnonzero(share1 + share0 > 0)
    if seen.size < 2:
        return 0.0
    a, b = share1[seen[1:]], share0[seen[1:]]
    covariance = (np.diag(a) - np.outer(a, a) + np.diag(b) - np.outer(b, b)) / 2
    gap = a - b
    return math.sqrt(max(0.0, float(gap @ np.linalg.pinv(covariance, hermitian=True) @ gap)))
