"""Rows of a Cox model in (stratum, time, events first) order, in blocks that fit the cache.

The design matrix is stored about means of the rows that die (of the site, or of each stratum), which keeps
sums accurate, with a last column of ones: one
sparse product then gives sums of weights and of weighted covariates together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from cohortium.estimators.blocks import over_blocks
from cohortium.estimators.contract import Integers, Reals
from cohortium.estimators.cox.usable import UsableRows

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOCK_ROWS = 32_768
MOVED_ROWS = 16_384
_WHOLE_BITS = 63


@dataclass(frozen=True)
class Entries:
    """When the rows of a block come under observation.

    order     shape (m,): positions of the block's rows in order of (stratum, entry)
    starts    shape (e+1,): pointers into `order` of the runs of equal entry
    run_key   shape (e,): position of each run's (stratum, entry) in the site's key table
    """

    order: NDArray[np.int32]
    starts: NDArray[np.int32]
    run_key: Integers

    def of_rows(self, table: Reals) -> Reals:
        """The values of a table over keys at the entry of each row, shape (m, ...)."""
        values = np.empty((self.order.size, *table.shape[1:]))
        values[self.order] = np.repeat(table[self.run_key], np.diff(self.starts), axis=0)
        return values


@dataclass(frozen=True)
class Block:
    """Rows of one block.

    design      shape (m, p+1): covariates about the site's means, then ones
    starts      shape (r+1,): row pointers of the runs of equal (key, event)
    run_key     shape (r,): position of each run's (stratum, time) in the site's key table
    run_event   shape (r,): whether the rows of the run have the event
    first_key   position of the first of the block's keys
    of_keys     shape (2c+1,): row pointers of the deaths, then the others, of each of c keys from `first_key` on
    order       shape (m,): positions of the rows in order of arrival
    weight      shape (m,); None when every row counts once
    offset      shape (m,); None for none
    entries     None when every row is at risk from the start
    """

    design: Reals
    starts: NDArray[np.int32]
    run_key: Integers
    run_event: NDArray[np.bool_]
    first_key: int
    of_keys: NDArray[np.int32]
    order: NDArray[np.int32]
    weight: Reals | None = None
    offset: Reals | None = None
    entries: Entries | None = None


@dataclass(frozen=True)
class SortedRows:
    """All usable rows of a site.

    n_events   rows with the event
    shift      shape (p,): what was taken off the covariates; None when no sum needs another origin
    event_sum  shape (p,): weighted sum over rows with the event of the covariates less what was taken off
    event_weight  weights of the rows with the event
    keys       shape (k,): observed stratum * n_times + time index, ascending; entries included
    deaths     shape (k,): events at each key
    leaving    shape (k,): rows whose follow-up ends at each key
    death_weight  shape (k,): weights of the events at each key; None when every row counts once
    stratum_starts  shape (s+1,): bounds of the strata within the key table
    has_entry  whether rows enter at different times
    """

    n: int
    n_events: int
    shift: Reals | None
    event_sum: Reals
    event_weight: float
    blocks: tuple[Block, ...]
    keys: Integers
    deaths: Integers
    leaving: Integers
    death_weight: Reals | None
    stratum_starts: Integers
    has_entry: bool


def sort_rows(
    usable: UsableRows, shift: Reals, group: NDArray[np.integer[Any]] | None, n_times: int, *, is_shared: bool
) -> SortedRows:
    """Sort rows and lay out the design matrix.

    shift      shape (g, p), subtracted from the covariates of the rows of each group
    group      shape (n,), position of each row's group; None for a single group
    is_shared  whether risk sets reach over sites, so that sums must be moved to an origin common to all
    """
    doubled = (usable.stratum * n_times + usable.at) * 2
    doubled += ~usable.event
    order, doubled = _sorted(doubled)
    design, event_sum = _design(usable, shift, group, order)
    first, runs = _runs(doubled)
    run_event = runs % 2 == 0
    begins = range(0, usable.n, BLOCK_ROWS)
    blocks = over_blocks(lambda at: _block(usable, design, order, first, runs, n_times, at), begins, usable.n)
    of_entry = [block.entries.run_key for block in blocks if block.entries is not None]
    keys = np.unique(np.concatenate([runs // 2, *of_entry]))
    run_key, sizes = np.searchsorted(keys, runs // 2), np.diff(first)
    deaths = np.bincount(run_key, sizes * run_event, minlength=keys.size).astype(np.int64)
    weights = None
    if usable.weight is not None:
        of_run = np.add.reduceat(usable.weight[order], first[:-1]) if runs.size else np.empty(0)
        weights = np.bincount(run_key, of_run * run_event, minlength=keys.size).astype(np.float64)
    return SortedRows(
        n=usable.n,
        n_events=int(deaths.sum()),
        shift=shift[0] if is_shared else None,
        event_sum=event_sum,
        event_weight=float(deaths.sum() if weights is None else weights.sum()),
        blocks=tuple(_placed(block, keys) for block in blocks),
        keys=keys,
        deaths=deaths,
        leaving=np.bincount(run_key, sizes, minlength=keys.size).astype(np.int64),
        death_weight=weights,
        stratum_starts=stratum_bounds(keys // n_times),
        has_entry=usable.entry_at is not None,
    )


def _design(
    usable: UsableRows, shift: Reals, group: NDArray[np.integer[Any]] | None, order: NDArray[np.int32]
) -> tuple[Reals, Reals]:
    """Covariates less their shift, then ones, in the given order, shape (n, p+1); sums over events, shape (p,).

    Rows are put together in order of arrival, so that columns are read as they lie in memory, and each moves to its
    place as one item. One array for all rows is backed by large pages, which blocks of their own would not be.
    """
    width = len(usable.columns) + 1
    design, place = np.empty((order.size, width)), np.empty_like(order)
    place[order] = np.arange(order.size, dtype=np.int32)
    item = np.dtype((np.void, width * design.itemsize))

    def move(part: slice) -> Reals:
        rows = np.empty((place[part].size, width))
        for j, column in enumerate(usable.columns):
            np.subtract(column(part), shift[0 if group is None else group[part], j], out=rows[:, j])
        rows[:, -1] = 1.0
        design.view(item)[place[part], 0] = rows.view(item)[:, 0]
        died = usable.event[part].astype(np.float64)
        return np.asarray(np.dot(died if usable.weight is None else died * usable.weight[part], rows))

    parts = [slice(begin, begin + MOVED_ROWS) for begin in range(0, order.size, MOVED_ROWS)]
    sums = over_blocks(move, parts, order.size)
    return design, np.sum([np.zeros(width), *sums], axis=0)[:-1]


def _block(
    usable: UsableRows,
    design: Reals,
    order: NDArray[np.int32],
    first: NDArray[np.int32],
    runs: Integers,
    n_times: int,
    begin: int,
) -> Block:
    """Rows from `begin` on, their runs still named by key; a run that lies in two blocks is a run in each."""
    end = min(begin + BLOCK_ROWS, order.size)
    here = slice(np.searchsorted(first, begin, side="right") - 1, np.searchsorted(first, end))
    starts = np.append(np.maximum(first[here], begin), end) - begin
    arrived = order[begin:end]
    return Block(
        design=design[begin:end],
        starts=starts.astype(np.int32),
        run_key=runs[here] // 2,
        run_event=runs[here] % 2 == 0,
        first_key=0,
        of_keys=np.zeros(1, np.int32),
        order=arrived,
        weight=None if usable.weight is None else usable.weight[arrived],
        offset=None if usable.offset is None else usable.offset[arrived],
        entries=None if usable.entry_at is None else _entries(usable, usable.entry_at, n_times, arrived),
    )


def _entries(usable: UsableRows, entry_at: Integers, n_times: int, arrived: NDArray[np.int32]) -> Entries:
    """When the rows of a block enter, those from the start at the first point of the grid, still named by key."""
    key = usable.stratum[arrived] * n_times + np.maximum(entry_at[arrived], 0)
    lowest = key.min()
    order, ordered = _sorted(key - lowest)
    starts, runs = _runs(ordered)
    return Entries(order, starts, runs + lowest)


def _runs(ordered: Integers) -> tuple[NDArray[np.int32], Integers]:
    """Pointers to the runs of equal values, shape (r+1,), and their values."""
    first = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])) if ordered.size else ordered
    return np.append(first, ordered.size).astype(np.int32), ordered[first]


def _placed(block: Block, keys: Integers) -> Block:
    """The block with its runs named by their positions in the key table."""
    entries = block.entries
    if entries is not None:
        entries = replace(entries, run_key=np.searchsorted(keys, entries.run_key))
    run_key = np.searchsorted(keys, block.run_key)
    names = 2 * run_key + ~block.run_event
    first = int(run_key[0])
    every = np.arange(2 * first, 2 * int(run_key[-1]) + 3)
    of_keys = block.starts[np.searchsorted(names, every)]
    return replace(block, run_key=run_key, first_key=first, of_keys=of_keys, entries=entries)


def stratum_bounds(stratum: Integers) -> Integers:
    """Bounds of the runs of equal strata in an ascending array, shape (s+1,)."""
    if not stratum.size:
        return np.zeros(1, np.int64)
    return np.concatenate([[0], np.flatnonzero(stratum[1:] != stratum[:-1]) + 1, [stratum.size]])


def _sorted(keys: Integers) -> tuple[NDArray[np.int32], Integers]:
    """A stable argsort of non-negative whole numbers, and these in order.

    Key and position together are one whole number, and sorting numbers is several times as fast as sorting positions.
    """
    bits = int(keys.size).bit_length()
    if int(keys.max(initial=0)).bit_length() + bits > _WHOLE_BITS:
        order = np.argsort(keys, kind="stable")
        return np.asarray(order, np.int32), keys[order]
    packed: Integers = (keys << bits) | np.arange(keys.size)
    packed.sort()
    return np.asarray(packed & ((1 << bits) - 1), np.int32), np.asarray(packed >> bits)
