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

    Of equally near controls, the one that stands closest when all rows are sorted by score and then by position: of
    two with the same score below, the later one; above or at it, the earlier one; of one below and one above, the one
    below (the rule of R's MatchIt). Reference: Rubin 1973.
    """
    rows = np.flatnonzero(treated)
    if order != "data":
        rows = rows[np.argsort(-score[rows] if order == "largest" else score[rows], kind="stable")]
    pool = _Pool(score, np.flatnonzero(~treated))
    controls = np.full((rows.size, ratio), -1, np.int64)
    for turn in range(ratio):
        for i, row in enumerate(rows):
            if turn == 0 or controls[i, turn - 1] >= 0:
                controls[i, turn] = pool.take(float(score[row]), int(row), caliper)
    found = controls[:, 0] >= 0
    return Matched(rows[found], controls[found], rows[~found])


class _Pool:
    """Controls that are still free, by score and position; those taken are skipped over in near-constant time."""

    def __init__(self, score: Reals, rows: Integers) -> None:
        order = np.lexsort((rows, score[rows]))
        self._sorted = list(zip(score[rows][order].tolist(), rows[order].tolist(), strict=True))
        self._next = list(range(len(self._sorted) + 1))
        self._before = list(range(len(self._sorted) + 1))

    def take(self, score: float, row: int, caliper: float | None) -> int:
        """The nearest free control of a row, -1 when there is none within the caliper."""
        place = bisect_left(self._sorted, (score, row))
        above, below = _follow(self._next, place), _follow(self._before, place) - 1
        candidates = [(score - self._sorted[below][0], below)] if below >= 0 else []
        if above < len(self._sorted):
            candidates.append((self._sorted[above][0] - score, above))
        if not candidates:
            return -1
        distance, at = min(candidates)
        if caliper is not None and distance > caliper:
            return -1
        self._next[at] = at + 1
        self._before[at + 1] = at
        return int(self._sorted[at][1])


def _follow(links: list[int], at: int) -> int:
    """Follow links to a free position, and shorten the way for the next one."""
    end = at
    while links[end] != end:
        end = links[end]
    while links[at] != end:
        links[at], at = end, links[at]
    return end
