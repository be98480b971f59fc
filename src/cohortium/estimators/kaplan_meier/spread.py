r"""Robust variance of curves and means: the infinitesimal jackknife as sums by time.

A curve's change when the weight of row i changes is a linear form of the row's own follow-up,

.. math:: A_i(t) = \delta_i J(T_i) 1(T_i \le t) - \{B(t \wedge T_i) - B(t \wedge E_i)\},

with E the entry, T the end, and tables J (jump) and B (level) that the center makes of the pooled counts. The variance
is the sum over clusters of the square of the sum of w A over the cluster's rows. Between the entries and ends of its
rows a cluster's sum is K - B(t) R, with R the weight at risk and K what is settled, so that the squares add up to

.. math:: \sum K^2 - 2 B(t) \sum K R + B(t)^2 \sum R^2 .

The three sums are steps in time: no table of clusters by times is made, and what leaves a site is one number a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cohortium.estimators.contract import Integers, Reals


class Units(NamedTuple):
    """The entries and ends of rows, in order of cluster and time; arrays of shape (2 n,).

    group    position of the level
    at       position on the grid at which the change takes effect
    entry    position of the level table that an entry starts from, -1 for an end or for an entry before the grid
    ends     whether the change is the end of a row
    event    whether a row ends with the event
    weight   weight of the row
    first    whether the change is the first of its cluster in its group
    """

    group: Integers
    at: Integers
    entry: Integers
    ends: NDArray[np.bool_]
    event: NDArray[np.bool_]
    weight: Reals
    first: NDArray[np.bool_]

    @classmethod
    def of(
        cls,
        group: NDArray[np.integer[Any]],
        at: Integers,
        entry_at: Integers | None,
        event: NDArray[np.bool_],
        weight: Reals | None,
        cluster: Reals | None,
        n_groups: int,
    ) -> Units:
        """The changes of usable rows; without clusters every row is its own."""
        n = at.size
        entries = np.full(n, -1, np.int64) if entry_at is None else entry_at
        unit = np.arange(n) if cluster is None else np.unique(cluster, return_inverse=True)[1] * n_groups + group
        units, times = _both(unit, unit), _both(np.maximum(entries, 0), at)
        order = np.lexsort((times, units)) if cluster is not None else np.arange(2 * n)
        sorted_units = units[order]
        weights = np.ones(n) if weight is None else weight
        return cls(
            _both(group, group).astype(np.int64)[order],
            times[order],
            _both(entries, np.full(n, -1))[order],
            _both(np.zeros(n, bool), np.ones(n, bool))[order],
            _both(np.zeros(n, bool), event)[order],
            _both(weights, weights)[order],
            np.concatenate([[True], sorted_units[1:] != sorted_units[:-1]])[: 2 * n],
        )


def _both(entered: np.ndarray, ended: np.ndarray) -> np.ndarray:
    """Entry and end of every row, one after the other."""
    return np.stack([entered, ended], axis=1).ravel()


def spread(units: Units, jump: Reals, level: Reals) -> Reals:
    """Sum over clusters of the squared sum of w A, shape (kinds, groups, times).

    jump, level   shape (kinds, groups, times) each
    """
    return np.stack([_spread(units, j, b) for j, b in zip(jump, level, strict=True)])


def _spread(units: Units, jump: Reals, level: Reals) -> Reals:
    group, at, weight = units.group, units.at, units.weight
    start = np.where(units.entry >= 0, level[group, units.entry], 0.0)
    end = np.where(units.event, jump[group, at], 0.0) - level[group, at]
    place = _places(units.first)
    settled = _within(place, weight * np.where(units.ends, end, start))
    at_risk = _within(place, np.where(units.ends, -weight, weight))
    # Nobody is at risk after the last end: sums with R are taken from there, which keeps the digits of small ones.
    at_risk[~_continues(units.first)] = 0.0
    cell, shape = group * level.shape[1] + at, level.shape
    settled_twice, crossed, at_risk_twice = (
        np.bincount(cell, _changes(units.first, product), minlength=level.size).astype(np.float64).reshape(shape)
        for product in (settled * settled, settled * at_risk, at_risk * at_risk)
    )
    total = np.cumsum(settled_twice, axis=1) - 2.0 * level * _still(crossed) + level * level * _still(at_risk_twice)
    return np.asarray(np.maximum(total, 0.0))


def _still(changes: Reals) -> Reals:
    """What is left at each time of a step function that ends at 0, from its changes, shape (groups, times)."""
    later = np.flip(np.cumsum(np.flip(changes, 1), axis=1), 1)
    return np.asarray(-np.concatenate([later[:, 1:], np.zeros((later.shape[0], 1))], axis=1))


def _places(first: NDArray[np.bool_]) -> Integers:
    """Place of each change within its cluster, from 0."""
    begin = np.flatnonzero(first)
    return np.arange(first.size) - np.repeat(begin, np.diff(np.append(begin, first.size)))


def _within(place: Integers, change: Reals) -> Reals:
    """Running sums within clusters, by adding sums of 1, 2, 4 ... changes: no other cluster's digits come in."""
    total, reach = change.copy(), 1
    while reach <= place.max(initial=0):
        later = np.flatnonzero(place >= reach)
        total[later] += total[later - reach]
        reach *= 2
    return total


def _continues(first: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether another change of the same cluster follows."""
    return np.append(~first[1:], False)[: first.size]


def _changes(first: NDArray[np.bool_], value: Reals) -> Reals:
    """What each value adds to the one before it, which is 0 at each `first`."""
    before = np.concatenate([[0.0], value[:-1]])[: value.size]
    return value - np.where(first, 0.0, before)
