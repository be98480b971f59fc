"""A user's frames as the rows of sites: columns to arrays, levels and grids from the values at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import polars as pl

from cohortium.api.levels import code_levels, is_unknown, label_of
from cohortium.errors import UsageError
from cohortium.estimators.contract import Factor, Reals, Rows, Task
from cohortium.estimators.grid import Grid
from cohortium.federation.answer import Grant, SiteDesk
from cohortium.federation.estimate import estimate
from cohortium.federation.in_process import InProcess

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
        if any(column.dtype.kind == "f" and bool(np.isinf(column).any()) for column in columns):
            raise UsageError(f"column {name}: expected finite numbers; there are infinite ones")
        return columns

    def event(self, name: str) -> list[Reals]:
        """An event column: 1 or true for an event, 0 or false for none."""
        columns = self.number(name)
        if not all(_is_zero_or_one(column) for column in columns):
            raise UsageError(f"column {name}: expected only 0 and 1 (or false and true); recode it first")
        return columns

    def time(self, name: str, entry: str | None = None) -> Grid:
        """A follow-up column, with that of entry where there is one, and the grid of their values."""
        names = [name, *([entry] if entry else [])]
        return self._grid(names, [self.number(one) for one in names])

    def counted(self, time: str, event: str, entry: str | None = None) -> Grid:
        """Columns of a method that only counts, and the grid of times and entries.

        Whole numbers and truth values stay as they are: making reals of them would cost more than counting them.
        """
        self._keep_whole(event)
        self.event(event)
        return self.counted_times(time, entry)

    def counted_times(self, time: str, entry: str | None = None) -> Grid:
        """Columns of times of a method that only counts, and their grid; whole numbers stay as they are."""
        names = [time, *([entry] if entry else [])]
        for name in names:
            self._keep_whole(name)
        return self._grid(names, [self.number(name) for name in names])

    def _keep_whole(self, name: str) -> None:
        for site, taken in zip(self._sites, self._numbers, strict=True):
            whole = _whole(site[name])
            if whole is not None:
                taken[name] = whole

    def outcomes(self, name: str, numbers: Sequence[int]) -> None:
        """A column taken as a factor becomes one of numbers, one for each level; NaN where not known."""
        # The last place is that of -1, the code of what is not known.
        whole, real = np.asarray([*numbers, -1], np.int8), np.asarray([*numbers, np.nan])
        for codes, taken in zip(self._codes, self._numbers, strict=True):
            known = codes[name].size == 0 or codes[name].min() >= 0
            taken[name] = (whole if known else real)[codes[name]]

    def _grid(self, names: list[str], columns: list[list[Reals]]) -> Grid:
        grid = Grid.of([part for parts in columns for part in parts], tied=True)
        if grid.first < 0:
            negative = next(n for n, parts in zip(names, columns, strict=True) if any((p < 0).any() for p in parts))
            raise UsageError(f"column {negative}: expected follow-up times of 0 or more; there are negative ones")
        return grid

    def cluster(self, name: str) -> list[Reals]:
        """A column of whole numbers that name what belongs together; no cluster may have rows at two sites."""
        columns = self.number(name)
        known = [np.unique(column[~np.isnan(column)]) for column in columns]
        every = np.concatenate(known)
        if not bool(np.all(np.floor(every) == every)):
            raise UsageError(f"column {name}: expected whole numbers that name clusters; number them first")
        if np.unique(every).size < every.size:
            raise UsageError(f"column {name}: a cluster has rows in two frames; put each cluster into one frame")
        return columns

    def is_number(self, name: str) -> bool:
        """Whether a column holds numbers at every site (a column of nothing but unknowns does)."""
        return all(site[name].dtype.is_numeric() or is_unknown(site[name]) for site in self._sites)

    def is_coded(self, name: str) -> bool:
        """Whether a column holds whole numbers or truth values at every site."""
        known = [site[name].drop_nulls() for site in self._sites]
        return all(
            column.dtype == pl.Boolean
            or column.dtype.is_integer()
            or is_unknown(column)
            or (column.dtype.is_float() and bool((column.fill_nan(0.0).floor() == column.fill_nan(0.0)).all()))
            for column in known
        )

    def factor(self, name: str, *, narrow: bool = False) -> Factor:
        """A categorical column: its levels in declared, numeric or alphabetical order.

        narrow   True: codes may be of one byte, for methods that only count
        """
        columns = [site[name] for site in self._sites]
        kinds = {column.dtype.is_numeric() for column in columns if not is_unknown(column)}
        if len(kinds) > 1:
            raise UsageError(f"column {name}: numbers at one site and texts at another; make them one kind first")
        levels, codes = code_levels(columns)
        for taken, coded in zip(self._codes, codes, strict=True):
            taken[name] = coded if narrow else coded.astype(np.int32, copy=False)
        labels = tuple(label_of(level) for level in levels)
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

    def column(self, name: str) -> list[pl.Series]:
        """A column of any kind at every site, as it is."""
        return [site[name] for site in self._sites]

    def levels(self, name: str) -> tuple[Any, ...]:
        """The levels of a column taken as a factor, as they are in the frames."""
        return tuple(code_levels(self.column(name))[0])

    @property
    def given(self) -> tuple[pl.DataFrame, ...]:
        """The columns named, of every frame."""
        return tuple(self._sites)

    def rows(self) -> tuple[Rows, ...]:
        """The arrays taken so far, of each site."""
        return tuple(Rows(site.height, self._numbers[i], self._codes[i]) for i, site in enumerate(self._sites))

    def run(self, method: str, spec: Any) -> Any:
        """The estimate of one specification over all sites."""
        return run_on(self.rows(), method, spec)


def other_columns(frame: Frames, columns: Sequence[str]) -> list[str]:
    """Columns that every frame has besides those with a role; they stay as they are."""
    given: list[Any] = list(frame) if isinstance(frame, list | tuple) else [frame]
    names = [list(getattr(one, "columns", ())) for one in given]
    return [name for name in (names[0] if names else []) if name not in columns and all(name in each for each in names)]


def plain_frame(frame: Frame) -> pl.DataFrame:
    """All columns of a polars or pandas frame."""
    return _columns(frame, other_columns(frame, []), 0)


def run_on(sites: Sequence[Rows], method: str, spec: Any) -> Any:
    """The estimate of one specification over the rows of sites."""
    return run_over(sites, [Task(method, method, spec, method)])[method]


def run_over(sites: Sequence[Rows], tasks: Sequence[Task]) -> Mapping[str, Any]:
    """The estimates of tasks over the rows of sites, by key."""
    populations = [task.spec.population for task in tasks]
    desks = [SiteDesk(f"site-{i + 1}", dict.fromkeys(populations, rows)) for i, rows in enumerate(sites)]
    transport = InProcess(desks, Grant.of_own_rows(_NO_STUDY, tasks, [desk.site for desk in desks]))
    return estimate(tasks, _NO_STUDY, transport).estimates


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


def _reals(column: pl.Series, name: str) -> Reals:
    if is_unknown(column):
        return np.full(column.len(), np.nan)
    if not (column.dtype.is_numeric() or column.dtype == pl.Boolean):
        raise UsageError(f"column {name}: expected numbers, got {column.dtype}; convert it first")
    values = column.to_numpy()
    if column.null_count() or values.dtype.kind == "O":
        values = column.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return np.asarray(values, np.float64)


def _whole(column: pl.Series) -> Any:
    """Whole numbers or truth values without unknown ones as they are; None for anything else."""
    if column.null_count() or not (column.dtype.is_signed_integer() or column.dtype == pl.Boolean):
        return None
    return column.to_numpy()


def _is_zero_or_one(column: Reals) -> bool:
    """Whether all known values are 0 or 1."""
    if column.dtype == np.bool_ or not column.size:
        return True
    if column.dtype.kind == "i":
        return bool(column.min() >= 0 and column.max() <= 1)
    neither = column[(column != 0.0) & (column != 1.0)]
    return bool(np.isnan(neither).all())
