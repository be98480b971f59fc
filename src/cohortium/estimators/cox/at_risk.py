"""Sums over risk sets from sums over the rows that leave and enter at each key.

The rows at risk at t are those with entry < t <= time. Their sum is a difference either way: of the rows that
leave from t on and those that enter from t on, or of the rows that entered before t and those that left before
t. Where few are at risk before many come, the first loses digits; where few remain after many have gone, the
second. At each key the one with the smaller terms is taken. Where relative hazards range so widely that this too
would lose digits, the difference is taken without rounding.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from cohortium.estimators.contract import Integers, Reals


DOUBTFUL = 1e-4
"""A sum below this share of the terms that it is the difference of has lost digits."""
LOST = 1e-28
"""One below this share is beyond three levels of exact sums as well."""


def at_risk_sums(leaving: Reals, entering: Reals | None, stratum_starts: Integers) -> Reals:
    """Sums over the rows at risk at each key, shape (k, c); the weights of one that is lost are NaN.

    leaving         shape (k, c): sums over the rows whose follow-up ends at each key; last column positive weights
    entering        shape (k, c): sums over the rows that enter at each key, those from the start at the first key of
                    their stratum; None when all rows are at risk from the start
    stratum_starts  shape (s+1,): bounds of the strata; risk sets do not cross them
    """
    at_risk = np.empty_like(leaving)
    for begin, end in pairwise(stratum_starts):
        here = slice(begin, end)
        np.cumsum(leaving[here][::-1], axis=0, out=at_risk[here][::-1])
        if entering is not None:
            at_risk[here] = _two_sided(at_risk[here], leaving[here], entering[here])
    return at_risk


def _two_sided(to_leave: Reals, leaving: Reals, entering: Reals) -> Reals:
    to_enter = np.cumsum(entering[::-1], axis=0)[::-1]
    entered, left = np.zeros_like(entering), np.zeros_like(leaving)
    np.cumsum(entering[:-1], axis=0, out=entered[1:])
    np.cumsum(leaving[:-1], axis=0, out=left[1:])
    forward = entered[:, -1:] < to_leave[:, -1:]
    at_risk = np.where(forward, entered - left, to_leave - to_enter)
    terms = np.minimum(entered[:, -1], to_leave[:, -1])
    # After the last end nobody is at risk, which is no loss.
    if (at_risk[1:, -1] < DOUBTFUL * terms[1:]).any():
        at_risk[1:] = _exact_differences(entering[:-1], leaving[:-1])
    at_risk[at_risk[:, -1] <= LOST * terms, -1] = np.nan
    return np.asarray(at_risk)


def _exact_differences(added: Reals, taken: Reals) -> Reals:
    """Running sums of what was added less what was taken, shape (k, c), rounded only at the end.

    Each value is cut into three parts, multiples of ever smaller units, so large that sums of the parts are exact
    (Demmel and Hida 2004): what is added at one key and taken at another leaves no trace.
    """
    parts: list[Reals] = []
    for _ in range(3):
        bound = np.abs(added).sum(axis=0) + np.abs(taken).sum(axis=0)
        # Adding and taking off one and a half times 2^52 units rounds to whole units.
        rounding = 1.5 * 2.0 ** (np.ceil(np.log2(np.maximum(bound, np.finfo(float).tiny))) + 1.0)
        kept, gone = (added + rounding) - rounding, (taken + rounding) - rounding
        parts.append(np.cumsum(kept - gone, axis=0))
        added, taken = added - kept, taken - gone
    high, middle, low = parts
    total = high + middle
    back = total - high
    return np.asarray(total + (((high - (total - back)) + (middle - back)) + low))
