"""Ways to place the patients of a column in the rows of a table, of many tables at once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cohortium.estimators.contract import Integers, Reals


def fillings(totals: Integers, column: int) -> tuple[Integers, Integers]:
    """All ways to place a column's patients so that no row gets more than it still has room for.

    totals   shape (tables, rows), room of each row
    column   patients to place, at most the room of each table

    Returns the table of each way, shape (ways,), ascending, and how many go to each row, shape (ways, rows).
    """
    table = np.arange(len(totals))
    to_place = np.full(len(totals), column)
    placed: list[Integers] = []
    room_after = totals[:, ::-1].cumsum(1)[:, ::-1] - totals
    for room, after in zip(totals.T, room_after.T, strict=True):
        least = np.maximum(0, to_place - after[table])
        n_ways = np.minimum(room[table], to_place) - least + 1
        before = np.repeat(np.arange(len(table)), n_ways)
        nth = np.arange(len(before)) - np.repeat(n_ways.cumsum() - n_ways, n_ways)
        here = least[before] + nth
        placed = [*(earlier[before] for earlier in placed), here]
        table, to_place = table[before], to_place[before] - here
    return table, np.stack(placed, axis=1)


def most_fillings(totals: Integers, column: int) -> Reals:
    """Upper bound of the number of ways to place a column, shape (tables,)."""
    ways = np.minimum(totals, column) + 1.0
    return np.asarray(ways.prod(1) / ways.max(1))


def batches(sizes: Reals, most: float) -> Iterator[slice]:
    """Consecutive pieces whose sizes add up to no more than `most`; a larger one comes alone."""
    start, held = 0, 0.0
    for i, size in enumerate(sizes.tolist()):
        if i > start and held + size > most:
            yield slice(start, i)
            start, held = i, 0.0
        held += size
    if len(sizes):
        yield slice(start, len(sizes))
