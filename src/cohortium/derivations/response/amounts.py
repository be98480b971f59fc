"""Amounts as whole numbers, so that a comparison at a threshold is exact.

In doubles 0.9 - 0.4 is below 0.5. Amounts are therefore counted in millionths of their unit, percentages in hundredths
of a percent, and all comparisons are between products of whole numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from cohortium.derivations.response.criteria import Bound

Whole: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]
Reals: TypeAlias = NDArray[np.float64]

PER_UNIT = 1_000_000
UNKNOWN = 2**40
"""Stands for an amount that is not known; above every amount, so that a minimum passes over it."""

_COMPARE: Mapping[str, np.ufunc] = {
    ">=": np.greater_equal,
    ">": np.greater,
    "<=": np.less_equal,
    "<": np.less,
}


def whole(values: Reals) -> Whole:
    """Amounts in millionths of their unit; what is no number, or below 0, is unknown."""
    usable = values >= 0
    scaled = np.rint(np.where(usable, values, 0.0) * PER_UNIT)
    return np.where(usable, np.minimum(scaled, UNKNOWN - 1), UNKNOWN).astype(np.int64)


def reals(amounts: Whole) -> Reals:
    """Amounts in their unit; NaN where not known."""
    return np.where(amounts == UNKNOWN, np.nan, amounts / PER_UNIT)


def known(*amounts: Whole) -> Flags:
    """Whether all of the amounts are known."""
    flags: Flags = amounts[0] != UNKNOWN
    for other in amounts[1:]:
        flags = flags & (other != UNKNOWN)
    return flags


def difference(first: Whole, second: Whole) -> Whole:
    """First minus second; unknown where one of them is."""
    return np.where(known(first, second), first - second, UNKNOWN)


def is_amount(bound: Bound, amounts: Whole) -> Flags:
    """Whether an amount is known to keep the bound."""
    found: Flags = _COMPARE[bound.sign](amounts, round(bound.value * PER_UNIT)) & known(amounts)
    return found


def has_fallen(bound: Bound, amounts: Whole, start: Whole) -> Flags:
    """Whether the fall from the start, in percent of the start, keeps the bound; false from a start of 0."""
    usable = known(amounts, start) & (start > 0)
    found: Flags = _COMPARE[bound.sign](10_000 * (start - amounts), round(100 * bound.value) * start) & usable
    return found


def has_risen(bound: Bound, amounts: Whole, lowest: Whole) -> Flags:
    """Whether the rise from the lowest amount, in percent of it, keeps the bound; true from 0."""
    usable = known(amounts, lowest)
    found: Flags = _COMPARE[bound.sign](10_000 * (amounts - lowest), round(100 * bound.value) * lowest) & usable
    return found


def is_ratio(bound: Bound, numerator: Whole, denominator: Whole) -> Flags:
    """Whether a ratio keeps the bound; a ratio of 0 to 0 is not known."""
    usable = known(numerator, denominator) & ((numerator > 0) | (denominator > 0))
    found: Flags = _COMPARE[bound.sign](10_000 * numerator, round(10_000 * bound.value) * denominator) & usable
    return found


def percent_change(amounts: Whole, start: Whole) -> Reals:
    """Change in percent of the start, negative for a fall; NaN where not known or from a start of 0."""
    usable = known(amounts, start) & (start > 0)
    return np.where(usable, 100.0 * (amounts - start) / np.where(usable, start, 1), np.nan)
