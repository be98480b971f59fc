"""Rows of a Cox model in (stratum, time, events first) order, in blocks that fit the cache.

A stable argsort of 16-bit keys is a radix sort, so each block of arrival order is sorted in linear time.
The design matrix is stored about means of the rows that die (of the site, or of each stratum), which keeps
sums accurate, with a last column of ones: one
sparse product then gives sums of weights and of weighted covariates together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.contract import Integers, Reals
from cohortium.estimators.cox.blocks import over_blocks

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOCK_ROWS = 65_536
_LOW_BITS = 16

ColumnOf = Callable[[slice | Integers], Reals]


@dataclass(frozen=True)
class Block:
    """Rows of one block.

    design      shape (m, p+1): covariates about the site's means, then ones
    starts      shape (r+1,): row pointers of the runs of equal (key, event)
    run_key     shape (r,): position of each run's (stratum, time) in the site's key table
    run_event   shape (r,): whether the rows of the run have the event
    """

    design: Reals
    starts: NDArray[np.int32]
    run_key: Integers
    run_event: NDArray[np.bool_]


@dataclass(frozen=True)
class SortedRows:
    """All usable rows of a site.

    shift      shape (p,): what was taken off the covariates; None when no sum needs another origin
    event_sum  shape (p,): sum over rows with the event of the covariates less what was taken off
    keys       shape (k,): observed stratum * n_times + time index, ascending
    deaths     shape (k,): events at each key
    leaving    shape (k,): rows whose follow-up ends at each key
    stratum_starts  shape (s+1,): bounds of the strata within the key table
    """

    n: int
    n_events: int
    shift: Reals | None
    event_sum: Reals
    blocks: tuple[Block, ...]
    keys: Integers
    deaths: Integers
    leaving: Integers
    stratum_starts: Integers


def sort_rows(
    columns: Sequence[ColumnOf],
    shift: Reals,
    group: Integers | None,
    key: Integers,
    event: NDArray[np.bool_],
    n_times: int,
    *,
    is_shared: bool,
) -> SortedRows:
    """Sort rows block by block and lay out the design matrix.

    columns  one function a covariate: positions of rows to their values, shape (m,)
    shift    shape (g, p), subtracted from the covariates of the rows of each group
    group    shape (n,), position of each row's group; None for a single group
    key      shape (n,), stratum * n_times + time index
    event    shape (n,)
    is_shared  whether risk sets reach over sites, so that sums must be moved to an origin common to all
    """
    parts = _parts(key, n_times)
    blocks = over_blocks(lambda part: _sorted_block(columns, shift, group, key, event, part), parts, key.size)
    keys = np.unique(np.concatenate([np.empty(0, np.int64), *(block.run_key for block in blocks)]))
    deaths, leaving = np.zeros(keys.size, np.int64), np.zeros(keys.size, np.int64)
    placed: list[Block] = []
    for block in blocks:
        at, dead, sizes = np.searchsorted(keys, block.run_key), block.run_event, np.diff(block.starts)
        np.add.at(leaving, at, sizes)
        np.add.at(deaths, at[dead], sizes[dead])
        placed.append(replace(block, run_key=at))
    return SortedRows(
        n=key.size,
        n_events=int(deaths.sum()),
        shift=shift[0] if is_shared else None,
        event_sum=np.sum([np.zeros(len(columns)), *(_event_sum(block) for block in placed)], axis=0),
        blocks=tuple(placed),
        keys=keys,
        deaths=deaths,
        leaving=leaving,
        stratum_starts=stratum_bounds(keys // n_times),
    )


def _parts(key: Integers, n_times: int) -> list[slice | Integers]:
    """Which rows each block takes: rows in order of arrival, or stratum by stratum when there are several.

    Blocks of one stratum have few keys, which keeps their sums small.
    """
    stratum = key // n_times
    bounds = range(0, key.size, BLOCK_ROWS)
    if not key.size or stratum.min() == stratum.max():
        return [slice(begin, min(begin + BLOCK_ROWS, key.size)) for begin in bounds]
    order = _argsort(stratum)
    return [order[begin : begin + BLOCK_ROWS] for begin in bounds]


def _sorted_block(
    columns: Sequence[ColumnOf],
    shift: Reals,
    group: Integers | None,
    key: Integers,
    event: NDArray[np.bool_],
    part: slice | Integers,
) -> Block:
    """One block, its runs still named by key."""
    doubled = key[part] * 2
    doubled += ~event[part]
    lowest = doubled.min()
    order = _argsort(doubled - lowest)
    ordered = doubled[order]
    first = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    design = np.empty((order.size, len(columns) + 1))
    of_row: int | Integers = 0 if group is None else group[part][order]
    for j, column in enumerate(columns):
        np.subtract(column(part)[order], shift[of_row, j], out=design[:, j])
    design[:, -1] = 1.0
    runs = ordered[first]
    return Block(design, np.append(first, order.size).astype(np.int32), runs // 2, runs % 2 == 0)


def _event_sum(block: Block) -> Reals:
    died = np.repeat(block.run_event, np.diff(block.starts)).astype(np.float64)
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
