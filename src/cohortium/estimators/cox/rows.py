"""Rows of a Cox model in (stratum, time, events first) order, in blocks that fit the cache.

A stable argsort of 16-bit keys is a radix sort, so each block of arrival order is sorted in linear time.
The design matrix is stored about means of the rows that die (of the site, or of each stratum), which keeps
sums accurate, with a last column of ones: one
sparse product then gives sums of weights and of weighted covariates together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.contract import Integers, Reals
from cohortium.estimators.cox.blocks import over_blocks
from cohortium.estimators.cox.usable import UsableRows

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOCK_ROWS = 65_536
_LOW_BITS = 16


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
    order       shape (m,): positions of the rows in order of arrival
    weight      shape (m,); None when every row counts once
    offset      shape (m,); None for none
    entries     None when every row is at risk from the start
    """

    design: Reals
    starts: NDArray[np.int32]
    run_key: Integers
    run_event: NDArray[np.bool_]
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


def sort_rows(usable: UsableRows, shift: Reals, group: Integers | None, n_times: int, *, is_shared: bool) -> SortedRows:
    """Sort rows block by block and lay out the design matrix.

    shift      shape (g, p), subtracted from the covariates of the rows of each group
    group      shape (n,), position of each row's group; None for a single group
    is_shared  whether risk sets reach over sites, so that sums must be moved to an origin common to all
    """
    key = usable.stratum * n_times + usable.at
    parts = _parts(usable.stratum)
    blocks = over_blocks(lambda part: _sorted_block(usable, shift, group, key, n_times, part), parts, usable.n)
    of_entry = [block.entries.run_key for block in blocks if block.entries is not None]
    keys = np.unique(np.concatenate([np.empty(0, np.int64), *(block.run_key for block in blocks), *of_entry]))
    placed = tuple(_placed(block, keys) for block in blocks)
    deaths, leaving = np.zeros(keys.size, np.int64), np.zeros(keys.size, np.int64)
    weights = None if usable.weight is None else np.zeros(keys.size)
    for block in placed:
        dead, sizes = block.run_event, np.diff(block.starts)
        np.add.at(leaving, block.run_key, sizes)
        np.add.at(deaths, block.run_key[dead], sizes[dead])
        if weights is not None and block.weight is not None:
            np.add.at(weights, block.run_key[dead], np.add.reduceat(block.weight, block.starts[:-1])[dead])
    return SortedRows(
        n=usable.n,
        n_events=int(deaths.sum()),
        shift=shift[0] if is_shared else None,
        event_sum=np.sum([np.zeros(len(usable.columns)), *over_blocks(_event_sum, placed, usable.n)], axis=0),
        event_weight=float(deaths.sum() if weights is None else weights.sum()),
        blocks=placed,
        keys=keys,
        deaths=deaths,
        leaving=leaving,
        death_weight=weights,
        stratum_starts=stratum_bounds(keys // n_times),
        has_entry=usable.entry_at is not None,
    )


def _parts(stratum: Integers) -> list[slice | Integers]:
    """Which rows each block takes: rows in order of arrival, or stratum by stratum when there are several.

    Blocks of one stratum have few keys, which keeps their sums small.
    """
    bounds = range(0, stratum.size, BLOCK_ROWS)
    if not stratum.size or stratum.min() == stratum.max():
        return [slice(begin, min(begin + BLOCK_ROWS, stratum.size)) for begin in bounds]
    order = _argsort(stratum)
    return [order[begin : begin + BLOCK_ROWS] for begin in bounds]


def _sorted_block(
    usable: UsableRows, shift: Reals, group: Integers | None, key: Integers, n_times: int, part: slice | Integers
) -> Block:
    """One block, its runs still named by key."""
    doubled = key[part] * 2
    doubled += ~usable.event[part]
    order = _argsort(doubled - doubled.min())
    starts, runs = _runs(doubled[order])
    design = np.empty((order.size, len(usable.columns) + 1))
    of_row: int | Integers = 0 if group is None else group[part][order]
    for j, column in enumerate(usable.columns):
        np.subtract(column(part)[order], shift[of_row, j], out=design[:, j])
    design[:, -1] = 1.0
    arrived = order + part.start if isinstance(part, slice) else part[order]
    return Block(
        design=design,
        starts=starts,
        run_key=runs // 2,
        run_event=runs % 2 == 0,
        order=arrived.astype(np.int32),
        weight=None if usable.weight is None else usable.weight[arrived],
        offset=None if usable.offset is None else usable.offset[arrived],
        entries=None if usable.entry_at is None else _entries(usable, usable.entry_at, n_times, arrived),
    )


def _entries(usable: UsableRows, entry_at: Integers, n_times: int, arrived: Integers) -> Entries:
    """When the rows of a block enter, those from the start at the first point of the grid, still named by key."""
    key = usable.stratum[arrived] * n_times + np.maximum(entry_at[arrived], 0)
    order = _argsort(key - key.min())
    starts, runs = _runs(key[order])
    return Entries(order.astype(np.int32), starts, runs)


def _runs(ordered: Integers) -> tuple[NDArray[np.int32], Integers]:
    """Pointers to the runs of equal values, shape (r+1,), and their values."""
    first = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    return np.append(first, ordered.size).astype(np.int32), ordered[first]


def _placed(block: Block, keys: Integers) -> Block:
    """The block with its runs named by their positions in the key table."""
    entries = block.entries
    if entries is not None:
        entries = replace(entries, run_key=np.searchsorted(keys, entries.run_key))
    return replace(block, run_key=np.searchsorted(keys, block.run_key), entries=entries)


def _event_sum(block: Block) -> Reals:
    died = np.repeat(block.run_event, np.diff(block.starts)).astype(np.float64)
    if block.weight is not None:
        died *= block.weight
    return np.asarray((died @ block.design)[:-1])


def stratum_bounds(stratum: Integers) -> Integers:
    """Bounds of the runs of equal strata in an ascending array, shape (s+1,)."""
    if not stratum.size:
        return np.zeros(1, np.int64)
    return np.concatenate([[0], np.flatnonzero(stratum[1:] != stratum[:-1]) + 1, [stratum.size]])


def _argsort(keys: Integers) -> Integers:
    """A stable argsort of non-negative whole numbers, by 16-bit digits."""
    largest = int(keys.max(initial=0))
    order: Integers = np.argsort((keys & 0xFFFF).astype(np.uint16), kind="stable")
    shift = _LOW_BITS
    while largest >> shift:
        digit = ((keys >> shift) & 0xFFFF).astype(np.uint16)
        order = order[np.argsort(digit[order], kind="stable")]
        shift += _LOW_BITS
    return order
