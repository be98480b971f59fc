"""Rows counted by group, time and how the follow-up ended: 0 censored, 1..K the cause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cohortium.errors import SiteDataError
from cohortium.estimators.counts import count_entries, row_blocks, timed_rows
from cohortium.estimators.strata import count_strata, stratum_codes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cohortium.estimators.contract import Factor, Integers, Rows
    from cohortium.estimators.grid import Grid

_CHUNK = 65_536
"""Rows at once: their keys stay in the cache between the operations on them."""
CENSORED = 0


class StateSpec(NamedTuple):
    """Where the rows say what is counted.

    event     numeric column: 0 censored, 1..`n_causes` the cause
    by        groups; None for one group
    strata    factors whose combinations are the strata
    entry     numeric column: under observation after this time; empty when from the origin
    """

    time: str
    event: str
    grid: Grid
    n_causes: int
    by: Factor | None = None
    strata: tuple[Factor, ...] = ()
    entry: str = ""

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed."""
        return tuple(name for name in (self.time, self.event, self.entry) if name)

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed."""
        return (*((self.by,) if self.by else ()), *self.strata)

    @property
    def n_groups(self) -> int:
        """Number of groups; 1 without `by`."""
        return len(self.by) if self.by else 1


class StateRows(NamedTuple):
    """Usable rows, and how many were left out for which reason.

    group     shape (n,), position of the level
    stratum   shape (n,), position among the declared combinations; shape () when there is one stratum
    at        shape (n,), position of the end of follow-up on the time grid
    state     shape (n,), 0 censored, 1..K the cause
    entry_at  shape (n,), position after which the row is under observation; None without left truncation
    """

    group: NDArray[np.integer[Any]]
    stratum: Integers
    at: Integers
    state: Integers
    entry_at: Integers | None
    missing: int
    missing_stratum: int
    late: int


class StateCounts(NamedTuple):
    """Counts of the rows of a site.

    counts   shape (strata, groups, times, causes + 1)
    entries  shape (strata, groups, times): rows that come under observation just after each time; None without left
             truncation
    """

    counts: Integers
    entries: Integers | None
    missing: int
    missing_stratum: int
    late: int


def state_rows(rows: Rows, spec: StateSpec) -> StateRows:
    """The usable rows.

    Raises
        SiteDataError: a time is not on the grid, or an event is not one of the declared causes.
    """
    usable = timed_rows(rows, spec.time, spec.event, spec.grid, spec.by, entry=spec.entry)
    state = states_of(rows.numbers[spec.event][usable.where], spec.event, spec.n_causes)
    found = StateRows(
        usable.group, np.zeros((), np.int64), usable.at, state, usable.entry_at, usable.missing, 0, usable.late
    )
    if not spec.strata:
        return found
    stratum = stratum_codes(rows, spec.strata)[usable.where]
    known = stratum >= 0
    if known.all():
        return found._replace(stratum=stratum)
    return found._replace(
        group=usable.group[known],
        stratum=stratum[known],
        at=usable.at[known],
        state=state[known],
        entry_at=None if usable.entry_at is None else usable.entry_at[known],
        missing_stratum=int(known.size - np.count_nonzero(known)),
    )


def states_of(event: np.ndarray, name: str, n_causes: int) -> Integers:
    """How the follow-up of each row ended, as whole numbers, shape as given.

    event  0 censored, 1..n_causes the cause; none unknown

    Raises
        SiteDataError: there is another value.
    """
    with np.errstate(invalid="ignore"):
        state: Integers = event.astype(np.int64)
    if state.size and (state.min() < 0 or state.max() > n_causes or not np.array_equal(state, event)):
        raise SiteDataError(
            f"{name}: expected 0 for a censored follow-up and 1 to {n_causes} for the cause; this column holds "
            "another value"
        )
    return state


def count_rows(rows: Rows, spec: StateSpec) -> StateCounts:
    """Counts of a site's rows, made block by block."""
    shape = (count_strata(spec.strata), spec.n_groups, spec.grid.size)
    n_cells, n_states = shape[0] * shape[1], spec.n_causes + 1
    counts = np.zeros((*shape, n_states), np.int64)
    entries = np.zeros(shape, np.int64) if spec.entry else None
    missing = missing_stratum = late = 0
    names = [factor.name for factor in spec.factors]
    for block in row_blocks(rows, spec.numbers, names, n_cells * spec.grid.size * n_states):
        usable = state_rows(block, spec)
        cell = usable.group if not spec.strata else usable.stratum * spec.n_groups + usable.group
        counts += count_states(cell, usable.at, usable.state, n_cells, spec.grid.size, n_states).reshape(counts.shape)
        if entries is not None and usable.entry_at is not None:
            entries += count_entries(cell, usable.entry_at, n_cells, spec.grid.size).reshape(shape)
        missing += usable.missing
        missing_stratum += usable.missing_stratum
        late += usable.late
    return StateCounts(counts, entries, missing, missing_stratum, late)


def count_states(
    cell: NDArray[np.integer[Any]],
    at: Integers,
    state: Integers,
    n_cells: int,
    n_times: int,
    n_states: int,
) -> Integers:
    """Rows of each cell, time and state, shape (n_cells, n_times, n_states)."""
    size = n_cells * n_times * n_states
    counts = np.zeros(size, np.int64)
    chunk = max(_CHUNK, 2 * size)
    for begin in range(0, at.size, chunk):
        part = slice(begin, begin + chunk)
        flat = at[part] * n_states
        flat += state[part]
        if n_cells > 1:
            flat += cell[part] * np.int64(n_times * n_states)
        counts += np.bincount(flat, minlength=size)
    return counts.reshape(n_cells, n_times, n_states)
