"""Which of a site's rows a Cox model can use, and those rows as arrays in order of arrival."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cohortium.errors import SiteDataError
from cohortium.estimators.blocks import over_blocks
from cohortium.estimators.contract import Integers, Reals, Rows
from cohortium.estimators.cox.spec import FactorTerm
from cohortium.estimators.regression.design import columns_of
from cohortium.estimators.regression.terms import components_of
from cohortium.estimators.strata import stratum_codes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cohortium.estimators.cox.spec import CoxSpec

ColumnOf = Callable[[slice | Integers], Reals]

LARGEST_OFFSET = 200.0
"""Well within the range in which relative hazards are finite; a larger offset is not on the log scale."""


@dataclass(frozen=True)
class UsableRows:
    """The rows that a fit uses, in order of arrival.

    at        shape (n,): grid position of the time
    entry_at  shape (n,): grid position of the entry, -1 from the start; None when every row is at risk from the start
    event     shape (n,)
    stratum   shape (n,): position among the declared strata
    weight    shape (n,), above 0; None when every row counts once
    offset    shape (n,); None for none
    cluster   shape (n,): whole numbers, the same for rows that belong together; None when each stands alone
    columns   one function a covariate: positions of rows to values, shape (m,)
    pair_stratum  shape (n,): within which stratum pairs are compared for the concordance, -1 where not known; None
              when within the strata of the model
    """

    n: int
    at: Integers
    entry_at: Integers | None
    event: NDArray[np.bool_]
    stratum: Integers
    weight: Reals | None
    offset: Reals | None
    cluster: Integers | None
    columns: Sequence[ColumnOf]
    pair_stratum: Integers | None = None


class Choice(NamedTuple):
    """Positions of the rows that can be used with the strata of all rows, and counts of the rest by first reason."""

    keep: slice | Integers
    stratum: Integers
    missing: int
    missing_stratum: int
    invalid_weight: int
    invalid_entry: int


def choose_rows(rows: Rows, spec: CoxSpec) -> Choice:
    """Rows whose values are all known and valid."""
    complete = np.ones(rows.n, bool)
    # The lowest of values with an unknown one is unknown: one pass and no array where all are known.
    lowest = over_blocks(lambda name: float(rows.numbers[name].min(initial=0.0)), spec.numbers, rows.n)
    for name in compress(spec.numbers, np.isnan(lowest)):
        complete &= ~np.isnan(rows.numbers[name])
    for name in {part.variable for part in components_of(spec.terms) if isinstance(part, FactorTerm)}:
        complete &= rows.codes[name] >= 0
    stratum = stratum_codes(rows, spec.strata)
    tests = [complete, stratum >= 0]
    with np.errstate(invalid="ignore"):
        tests.append(rows.numbers[spec.weight] > 0 if spec.weight else np.ones(1, bool))
        tests.append(_enters_before(rows, spec) if spec.entry else np.ones(1, bool))
    use, left = np.ones(rows.n, bool), []
    for test in tests:
        before = int(np.count_nonzero(use))
        use &= test
        left.append(before - int(np.count_nonzero(use)))
    return Choice(slice(None) if use.all() else np.flatnonzero(use), stratum, *left)


def _enters_before(rows: Rows, spec: CoxSpec) -> NDArray[np.bool_]:
    """Rows with entry before time; values that a grid takes as one are not one before the other."""
    before = np.asarray(rows.numbers[spec.entry] < rows.numbers[spec.time])
    if spec.grid.is_coarse:
        return before
    at = np.flatnonzero(before)
    entry, time = (spec.grid.index(rows.numbers[name][at]) for name in (spec.entry, spec.time))
    before[at[entry >= time]] = False
    return before


def usable_rows(rows: Rows, spec: CoxSpec, choice: Choice) -> UsableRows:
    """The chosen rows as arrays.

    Raises
        SiteDataError: a follow-up time is not on the declared grid, or an offset is out of range.
    """
    keep = choice.keep

    def optional(name: str) -> Reals | None:
        return rows.numbers[name][keep] if name else None

    event = rows.numbers[spec.event][keep] == spec.cause
    at = spec.grid.index(rows.numbers[spec.time][keep])
    entry, offset, cluster = (optional(name) for name in (spec.entry, spec.offset, spec.cluster))
    if offset is not None and np.abs(offset).max(initial=0.0) > LARGEST_OFFSET:
        raise SiteDataError(
            f"{spec.offset}: an offset is added to the log hazard and lies within ±{LARGEST_OFFSET:g}; "
            "this column holds a value outside"
        )
    return UsableRows(
        n=event.size,
        at=at,
        entry_at=None if entry is None else _entry_positions(spec, entry, at),
        event=event,
        stratum=choice.stratum[keep],
        weight=optional(spec.weight),
        offset=offset,
        cluster=None if cluster is None else cluster.astype(np.int64),
        columns=columns_of(rows, spec, keep),
        pair_stratum=_pair_stratum(rows, spec, keep),
    )


def _entry_positions(spec: CoxSpec, entry: Reals, at: Integers) -> Integers:
    # A week or month that holds both entry and end counts the row at its end, so the row is at risk there. No row ends
    # at the first point of the grid when all enter there or later, so to enter there is to be at risk from the start.
    position = np.minimum(spec.grid.index(entry), at - 1)
    return np.where(position > 0, position, -1)


def _pair_stratum(rows: Rows, spec: CoxSpec, keep: slice | Integers) -> Integers | None:
    if spec.concordance is None or not spec.concordance.strata:
        return None
    return stratum_codes(rows, (*spec.strata, *spec.concordance.strata))[keep]
