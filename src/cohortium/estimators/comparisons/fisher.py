"""Fisher's exact test of an r x c table of counts.

The probability of all tables with the given margins that are no likelier than the observed one. Tables are built
column by column; tables that leave the same row totals for the columns to come are one node (Mehta and Patel 1983).
A path is closed early when even its likeliest completion is no likelier than the observed table, or dropped when even
its least likely completion is likelier. The last two columns are not walked: the completions of a node are sorted by
likelihood once, and each path to it takes those that are unlikely enough.
"""

from __future__ import annotations

from math import log
from typing import NamedTuple

import numpy as np
from scipy.special import gammaln

from cohortium.estimators.comparisons.fillings import batches, fillings, most_fillings
from cohortium.estimators.contract import Integers, Reals

MOST_PATHS = 300_000
"""Paths held at once; a table that needs more is left to another test."""
_AS_LIKELY = 1e-7
"""Tables likelier than the observed one by this share only count as equally likely, as in R's fisher.test."""
_SAME = 11
"""Decimals to which logarithms of path weights are told apart."""
_AT_ONCE = 500_000
"""Ways to fill a column that are worked on at once, to bound memory."""


class _Paths(NamedTuple):
    """Tables of which some columns are filled.

    totals     shape (nodes, r): what each row still has room for, largest first
    node       shape (paths,): ascending
    weight     shape (paths,): the sum of -log x! over the columns filled
    n_tables   shape (paths,): that share node and weight
    """

    totals: Integers
    node: Integers
    weight: Reals
    n_tables: Reals


class _Observed(NamedTuple):
    """What tables are held against.

    weight          sum of -log x! up to which a table is no likelier than the observed one
    total           logarithm of the sum of the product of 1 / x! over all tables
    log_factorial   shape (patients + 1,)
    """

    weight: float
    total: float
    log_factorial: Reals


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
    # Large columns can be filled in most ways: they come last, where ways are sorted and not walked.
    rows, columns = np.sort(kept.sum(1))[np.newaxis, ::-1], np.sort(kept.sum(0))
    log_factorial = np.asarray(gammaln(np.arange(kept.sum() + 1) + 1.0))
    weight = log(1 + _AS_LIKELY) - float(log_factorial[kept].sum())
    observed = _Observed(weight, float(_completions(rows, columns, log_factorial)[0]), log_factorial)
    counted, paths = 0.0, _Paths(rows, np.zeros(1, np.int64), np.zeros(1), np.ones(1))
    for j in range(len(columns) - 2):
        closed, paths = _fill(paths, columns[j], columns[j + 1 :], observed)
        counted += closed
        if len(paths.node) > MOST_PATHS:
            return None
    return min(1.0, counted + _fill_last(paths, columns[-2], observed))


def _fill(paths: _Paths, column: int, rest: Integers, observed: _Observed) -> tuple[float, _Paths]:
    """Probability of the paths that one more column closes, and the paths that go on; not all when they are too many."""
    first = np.searchsorted(paths.node, np.arange(len(paths.totals) + 1))
    n_paths = np.diff(first)
    counted, onward = 0.0, _Paths(paths.totals[:0], paths.node[:0], paths.weight[:0], paths.n_tables[:0])
    for nodes in batches(most_fillings(paths.totals, column), _AT_ONCE):
        totals = paths.totals[nodes]
        node, placed = fillings(totals, column)
        left, reached = _alike(np.sort(totals[node] - placed, axis=1)[:, ::-1])
        step = -observed.log_factorial[placed].sum(1)
        least, most = _range_of_completions(left, rest)
        completions = _completions(left, rest, observed.log_factorial)
        node += nodes.start
        for steps in batches(n_paths[node].astype(float), _AT_ONCE):
            at, n = node[steps], n_paths[node[steps]]
            nth = np.arange(n.sum()) - np.repeat(n.cumsum() - n, n)
            path = np.repeat(first[at], n) + nth
            to = np.repeat(reached[steps], n)
            weight, n_tables = paths.weight[path] + np.repeat(step[steps], n), paths.n_tables[path]
            closed = weight + most[to] <= observed.weight
            counted += float(n_tables[closed] @ np.exp(weight[closed] + completions[to[closed]] - observed.total))
            still = ~closed & (weight + least[to] <= observed.weight)
            open_nodes = np.zeros(len(left), dtype=bool)
            open_nodes[to[still]] = True
            place = open_nodes.cumsum() - 1
            onward = _joined(onward, _Paths(left[open_nodes], place[to[still]], weight[still], n_tables[still]))
            if len(onward.node) > MOST_PATHS:
                return counted, onward
    return counted, onward


