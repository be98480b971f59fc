"""Prepare of the Cox model: a site's usable rows, sorted, once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.blocks import over_blocks
from cohortium.estimators.cox.rows import SortedRows, sort_rows
from cohortium.estimators.cox.usable import Choice, UsableRows, choose_rows, usable_rows
from cohortium.estimators.regression.design import cell_counts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cohortium.estimators.contract import Integers, Reals, Rows
    from cohortium.estimators.cox.spec import CoxSpec


@dataclass(frozen=True)
class PreparedCox:
    """A site's rows, sorted, with what does not change between rounds.

    usable            the rows in order of arrival
    rows              the same rows sorted, with their design matrix
    event_column_sum  shape (p,): sums of the covariates over rows with the event
    square_sum        shape (p,): sums of their squares over all rows
    level_counts      shape (cells, 2): rows and events in each of `spec.cells`
    choice            which rows these are, and how many were left out
    """

    spec: CoxSpec
    usable: UsableRows
    rows: SortedRows
    event_column_sum: Reals
    square_sum: Reals
    level_counts: Integers
    choice: Choice


def prepare(rows: Rows, spec: CoxSpec) -> PreparedCox:
    """Sort a site's complete rows and lay out the design matrix.

    Raises
        SiteDataError: a follow-up time is not on the declared grid, or an offset is out of range.
    """
    choice = choose_rows(rows, spec)
    usable = usable_rows(rows, spec, choice)
    whole = slice(None)
    group, event_sums, n_events = _groups(spec, usable, [column(whole) for column in usable.columns])
    shift = event_sums / np.maximum(n_events, 1)[:, None]
    if group is None and usable.n and not n_events.any():
        # A site without events still stands in the risk sets of others: far-off covariates need an origin among its own.
        shift = np.array([[float(column(whole).mean()) for column in usable.columns]])
    return PreparedCox(
        spec=spec,
        usable=usable,
        rows=sort_rows(usable, shift, group, spec.grid.size, is_shared=not spec.nested),
        event_column_sum=event_sums.sum(axis=0),
        square_sum=_square_sums([column(whole) for column in usable.columns]),
        level_counts=cell_counts(rows, spec, choice.keep, usable.event),
        choice=choice,
    )


def _square_sums(columns: list[Reals]) -> Reals:
    # A sum beyond the largest number is infinite, and refused as such when the totals are made.
    with np.errstate(over="ignore"):
        return np.array(over_blocks(lambda column: float(np.dot(column, column)), columns, columns[0].size))


def _groups(
    spec: CoxSpec, usable: UsableRows, columns: list[Reals]
) -> tuple[NDArray[np.int32] | None, Reals, Integers]:
    """Groups of rows that share an origin: strata inside sites, otherwise all; sums over their events, shape (g, p)."""
    from scipy.sparse import csc_array

    event = usable.event.astype(np.float64)
    present = np.bincount(usable.stratum, minlength=1) > 0 if spec.nested and spec.strata else np.zeros(1, bool)
    size = int(present.sum())
    if size < 2:
        sums = np.array([over_blocks(lambda column: float(np.dot(column, event)), columns, event.size)])
        return None, sums, np.array([int(event.sum())])
    group = (np.cumsum(present, dtype=np.int32) - 1)[usable.stratum]
    # A column of this matrix is a row of the site, with its event at the place of its group.
    of_groups = csc_array((event, group, np.arange(event.size + 1, dtype=np.int32)), shape=(size, event.size))
    by_column = over_blocks(lambda column: of_groups @ column, columns, event.size)
    return group, np.stack(by_column, axis=1), np.bincount(group, event, minlength=size).astype(np.int64)
