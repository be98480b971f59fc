"""What a site keeps for a Fine-Gray model: its usable rows, sorted by stratum, group of censoring, time and state.

The rows are those of the Cox model with the same covariates. Its times are told apart by state, so that the sums over
rows of the Cox model, by key, are the sums that the subdistribution needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cohortium.estimators.blocks import over_blocks
from cohortium.estimators.competing.states import states_of
from cohortium.estimators.cox.rows import SortedRows, sort_rows, stratum_bounds
from cohortium.estimators.cox.usable import Choice, UsableRows, choose_rows, usable_rows
from cohortium.estimators.fine_gray.risk_sets import CENSORED, EVENT, N_STATES, OTHER
from cohortium.estimators.regression.design import cell_counts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.estimators.contract import Integers, Reals, Rows
    from cohortium.estimators.fine_gray.spec import FineGraySpec


class Stratum(NamedTuple):
    """The keys of one observed stratum as places of a dense table (groups, times, states).

    keys    which of the site's keys
    times   shape (D,): positions on the grid of the times that the stratum has
    place   shape (keys,): place of each key in the flattened table
    deaths  shape (D,): events of the cause
    """

    keys: slice
    times: Integers
    place: Integers
    deaths: Integers

    def table(self, by_key: Reals, n_groups: int) -> Reals:
        """Values at all keys of the site as the stratum's dense table, shape (groups, D, states, c)."""
        dense = np.zeros((n_groups * self.times.size * N_STATES, by_key.shape[1]))
        dense[self.place] = by_key[self.keys]
        return dense.reshape(n_groups, self.times.size, N_STATES, -1)


@dataclass(frozen=True)
class PreparedFineGray:
    """A site's rows, sorted, with what does not change between rounds.

    rows        keys are ((stratum * groups + group) * times + time) * states + state
    strata      the observed strata
    groups      shape (g,): the observed groups of censoring; tables of strata are over these
    censoring   shape (g, times, 2): rows of each that leave with an event, and censored
    event_column_sum, square_sum   shape (p,): sums of the covariates over events of the cause, of squares over rows
    level_counts   shape (cells, 2): rows and events of the cause
    """

    spec: FineGraySpec
    rows: SortedRows
    strata: tuple[Stratum, ...]
    groups: Integers
    censoring: Integers
    event_column_sum: Reals
    square_sum: Reals
    level_counts: Integers
    n_others: int
    choice: Choice


def prepare(rows: Rows, spec: FineGraySpec) -> PreparedFineGray:
    """Sort a site's complete rows and lay out the design matrix.

    Raises
        SiteDataError: a follow-up time is not on the declared grid, or an event is not one of the declared causes.
    """
    choice = _chosen(rows, spec)
    usable = usable_rows(rows, spec.rows, choice)
    state = _states(rows, spec, choice)
    group = _groups(rows, spec, choice, usable.n)
    keyed = UsableRows(
        n=usable.n,
        at=usable.at * N_STATES + state,
        entry_at=None,
        event=state == EVENT,
        stratum=usable.stratum * spec.n_groups + group,
        weight=None,
        offset=None,
        cluster=None,
        columns=usable.columns,
    )
    columns = [column(slice(None)) for column in usable.columns]
    origin, shift, event_sum = _origins(spec, usable.stratum, keyed.event, columns)
    found = sort_rows(keyed, shift, origin, spec.grid.size * N_STATES, is_shared=not spec.nested)
    observed = np.unique(group) if spec.censoring is not None else np.zeros(min(usable.n, 1), np.int64)
    return PreparedFineGray(
        spec=spec,
        rows=found,
        strata=_strata(spec, found, observed),
        groups=observed,
        censoring=_censoring(np.searchsorted(observed, group), usable.at, state, observed.size, spec.grid.size),
        event_column_sum=event_sum,
        square_sum=_square_sums(columns),
        level_counts=cell_counts(rows, spec.rows, choice.keep, keyed.event),
        n_others=int(np.count_nonzero(state == OTHER)),
        choice=choice,
    )


def _chosen(rows: Rows, spec: FineGraySpec) -> Choice:
    """Rows whose values are all known, the group of censoring among them."""
    choice = choose_rows(rows, spec.rows)
    if spec.censoring is None:
        return choice
    known = rows.codes[spec.censoring.name][choice.keep] >= 0
    unknown = int(known.size - np.count_nonzero(known))
    if not unknown:
        return choice
    keep = np.arange(rows.n)[choice.keep][known]
    return choice._replace(keep=keep, missing=choice.missing + unknown)


def _states(rows: Rows, spec: FineGraySpec, choice: Choice) -> Integers:
    number = states_of(rows.numbers[spec.event][choice.keep], spec.event, spec.n_causes)
    return np.where(number == spec.cause, EVENT, np.where(number == 0, CENSORED, OTHER))


def _groups(rows: Rows, spec: FineGraySpec, choice: Choice, n: int) -> Integers:
    if spec.censoring is None:
        return np.zeros(n, np.int64)
    return rows.codes[spec.censoring.name][choice.keep].astype(np.int64)


def _origins(
    spec: FineGraySpec, stratum: Integers, event: np.ndarray, columns: Sequence[Reals]
) -> tuple[Integers | None, Reals, Reals]:
    """Groups of rows that share an origin of the covariates, the origins, and the sums over all events.

    Strata inside sites have their own origin, which keeps sums accurate; risk sets that reach over sites move to one.
    """
    strata = np.unique(stratum) if spec.nested and spec.strata else np.empty(0, np.int64)
    if strata.size < 2:
        sums = np.array([over_blocks(lambda column: float(column @ event), columns, event.size)])
        return None, sums / max(int(event.sum()), 1), sums[0]
    of_row = np.searchsorted(strata, stratum)
    by_column = [np.bincount(of_row, column * event, minlength=strata.size) for column in columns]
    sums = np.stack(by_column, axis=1)
    counts = np.maximum(np.bincount(of_row, event, minlength=strata.size), 1)
    return of_row, sums / counts[:, None], sums.sum(axis=0)


def _square_sums(columns: Sequence[Reals]) -> Reals:
    # A sum beyond the largest number is infinite, and refused as such when the totals are made.
    with np.errstate(over="ignore"):
        return np.array(over_blocks(lambda column: float(column @ column), columns, columns[0].size))


def _strata(spec: FineGraySpec, rows: SortedRows, groups: Integers) -> tuple[Stratum, ...]:
    cell_day, state = np.divmod(rows.keys, N_STATES)
    cell, day = np.divmod(cell_day, spec.grid.size)
    stratum, group = np.divmod(cell, spec.n_groups)
    found = []
    for begin, end in pairwise(stratum_bounds(stratum)):
        here = slice(begin, end)
        times, at = np.unique(day[here], return_inverse=True)
        place = (np.searchsorted(groups, group[here]) * times.size + at) * N_STATES + state[here]
        deaths = np.bincount(at, rows.deaths[here], minlength=times.size).astype(np.int64)
        found.append(Stratum(here, times, place, deaths))
    return tuple(found)


def _censoring(group: Integers, at: Integers, state: Integers, n_groups: int, n_times: int) -> Integers:
    flat = (group * n_times + at) * 2 + (state == CENSORED)
    return np.bincount(flat, minlength=n_groups * n_times * 2).reshape(n_groups, n_times, 2)
