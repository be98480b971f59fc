"""A user's frames as the rows of sites: columns to arrays, levels and grids from the values at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import polars as pl

from cohortium.errors import UsageError
from cohortium.estimators.contract import Factor, Reals, Rows, Task
from cohortium.estimators.grid import Grid
from cohortium.federation.answer import Grant, SiteDesk
from cohortium.federation.estimate import estimate
from cohortium.federation.in_process import InProcess

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    Frame: TypeAlias = pl.DataFrame | pd.DataFrame
    Frames: TypeAlias = Frame | Sequence[Frame]

_NO_STUDY = "no study file"


class Sites:
    """The frames of one call, one a site, with the arrays taken from them.

    Raises
        UsageError: there is no frame, a frame is of another kind, or a column is missing or not usable.
    """

    def __init__(self, frames: Frames, columns: Sequence[str]) -> None:
        given: list[Any] = list(frames) if isinstance(frames, list | tuple) else [frames]
        if not given:
            raise UsageError("no frames given; expected a frame or a list of frames, one a site")
        self._sites = [_columns(frame, columns, i) for i, frame in enumerate(given)]
        self._numbers: list[dict[str, Reals]] = [{} for _ in given]
        self._codes: list[dict[str, Any]] = [{} for _ in given]

    def number(self, name: str) -> list[Reals]:
        """A numeric column at every site, NaN where not known."""
        for site, taken in zip(self._sites, self._numbers, strict=True):
            if name not in taken:
                taken[name] = _reals(site[name], name)
        columns = [taken[name] for taken in self._numbers]
        if any(bool(np.isinf(column).any()) for column in columns):
            raise UsageError(f"column {name}: expected finite numbers; there are infinite ones")
        return columns

    def event(self, name: str) -> list[Reals]:
        """An event column: 1 or true for an event, 0 or false for none."""
        columns = self.number(name)
        if not all(bool(np.isin(column[~np.isnan(column)], (0.0, 1.0)).all()) for column in columns):
            raise UsageError(f"column {name}: expected only 0 and 1 (or false and true); recode it first")
        return columns

    def time(self, name: str) -> Grid:
        """A follow-up column, and the grid of its values."""
        columns = self.number(name)
        if any(bool((column < 0).any()) for column in columns):
            raise UsageError(f"column {name}: expected follow-up times of 0 or more; there are negative ones")
        return Grid.of(columns, tied=True)

    def is_number(self, name: str) -> bool:
        """Whether a column holds numbers at every site (a column of nothing but unknowns does)."""
        return all(site[name].dtype.is_numeric() or _is_unknown(site[name]) for site in self._sites)

    def factor(self, name: str) -> Factor:
        """A categorical column: its levels in declared, numeric or alphabetical order."""
        columns = [site[name] for site in self._sites]
        kinds = {column.dtype.is_numeric() for column in columns if not _is_unknown(column)}
        if len(kinds) > 1:
            raise UsageError(f"column {name}: numbers at one site and texts at another; make them one kind first")
        levels = _levels(columns)
        for site, taken in zip(self._sites, self._codes, strict=True):
            taken[name] = _codes(site[name], levels)
        labels = tuple(_label(level) for level in levels)
        return Factor(name, labels, labels)

    def lies_within_sites(self, factors: Sequence[Factor]) -> bool:
        """Whether no combination of the factors' levels has rows at two sites; a single site is sure of it."""
        if len(self._sites) == 1:
            return True
        seen: set[int] = set()
        for taken in self._codes:
            code, known = np.zeros(1, np.int64), np.ones(1, bool)
            for factor in factors:
                known = known & (taken[factor.name] >= 0)
                code = code * len(factor) + taken[factor.name]
            here = set(np.unique(code[np.broadcast_to(known, code.shape)]).tolist())
            if seen & here:
                return False
            seen |= here
        return True

    def run(self, method: str, spec: Any) -> Any:
        """The estimate of one specification over all sites."""
        task = Task(method, method, spec, method)
        desks = [
            SiteDesk(f"site-{i + 1}", {spec.population: Rows(site.height, self._numbers[i], self._codes[i])})
            for i, site in enumerate(self._sites)
        ]
        transport = InProcess(desks, Grant.of_own_rows(_NO_STUDY, [task], [desk.site for desk in desks]))
        return estimate([task], _NO_STUDY, transport).estimates[method]


