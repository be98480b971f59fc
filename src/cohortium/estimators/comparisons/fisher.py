"""Fisher's exact test of an r x c table of counts.

The probability of all tables with the given margins that are no likelier than the observed one. Tables are built
column by column; tables that leave the same row totals for the columns to come are one node (Mehta and Patel 1983).
A path is closed early when even its likeliest completion is no likelier than the observed table, or dropped when even
its least likely completion is likelier.
"""

from __future__ import annotations

from functools import lru_cache
from math import exp, inf, lgamma, log

import numpy as np

from cohortium.estimators.contract import Integers

MOST_PATHS = 300_000
"""Paths held at once; a table that needs more is left to another test."""
_AS_LIKELY = 1e-7
"""Tables likelier than the observed one by this share only count as equally likely, as in R's fisher.test."""
_SAME = 11
"""Decimals to which logarithms of path weights are told apart."""

Totals = tuple[int, ...]


def fisher_exact(table: Integers) -> float | None:
    """Two-sided p-value; None when the table is too large for it.

    table   shape (r, c), whole numbers; rows and columns of zeros do not matter

    Reference: Fisher 1922; Freeman and Halton 1951; Mehta and Patel 1983.
    """
    kept = np.asarray(table)[table.sum(1) > 0][:, table.sum(0) > 0]
    if min(kept.shape, default=0) < 2:
        return 1.0
    if kept.shape[0] > kept.shape[1]:
        kept = kept.T
    rows, columns = (tuple(sorted((int(n) for n in kept.sum(axis)), reverse=True)) for axis in (1, 0))
    observed = -sum(lgamma(n + 1) for n in kept.ravel()) + log(1 + _AS_LIKELY)
    total = _log_completions(rows, columns)
    counted, open_paths = 0.0, {rows: {0.0: 0.0}}
    for j, column in enumerate(columns):
        rest = columns[j + 1 :]
        following: dict[Totals, dict[float, float]] = {}
        n_paths = 0
        for remaining, paths in open_paths.items():
            for left, step in _steps(remaining, column, rest):
                n_before = len(following.get(left, ()))
                counted += _extend(paths, step, left, rest, observed, total, following)
                n_paths += len(following.get(left, ())) - n_before
                if n_paths > MOST_PATHS:
                    return None
        open_paths = following
    return min(1.0, counted)


def _extend(
    paths: dict[float, float],
    step: float,
    left: Totals,
    rest: Totals,
    observed: float,
    total: float,
    following: dict[Totals, dict[float, float]],
) -> float:
    """Probability of the paths that are closed by one step; the others go on to `following`.

    paths   log weight of a path (the sum of -log x!) to the logarithm of how many paths share it
    """
    least, most = _range_of_completions(left, rest)
    onward = following.setdefault(left, {}) if rest else None
    counted = 0.0
    for past, log_count in paths.items():
        weight = past + step
        if weight + most <= observed:
            counted += exp(weight + log_count + _log_completions(left, rest) - total)
        elif weight + least <= observed and onward is not None:
            key = round(weight, _SAME)
            onward[key] = float(np.logaddexp(onward.get(key, -inf), log_count))
    return counted


def _steps(remaining: Totals, column: int, rest: Totals) -> list[tuple[Totals, float]]:
    """Ways to fill a column: the row totals that are left, sorted, and the sum of -log x!, one entry a way."""
    room = sum(rest)
    found: list[tuple[Totals, float]] = []

    def fill(i: int, to_place: int, left: list[int], weight: float) -> None:
        if i == len(remaining) - 1:
            if to_place <= remaining[i]:
                last = remaining[i] - to_place
                found.append((tuple(sorted([*left, last], reverse=True)), weight - lgamma(to_place + 1)))
            return
        after = sum(remaining[i + 1 :])
        for x in range(max(0, to_place - after), min(remaining[i], to_place) + 1):
            fill(i + 1, to_place - x, [*left, remaining[i] - x], weight - lgamma(x + 1))

    fill(0, column, [], 0.0)
    return [(left, weight) for left, weight in found if sum(left) == room]


@lru_cache(maxsize=100_000)
def _log_completions(rows: Totals, columns: Totals) -> float:
    """Logarithm of the sum over all completions of the product of 1 / x!: N! over the factorials of the margins."""
    return lgamma(sum(rows) + 1) - sum(lgamma(n + 1) for n in rows) - sum(lgamma(n + 1) for n in columns)


@lru_cache(maxsize=100_000)
def _range_of_completions(rows: Totals, columns: Totals) -> tuple[float, float]:
    """Bounds of the sum of -log x! over all completions.

    The sum is largest where counts are spread evenly and smallest where they lie in one cell; each bound takes only
    one of the margins into account.
    """
    if not columns:
        return 0.0, 0.0
    least = max(-sum(lgamma(n + 1) for n in margin) for margin in (rows, columns))
    most = min(
        -sum(len(other) * lgamma(n / len(other) + 1) for n in margin)
        for margin, other in ((rows, columns), (columns, rows))
    )
    return least, most
