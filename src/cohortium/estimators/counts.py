"""Counts of events and censorings by group and time: the totals of Kaplan-Meier and of the log-rank test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cohortium.estimators.contract import Factor, Integers, Rows
    from cohortium.estimators.grid import Grid

_CHUNK = 262_144


class TimedRows(NamedTuple):
    """The usable rows of a site for a method that counts by group and time.

    group    shape (n,), position of the level
    at       shape (n,), position on the time grid
    event    shape (n,)
    where    shape (n,), position of each usable row among all rows of the site
    missing  rows left out because time, event or group is not known
    """

    group: NDArray[np.integer[Any]]
    at: Integers
    event: np.ndarray
    where: Integers
    missing: int


def timed_rows(rows: Rows, time: str, event: str, grid: Grid, by: Factor | None) -> TimedRows:
    """The rows whose time, event and group are known."""
    known = ~np.isnan(rows.numbers[time]) & ~np.isnan(rows.numbers[event])
    group: NDArray[np.integer[Any]] = rows.codes[by.name] if by else np.zeros(rows.n, np.int8)
    known &= group >= 0
    where = np.flatnonzero(known)
    if where.size == rows.n:
        return TimedRows(group, grid.index(rows.numbers[time]), rows.numbers[event] == 1.0, where, 0)
    return TimedRows(
        group[where],
        grid.index(rows.numbers[time][where]),
        rows.numbers[event][where] == 1.0,
        where,
        rows.n - where.size,
    )


def count_events(
    cell: NDArray[np.integer[Any]], at: Integers, event: np.ndarray, n_cells: int, n_times: int
) -> Integers:
    """Events and censorings, shape (n_cells, n_times, 2): [..., 0] events, [..., 1] censorings."""
    size = n_cells * n_times * 2
    counts = np.zeros(size, np.int64)
    for begin in range(0, at.size, _CHUNK):
        part = slice(begin, begin + _CHUNK)
        flat = (cell[part] * np.int64(n_times) + at[part]) * 2
        flat += ~event[part]
        counts += np.bincount(flat, minlength=size)
    return counts.reshape(n_cells, n_times, 2)


def at_risk(counts: Integers) -> Integers:
    """Number at risk just before each time, shape (..., n_times), from counts of shape (..., n_times, 2)."""
    leaving = counts.sum(axis=-1)
    return np.asarray(np.flip(np.cumsum(np.flip(leaving, -1), axis=-1), -1))
