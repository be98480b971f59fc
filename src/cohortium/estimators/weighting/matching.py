"""Nearest-neighbor matching on the propensity score, for rows that are all on this machine."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import Literal

import numpy as np

from cohortium.estimators.contract import Integers, Reals

MatchingOrder = Literal["largest", "smallest", "data"]


@dataclass(frozen=True)
class Matched:
    """Matched sets.

    treated    shape (m,): positions of treated rows, in the order in which they were matched
    controls   shape (m, ratio): positions of their controls, -1 where fewer were found
    unmatched  positions of treated rows without any control
    """

    treated: Integers
    controls: Integers
    unmatched: Integers

    def weights(self, n: int) -> Reals:
        """Weights of n rows: 1 for a matched treated row, an equal part of 1 for each of its controls."""
        found = np.zeros(n)
        found[self.treated] = 1.0
        for own in self.controls:
            kept = own[own >= 0]
            found[kept] += 1.0 / kept.size
        return found


def match_nearest(
    score: Reals,
    treated: np.ndarray,
    ratio: int = 1,
    caliper: float | None = None,
    order: MatchingOrder = "largest",
) -> Matched:
    """Greedy nearest-neighbor matching without replacement.

    score    shape (n,), finite; the distance is the absolute difference of scores
    treated  shape (n,), boolean
    ratio    controls for each treated row; every treated row gets its first before any gets its second
    caliper  largest distance, in the unit of the score; none when absent
    order    in which treated rows choose: by falling score (R's MatchIt), by rising score, or as in the data

    Of equally near controls the one that comes first in the data is taken. Reference: Rubin 1973.
    """
    rows = np.flatnonzero(treated)
    if order != "data":
        rows = rows[np.argsort(-score[rows] if order == "largest" else score[rows], kind="stable")]
    pool = _Pool(score, np.flatnonzero(~treated))
    controls = np.full((rows.size, ratio), -1, np.int64)
    for turn in range(ratio):
        for i, row in enumerate(rows):
            if turn == 0 or controls[i, turn - 1] >= 0:
                controls[i, turn] = pool.take(float(score[row]), caliper)
    found = controls[:, 0] >= 0
    return Matched(rows[found], controls[found], rows[~found])


class _Pool:
    """Controls that are still free, by score; those taken are skipped over in near-constant time."""

    def __init__(self, score: Reals, rows: Integers) -> None:
        order = np.lexsort((rows, score[rows]))
        self._rows = rows[order].tolist()
        self._scores = score[rows][order].tolist()
        self._next = list(range(len(self._rows) + 1))
        self._before = list(range(len(self._rows) + 1))

    def take(self, score: float, caliper: float | None) -> int:
        """The nearest free control, -1 when there is none within the caliper."""
        above = self._find(self._next, bisect_left(self._scores, score))
        below = self._find(self._before, bisect_left(self._scores, score))
        candidates = []
        if above < len(self._rows):
            candidates.append((self._scores[above] - score, self._rows[above], above))
        if below > 0:
            first = self._first_of_equals(below - 1)
            candidates.append((score - self._scores[first], self._rows[first], first))
        if not candidates:
            return -1
        distance, row, at = min(candidates)
        if caliper is not None and distance > caliper:
            return -1
        self._next[at] = at + 1
        self._before[at + 1] = at
        return int(row)

    def _first_of_equals(self, at: int) -> int:
        """Among free controls with the same score, the one that comes first in the data."""
        first = self._find(self._next, bisect_left(self._scores, self._scores[at]))
        return min(first, at)

    @staticmethod
    def _find(links: list[int], at: int) -> int:
        """Follow links to a free position, and shorten the way for the next one."""
        end = at
        while links[end] != end:
            end = links[end]
        while links[at] != end:
            links[at], at = end, links[at]
        return end