def _columns(frame: Any, columns: Sequence[str], position: int) -> pl.DataFrame:
    if isinstance(frame, pl.LazyFrame):
        raise UsageError("a lazy frame was given; call .collect() first")
    names = list(getattr(frame, "columns", ()))
    if not names:
        raise UsageError(f"frame {position + 1}: expected a polars or pandas frame, got {type(frame).__name__}")
    missing = [name for name in dict.fromkeys(columns) if name not in names]
    if missing:
        raise UsageError(
            f"frame {position + 1} has no column {', '.join(missing)}; it has {', '.join(map(str, names))}"
        )
    if isinstance(frame, pl.DataFrame):
        return pl.DataFrame([frame.get_column(name) for name in dict.fromkeys(columns)])
    return pl.DataFrame([_from_pandas(name, frame[name]) for name in dict.fromkeys(columns)])


def _from_pandas(name: str, series: Any) -> pl.Series:
    kind = getattr(series.dtype, "kind", "O")
    if kind in "iufb" and isinstance(series.dtype, np.dtype):
        return pl.Series(name, series.to_numpy())
    missing = series.isna().to_numpy()
    values = [None if absent else value for value, absent in zip(series.tolist(), missing, strict=True)]
    categories = getattr(series.dtype, "categories", None)
    if categories is not None and all(isinstance(category, str) for category in categories):
        return pl.Series(name, values, dtype=pl.Enum(list(categories)))
    return pl.Series(name, values)


def _is_unknown(column: pl.Series) -> bool:
    return column.null_count() == column.len()


def _reals(column: pl.Series, name: str) -> Reals:
    if _is_unknown(column):
        return np.full(column.len(), np.nan)
    if not (column.dtype.is_numeric() or column.dtype == pl.Boolean):
        raise UsageError(f"column {name}: expected numbers, got {column.dtype}; convert it first")
    values = column.to_numpy()
    if column.null_count() or values.dtype.kind == "O":
        values = column.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return np.asarray(values, np.float64)


def _levels(columns: Sequence[pl.Series]) -> list[Any]:
    first = next((column for column in columns if not _is_unknown(column)), columns[0])
    if isinstance(first.dtype, pl.Enum) and all(
        column.dtype == first.dtype or _is_unknown(column) for column in columns
    ):
        return list(first.dtype.categories)
    found: set[Any] = set()
    for column in columns:
        values = column.cast(pl.String) if column.dtype in (pl.Categorical, pl.Enum) else column
        if values.dtype.is_float():
            values = values.fill_nan(None)
        found.update(values.unique().drop_nulls().to_list())
    return sorted(found, key=lambda level: (isinstance(level, str), level))


def _codes(column: pl.Series, levels: list[Any]) -> Any:
    if not levels or _is_unknown(column):
        return np.full(column.len(), -1, np.int32)
    if column.dtype.is_numeric():
        values, known_levels = _reals(column, column.name), np.asarray(levels, np.float64)
        at = np.minimum(np.searchsorted(known_levels, values), known_levels.size - 1)
        return np.where(known_levels[at] == values, at, -1).astype(np.int32)
    plain = column.cast(pl.String) if column.dtype in (pl.Categorical, pl.Enum) else column
    mapped = plain.replace_strict(levels, list(range(len(levels))), default=-1, return_dtype=pl.Int32)
    return mapped.fill_null(-1).to_numpy()


def _label(level: Any) -> str:
    if isinstance(level, float) and level.is_integer():
        return str(int(level))
    return str(level)