def _fill_last(paths: _Paths, column: int, observed: _Observed) -> float:
    """Probability of the completions of all paths by the last two columns that make the table no likelier."""
    first = np.searchsorted(paths.node, np.arange(len(paths.totals) + 1))
    counted = 0.0
    for nodes in batches(most_fillings(paths.totals, column), _AT_ONCE):
        totals = paths.totals[nodes]
        node, placed = fillings(totals, column)
        ways = -(observed.log_factorial[placed] + observed.log_factorial[totals[node] - placed]).sum(1)
        start = np.searchsorted(node, np.arange(len(totals) + 1))
        for k in range(len(totals)):
            here = slice(first[nodes.start + k], first[nodes.start + k + 1])
            completions = np.sort(ways[start[k] : start[k + 1]])
            summed = np.concatenate([[0.0], np.exp(completions - completions[-1]).cumsum()])
            n_taken = np.searchsorted(completions, observed.weight - paths.weight[here], side="right")
            likelihood = np.exp(paths.weight[here] + completions[-1] - observed.total)
            counted += float((paths.n_tables[here] * likelihood) @ summed[n_taken])
    return counted


def _joined(one: _Paths, other: _Paths) -> _Paths:
    """All paths of both; those of one node and weight are one path."""
    totals, node = _alike(np.concatenate([one.totals, other.totals]))
    node = node[np.concatenate([one.node, other.node + len(one.totals)])]
    weight = np.concatenate([one.weight, other.weight])
    n_tables = np.concatenate([one.n_tables, other.n_tables])
    told_apart = np.round(weight, _SAME)
    order = np.lexsort((told_apart, node))
    new = np.ones(len(node), dtype=bool)
    new[1:] = (np.diff(node[order]) != 0) | (np.diff(told_apart[order]) != 0)
    starts = np.flatnonzero(new)
    kept = order[starts]
    return _Paths(
        totals, node[kept], weight[kept], np.add.reduceat(n_tables[order], starts) if len(starts) else n_tables
    )


def _alike(totals: Integers) -> tuple[Integers, Integers]:
    """The different rows, in order, and for each row which of them it is."""
    order = np.lexsort(totals.T)
    ordered = totals[order]
    new = np.ones(len(totals), dtype=bool)
    new[1:] = (np.diff(ordered, axis=0) != 0).any(1)
    which = np.empty(len(totals), np.int64)
    which[order] = new.cumsum() - 1
    return ordered[new], which


def _completions(totals: Integers, columns: Integers, log_factorial: Reals) -> Reals:
    """Logarithm of the sum over all completions of the product of 1 / x!: N! over the factorials of the margins."""
    alike = log_factorial[columns.sum()] - log_factorial[columns].sum()
    return np.asarray(alike - log_factorial[totals].sum(1))


def _range_of_completions(totals: Integers, columns: Integers) -> tuple[Reals, Reals]:
    """Bounds of the sum of -log x! over all completions, shape (nodes,) each.

    The sum is largest where counts are spread evenly and smallest where they lie in one cell; each bound takes only
    one of the margins into account.
    """
    r, c = totals.shape[1], len(columns)
    least = np.maximum(-gammaln(totals + 1).sum(1), -gammaln(columns + 1).sum())
    most = np.minimum(-c * gammaln(totals / c + 1).sum(1), -r * gammaln(columns / r + 1).sum())
    return least, most
