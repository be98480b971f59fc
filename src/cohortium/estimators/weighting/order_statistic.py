"""The weight of a given rank over all sites, found by counting.

Weights are put into 1,024 bins by their logarithm; the bin that holds the rank is cut into 1,024 again, and so on.
After five rounds a bin is narrower than 1e-13 of the weight. Only counts leave a site.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from cohortium.estimators.contract import Integers, Reals

BINS = 1024
ROUNDS = 5
_BITS = 10
_ALL_BITS = _BITS * ROUNDS
_LARGEST_LOG = 64.0
# The bins of the last round in one unit of the logarithm to base 2, which runs from -64 to 64.
_PER_UNIT = 2.0 ** (_ALL_BITS - 7)


@dataclass(frozen=True)
class Search:
    """Where the search for a rank stands.

    bin   the bin that holds the rank, among all bins of the rounds so far
    step  rounds so far
    rank  the rank within that bin, from 1
    """

    bin: int
    step: int
    rank: int

    @property
    def weight(self) -> float:
        """The lower edge of the bin; after the last round the weight itself to 1e-13."""
        return float(2.0 ** ((self.bin << (_ALL_BITS - _BITS * self.step)) / _PER_UNIT - _LARGEST_LOG))


def tally(weights: Reals, step: int, bin_before: int) -> Integers:
    """Counts of weights in the bins of a round, shape (BINS,), of those in one bin of the round before.

    weights     shape (n,), above 0
    step        the round, from 0
    bin_before  0 in the first round
    """
    with np.errstate(divide="ignore"):
        logs = np.clip(np.log2(weights), -_LARGEST_LOG, _LARGEST_LOG)
    finest = np.minimum(np.floor((logs + _LARGEST_LOG) * _PER_UNIT).astype(np.int64), (1 << _ALL_BITS) - 1)
    bins = finest >> (_ALL_BITS - _BITS * (step + 1))
    inside = bins[(bins >> _BITS) == bin_before]
    return np.bincount(inside & (BINS - 1), minlength=BINS)


def narrowed(search: Search, counts: Integers) -> Search:
    """The search after one more round; a rank beyond the counts stays in the first bin."""
    upto = np.cumsum(counts)
    place = int(np.searchsorted(upto, search.rank))
    if place == BINS:
        return replace(search, bin=search.bin << _BITS, step=search.step + 1)
    before = int(upto[place - 1]) if place else 0
    return Search((search.bin << _BITS) | place, search.step + 1, search.rank - before)


def rank_of_quantile(n: int, quantile: float) -> int:
    """The rank of a quantile of n values: n times the quantile to the nearest whole number (R's type 3).

    From 1 to n; a rank half way between two is the even one.
    """
    place = n * quantile - 0.5
    below = math.floor(place)
    is_even = place == below and below % 2 == 0
    return min(max(below if is_even else below + 1, 1), max(n, 1))
