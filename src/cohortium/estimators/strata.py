"""Strata: combinations of categorical columns as one code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.estimators.contract import Factor, Integers, Rows


def stratum_codes(rows: Rows, strata: Sequence[Factor]) -> Integers:
    """Position of each row's stratum among the declared combinations, shape (n,); -1 when a part is not known."""
    code = np.zeros(rows.n, np.int64)
    known = np.ones(rows.n, bool)
    for factor in strata:
        part = rows.codes[factor.name]
        known &= part >= 0
        code = code * len(factor) + part
    return np.where(known, code, -1)


def count_strata(strata: Sequence[Factor]) -> int:
    """Number of declared combinations of the factors' levels; 1 without factors."""
    count = 1
    for factor in strata:
        count *= len(factor)
    return count
