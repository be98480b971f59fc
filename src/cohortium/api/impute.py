"""`impute`: multiple imputation by chained equations of a frame or a list of frames, one a site."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from cohortium.api.arguments import require_distinct, require_known
from cohortium.api.frames import Sites, other_columns
from cohortium.errors import EstimationError, UsageError
from cohortium.estimators.contract import Factor, Rows
from cohortium.estimators.imputation.site import imputed_rows, prepare
from cohortium.estimators.imputation.solve import Imputation
from cohortium.estimators.imputation.spec import FollowUp, ImputationSpec, Known, Quantity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cohortium.api.frames import Frames

_KEY = "__patient_key"
_BITS = 53


@dataclass(frozen=True)
class Imputed:
    """Imputations of the frames given.

    estimate   what the chain found
    given      the frames, with the columns that all of them have
    """

    estimate: Imputation
    given: tuple[pl.DataFrame, ...]
    _rows: tuple[Rows, ...]
    _levels: Mapping[str, tuple[Any, ...]]

    @property
    def m(self) -> int:
        """Number of imputations."""
        return self.estimate.spec.m

    @property
    def n_imputed(self) -> dict[str, int]:
        """Values imputed, by column."""
        return dict(self.estimate.missing)

    def frames(self, i: int) -> list[pl.DataFrame]:
        """The frames with the values of imputation i, counted from 0, in place of those not known."""
        if not 0 <= i < self.m:
            raise UsageError(f"imputation {i}: expected a number from 0 to {self.m - 1}")
        return [self._frame(frame, rows, i) for frame, rows in zip(self.given, self._rows, strict=True)]

    def _frame(self, frame: pl.DataFrame, rows: Rows, i: int) -> pl.DataFrame:
        columns = []
        for known in self.estimate.spec.variables:
            if isinstance(known, Factor):
                made: Any = self._texts(known, rows.codes[f"{known.name}#{i}"], frame[known.name].dtype)
            else:
                made = pl.Series(rows.numbers[f"{known.name}#{i}"]).fill_nan(None)
            columns.append(made.alias(known.name))
        return frame.with_columns(columns)

    def _texts(self, known: Factor, codes: Any, kind: pl.DataType) -> pl.Series:
        levels = [*self._levels[known.name], None]
        return pl.Series([levels[code] for code in codes.tolist()], dtype=kind)

    def __repr__(self) -> str:
        spec = self.estimate.spec
        counts = ", ".join(f"{name} {n}" for name, n in self.n_imputed.items())
        left = f"; {self.estimate.left_out} rows left out" if self.estimate.left_out else ""
        head = f"{self.m} imputations of {self.estimate.n} rows, {spec.iterations} iterations, seed {spec.seed}"
        return f"{head}\n  values imputed: {counts}{left}"


def impute(
    frame: Frames,
    *,
    variables: Sequence[str],
    id: str,  # noqa: A002 - the word of the user's table
    helpers: Sequence[str] = (),
    categories: Sequence[str] = (),
    time: str | None = None,
    event: str | None = None,
    entry: str | None = None,
    decimals: Mapping[str, int] | None = None,
    limits: Mapping[str, tuple[float, float]] | None = None,
    m: int = 20,
    iterations: int = 10,
    seed: int = 20261122,
) -> Imputed:
    """Impute unknown values several times, each variable from all others.

    Numbers are drawn by Bayesian linear regression, categories by (multinomial) logistic regression. A value depends on
    the seed, the number of the imputation and the row's `id`, not on the order of rows or how they are cut into frames.

    frame       polars or pandas frame, or a list of them, one a site
    variables   columns to impute, in order; columns of numbers are numbers, others categories
    id          column whose values name the rows: known, and no two the same
    helpers     columns that predict; rows of which one is not known keep their unknown values
    categories  columns of numbers that are categories, such as a stage
    time, event, entry  the outcome of the analysis, which predicts: event and cumulative hazard
    decimals    column to the decimals to which imputed numbers are rounded; not rounded otherwise
    limits      column to (lowest, highest) value, within which imputed numbers are kept
    m           imputations, two or more
    iterations  rounds through all variables
    seed        of every random number

    Returns an `Imputed`.

    Leaves the site: counts of known values, sums and sums of squares of numbers, counts of levels, counts of events by
    time; each round, sums of squares and products of all columns, or score and information of a logistic model.

    Raises
        UsageError: a column is missing, is not usable, or names a row twice.
        EstimationError: a column to impute has no known value.

    References: van Buuren and Groothuis-Oudshoorn 2011 (chained equations); White and Royston 2009 (outcome).

    >>> import polars as pl
    >>> from cohortium import impute
    >>> frame = pl.DataFrame({"id": range(6), "age": [61, 70, 58, 66, 75, 63], "ldh": [180, 240, None, 205, 260, None]})
    >>> imputed = impute(frame, variables=["ldh"], helpers=["age"], id="id", m=2, decimals={"ldh": 0})
    >>> imputed.n_imputed
    {'ldh': 2}
    """
    if not variables or isinstance(variables, str):
        raise UsageError('variables: expected a list of column names, such as ["age", "ldh"]')
    if m < 2 or iterations < 1:
        raise UsageError("m: expected two imputations or more; iterations: expected one or more")
    if (time is None) != (event is None):
        raise UsageError("time and event: give both or neither")
    roles = [name for name in (time, event, entry) if name]
    columns = [*variables, *helpers, *roles]
    require_distinct([*columns, id])
    require_known("categories", categories, [*variables, *helpers])
    require_known("decimals", decimals or {}, variables)
    require_known("limits", limits or {}, variables)
    sites = Sites(frame, [*columns, id, *other_columns(frame, [*columns, id])])
    keys = _keys(sites.column(id), id)
    known = {name: _known(sites, name, categories, decimals or {}, limits or {}) for name in [*variables, *helpers]}
    outcomes: tuple[FollowUp, ...] = ()
    if time and event:
        sites.event(event)
        outcomes = (FollowUp(time, event, sites.time(time, entry), entry or ""),)
    spec = ImputationSpec(
        tuple(known[name] for name in variables),
        tuple(known[name] for name in helpers),
        outcomes,
        patient=_KEY,
        m=m,
        iterations=iterations,
        seed=seed,
    )
    rows = [Rows(one.n, {**one.numbers, _KEY: key}, one.codes) for one, key in zip(sites.rows(), keys, strict=True)]
    return _imputed(sites, rows, spec)


def _imputed(sites: Sites, rows: Sequence[Rows], spec: ImputationSpec) -> Imputed:
    from cohortium.api.frames import run_on

    estimate: Imputation = run_on(rows, "imputation", spec)
    if estimate.problem:
        raise EstimationError(estimate.problem)
    made = tuple(imputed_rows(prepare(one, spec), estimate.found) for one in rows)
    names = [known.name for known in spec.variables if isinstance(known, Factor)]
    return Imputed(estimate, sites.given, made, {name: sites.levels(name) for name in names})


def _known(
    sites: Sites,
    name: str,
    categories: Sequence[str],
    decimals: Mapping[str, int],
    limits: Mapping[str, tuple[float, float]],
) -> Known:
    if name in categories or not sites.is_number(name):
        return sites.factor(name)
    values = np.concatenate([column.astype(np.float64) for column in sites.number(name)])
    values = values[~np.isnan(values)]
    seen = (float(values.min()), float(values.max())) if values.size else (0.0, 0.0)
    low, high = limits.get(name, seen)
    if low > seen[0] or high < seen[1]:
        raise UsageError(f"limits: column {name} has values outside {low:g} to {high:g}")
    return Quantity(name, low, high, decimals.get(name), bounded=name in limits)


def _keys(columns: Sequence[pl.Series], name: str) -> list[Any]:
    """A whole number for each row, made of its name."""
    texts = [column.cast(pl.String).to_list() for column in columns]
    every = [text for column in texts for text in column]
    if any(text is None for text in every):
        raise UsageError(f"column {name}: expected a name for every row; there are unknown ones")
    if len(set(every)) < len(every):
        raise UsageError(f"column {name}: expected a different name for every row; there are equal ones")
    return [np.array([_key(text) for text in column], np.float64) for column in texts]


def _key(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> (64 - _BITS)
