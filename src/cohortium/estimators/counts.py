"""Counts of rows by group and time: the totals of Kaplan-Meier and of the tests of equal survival."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cohortium.estimators.contract import Integers, Reals, Rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from cohortium.estimators.contract import Factor
    from cohortium.estimators.grid import Grid

_CHUNK = 262_144
"""Rows at once: their keys stay in the cache between the operations on them."""
_WHOLE = "iub"
FROM_START = -1
"""Position of an entry before the first time: under observation from the start."""


class TimedRows(NamedTuple):
    """The usable rows of a site for a method that counts by group and time.

    group       shape (n,), position of the level
    at          shape (n,), position of the end of follow-up on the time grid
    event       shape (n,)
    where       the usable rows among all rows of the site
    missing     rows left out because time, event, entry or group is not known
    entry_at    shape (n,), position after which the row is under observation, `FROM_START` where always; None
                without left truncation
    late        rows left out because the entry is not before the end of follow-up
    weight      shape (n,), above 0; None without weights
    unweighted  rows left out because the weight is not known or not above 0
    """

    group: NDArray[np.integer[Any]]
    at: Integers
    event: np.ndarray
    where: slice | Integers
    missing: int
    entry_at: Integers | None = None
    late: int = 0
    weight: Reals | None = None
    unweighted: int = 0


def timed_rows(
    rows: Rows, time: str, event: str, grid: Grid, by: Factor | None, *, entry: str = "", weight: str = ""
) -> TimedRows:
    """The rows whose time, event, entry, weight and group are known and usable, each kind of exclusion counted."""
    group: NDArray[np.integer[Any]] = rows.codes[by.name] if by else np.zeros(rows.n, np.int8)
    numbers = [rows.numbers[name] for name in (time, event, entry) if name]
    unknown = _unknown(numbers, group)
    missing = int(np.count_nonzero(unknown)) if unknown is not None else 0
    where: slice | Integers = np.flatnonzero(~unknown) if missing and unknown is not None else slice(None)
    unweighted = late = 0
    if weight:
        usable = rows.numbers[weight][where] > 0
        where, unweighted = _narrowed(where, usable, rows.n)
    at = positions(grid, rows.numbers[time][where])
    entry_at = None
    if entry:
        entered = rows.numbers[entry][where]
        entry_at = _entries(grid, entered)
        is_late = entered >= rows.numbers[time][where] if grid.is_coarse else entry_at >= at
        where, late = _narrowed(where, ~is_late, rows.n)
        # A week or month that holds both entry and end counts the row at its end, so the row is at risk there.
        at, entry_at = at[~is_late], np.minimum(entry_at[~is_late], at[~is_late] - 1)
    happened = rows.numbers[event][where]
    return TimedRows(
        group[where],
        at,
        happened if happened.dtype == np.bool_ else happened == 1,
        where,
        missing,
        entry_at,
        late,
        rows.numbers[weight][where] if weight else None,
        unweighted,
    )


def _unknown(numbers: Sequence[np.ndarray], group: NDArray[np.integer[Any]]) -> NDArray[np.bool_] | None:
    """Rows with something not known; None when every row is known."""
    masks = [np.isnan(column) for column in numbers if column.dtype.kind not in _WHOLE]
    if group.size and group.min() < 0:
        masks.append(group < 0)
    return np.logical_or.reduce(masks) if masks else None


def _narrowed(where: slice | Integers, usable: NDArray[np.bool_], n: int) -> tuple[slice | Integers, int]:
    left_out = int(usable.size - np.count_nonzero(usable))
    if not left_out:
        return where, 0
    chosen = np.arange(n)[where] if isinstance(where, slice) else where
    return chosen[usable], left_out


def positions(grid: Grid, values: np.ndarray) -> Integers:
    """Positions on the grid; whole numbers on a grid of whole numbers need no rounding.

    Raises
        SiteDataError: a value is not on the grid.
    """
    if grid.points is None and grid.decimals == 0 and values.size:
        with np.errstate(invalid="ignore"):
            at: Integers = values.astype(np.int64, copy=False)
        if values.dtype.kind in "iu" or bool((at == values).all()):
            at = at - int(grid.start) if grid.start else at
            # Read as unsigned, what is below 0 is beyond any grid: one look instead of two.
            if at.view(np.uint64).max() < grid.size:
                return at
    return grid.index(np.asarray(values, np.float64))


def _entries(grid: Grid, entered: np.ndarray) -> Integers:
    from_start = entered < 0
    if not from_start.any():
        return positions(grid, entered)
    at = np.full(entered.shape, FROM_START, np.int64)
    at[~from_start] = positions(grid, entered[~from_start])
    return at


def row_blocks(rows: Rows, numbers: Sequence[str], codes: Sequence[str], n_cells: int) -> Iterator[Rows]:
    """The rows block by block, with the columns named only.

    n_cells   size of the table that each block is added to; blocks grow with it, so that adding stays cheap
    """
    size = max(_CHUNK, 2 * n_cells)
    for begin in range(0, max(rows.n, 1), size):
        part = slice(begin, min(begin + size, rows.n))
        yield Rows(
            part.stop - begin,
            {name: rows.numbers[name][part] for name in numbers},
            {name: rows.codes[name][part] for name in codes},
        )


def count_events(
    cell: NDArray[np.integer[Any]],
    at: Integers,
    event: np.ndarray,
    n_cells: int,
    n_times: int,
    weight: Reals | None = None,
) -> np.ndarray:
    """Events and censorings, shape (n_cells, n_times, 2): [..., 0] events, [..., 1] censorings.

    Whole numbers, or sums of weights where weights are given.
    """
    states = 2 * n_cells
    counts = np.zeros(n_times * states, np.int64 if weight is None else np.float64)
    # Group and event go into one byte where they fit, so that a single operation widens them.
    narrow: type[np.integer[Any]] = np.int8 if states <= np.iinfo(np.int8).max else np.int64
    chunk = max(_CHUNK, 2 * counts.size)
    for begin in range(0, at.size, chunk):
        part = slice(begin, begin + chunk)
        state: NDArray[np.integer[Any]] = (~event[part]).astype(narrow)
        if n_cells > 1:
            state += np.multiply(cell[part], 2, dtype=narrow, casting="unsafe")
        flat = at[part] * states
        flat += state
        counts += np.bincount(flat, None if weight is None else weight[part], minlength=counts.size)
    return counts.reshape(n_times, n_cells, 2).swapaxes(0, 1)


def count_entries(
    cell: NDArray[np.integer[Any]], entry_at: Integers, n_cells: int, n_times: int, weight: Reals | None = None
) -> np.ndarray:
    """Rows that come under observation just after each time, shape (n_cells, n_times); sums of weights where given.

    Rows under observation from the start are not counted: nobody has to wait for them.
    """
    later = entry_at > FROM_START
    flat = cell[later] * np.int64(n_times) + entry_at[later]
    counts = np.bincount(flat, None if weight is None else weight[later], minlength=n_cells * n_times)
    # numpy counts nothing in whole numbers, weighted or not.
    return counts.astype(np.int64 if weight is None else np.float64, copy=False).reshape(n_cells, n_times)


def at_risk(counts: np.ndarray, entries: np.ndarray | None = None) -> np.ndarray:
    """Number at risk just before each time, shape (..., n_times).

    counts   shape (..., n_times, 2), events and censorings
    entries  shape (..., n_times), rows under observation only after each time; None when all are from the start
    """
    leaving = counts.sum(axis=-1)
    if entries is not None:
        # A row is at risk at u when its entry is before u and its end is not.
        leaving = leaving - entries
    return np.asarray(np.flip(np.cumsum(np.flip(leaving, -1), axis=-1), -1))
