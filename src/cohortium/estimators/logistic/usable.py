"""Which of a site's rows a logistic model can use, and those rows as arrays in order of arrival."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cohortium.errors import SiteDataError
from cohortium.estimators.regression.design import column_of
from cohortium.estimators.regression.terms import FactorTerm
from cohortium.estimators.strata import stratum_codes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cohortium.estimators.contract import Integers, Reals, Rows
    from cohortium.estimators.logistic.spec import LogisticSpec

LARGEST_OFFSET = 200.0
"""A larger offset is not on the log scale of odds."""


@dataclass(frozen=True)
class LogisticRows:
    """The rows that a fit uses, in order of arrival.

    outcome      shape (n,), 1 or 0
    columns      one a covariate, shape (n,); a number is the site's own column
    n_constants  constants before the covariates: 1, one a stratum, or none when the likelihood is conditional
    stratum      shape (n,): position among the declared strata; None without strata
    weight       shape (n,), above 0; None when every row counts once
    offset       shape (n,); None for none
    """

    outcome: Reals
    columns: Sequence[Reals]
    n_constants: int = 1
    stratum: Integers | None = None
    weight: Reals | None = None
    offset: Reals | None = None

    @property
    def n(self) -> int:
        """Number of rows."""
        return int(self.outcome.size)

    @property
    def size(self) -> int:
        """Number of all coefficients, q."""
        return self.n_constants + len(self.columns)


class Choice(NamedTuple):
    """Positions of the rows that can be used, and counts of the rest by first reason."""

    keep: slice | Integers
    missing: int
    missing_stratum: int
    invalid_weight: int


def choose_rows(rows: Rows, spec: LogisticSpec) -> Choice:
    """Rows whose values are all known and valid."""
    _, complete = spec.event_of(rows)
    for name in spec.numbers:
        if name != spec.outcome:
            complete &= ~np.isnan(rows.numbers[name])
    for name in {part.variable for part in spec.components if isinstance(part, FactorTerm)}:
        complete &= rows.codes[name] >= 0
    tests: list[NDArray[np.bool_]] = [complete]
    tests.append(stratum_codes(rows, spec.strata) >= 0 if spec.strata else np.ones(1, bool))
    with np.errstate(invalid="ignore"):
        tests.append(rows.numbers[spec.weight] > 0 if spec.weight else np.ones(1, bool))
    use, left = np.ones(rows.n, bool), []
    for test in tests:
        before = int(use.sum())
        use &= test
        left.append(before - int(use.sum()))
    return Choice(slice(None) if use.all() else np.flatnonzero(use), *left)


def usable_rows(rows: Rows, spec: LogisticSpec, keep: slice | Integers) -> LogisticRows:
    """The chosen rows as arrays.

    Raises
        SiteDataError: an offset is out of range.
    """

    def optional(name: str) -> Reals | None:
        return rows.numbers[name][keep] if name else None

    event, _ = spec.event_of(rows)
    offset = optional(spec.offset)
    if offset is not None and np.abs(offset).max(initial=0.0) > LARGEST_OFFSET:
        raise SiteDataError(
            f"{spec.offset}: an offset is added to the log odds and lies within ±{LARGEST_OFFSET:g}; "
            "this column holds a value outside"
        )
    whole = slice(None)
    return LogisticRows(
        outcome=event[keep].astype(np.float64),
        columns=[np.asarray(column_of(rows, column, keep)(whole), np.float64) for column in spec.columns],
        n_constants=spec.n_constants,
        stratum=stratum_codes(rows, spec.strata)[keep] if spec.strata else None,
        weight=optional(spec.weight),
        offset=offset,
    )
