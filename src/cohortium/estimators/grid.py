"""Grids: the declared values that a number can take, so that counts over them have a declared shape."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from cohortium.errors import SiteDataError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    from cohortium.estimators.contract import Integers, Reals

_LARGEST_EVEN_GRID = 4_000_000
_SPARSEST_EVEN_GRID = 20
_FEW = 5_000
_AT_ONCE = 65_536
_ROUNDING = float(np.sqrt(np.finfo(float).eps))


@dataclass(frozen=True)
class Grid:
    """Values `start + step * i` for i in 0 .. size-1, or listed `points` where they are not even.

    unit   `days` when a value stands for itself; `weeks` or `months` when it stands for every day of the unit that
           ends with it, so that follow-up is counted on a coarser grid
    kept   True: whole days where the study counts in larger units, because no time leaves the sites
    """

    size: int
    start: float = 0.0
    decimals: int = 0
    points: Reals | None = field(default=None, compare=False)
    tied: bool = False
    unit: Literal["days", "weeks", "months"] = "days"
    kept: bool = False

    @classmethod
    def whole(cls, last: int, *, kept: bool = False) -> Grid:
        """The whole numbers 0 .. last, such as days up to a horizon."""
        return cls(size=last + 1, kept=kept)

    @classmethod
    def ends_of(cls, unit: Literal["weeks", "months"], last: int, month_days: float) -> Grid:
        """Day 0 and the last whole day of every week or month up to a horizon; the last unit may be cut short."""
        width = 7.0 if unit == "weeks" else month_days
        ends = np.floor(np.arange(int(last / width) + 1) * width + 1e-9)
        points = ends if ends[-1] == last else np.append(ends, float(last))
        return cls(size=points.size, points=points, unit=unit)

    @property
    def is_coarse(self) -> bool:
        """Whether a value stands for several days."""
        return self.unit != "days"

    @property
    def note(self) -> str:
        """How follow-up is counted, in words; empty in a study that counts days."""
        if self.kept:
            return "follow-up counted in whole days inside sites"
        return f"follow-up counted in {self.unit}" if self.is_coarse else ""

    @property
    def is_single_day(self) -> NDArray[np.bool_]:
        """Whether each value of a coarse grid stands for one day alone, as day 0 does, shape (size,)."""
        return np.diff(self.values, prepend=self.values[0] - 1) <= 1

    @classmethod
    def between(cls, minimum: float, maximum: float, decimals: int) -> Grid:
        """The numbers with the given decimals from minimum to maximum, both rounded outward."""
        unit = 10**decimals
        first, last = np.floor(round(minimum * unit, 6)), np.ceil(round(maximum * unit, 6))
        return cls(size=int(last - first) + 1, start=float(first) / unit, decimals=decimals)

    @classmethod
    def of(cls, columns: Iterable[ArrayLike], *, tied: bool = False) -> Grid:
        """The grid of the values at hand, for rows that are all on this machine.

        tied   True: values that differ by rounding only, such as 0.1 + 0.2 and 0.3, are one value (the lowest), by
               the rule of R's survival::aeqSurv: a gap of at most 1.5e-8, absolute or of the mean value
        """
        parts = [_known(np.asarray(column)) for column in columns]
        parts = [part for part in parts if part.size]
        if not parts:
            return cls(size=1)
        low, high = _range(parts)
        span, n_values = high - low, sum(part.size for part in parts)
        dense_enough = span < max(_SPARSEST_EVEN_GRID * n_values, 1000) and span < _LARGEST_EVEN_GRID
        if dense_enough and np.isfinite(span) and all(_is_whole(part) for part in parts):
            start = 0.0 if low >= 0 and high < _LARGEST_EVEN_GRID else low
            return cls(size=int(high - start) + 1, start=start)
        values = np.concatenate([part.astype(np.float64, copy=False) for part in parts])
        points = np.unique(values)
        if tied:
            gap = np.diff(points)
            apart = (gap > _ROUNDING) & (gap > _ROUNDING * np.abs(points).mean())
            points = points[np.concatenate([[True], apart])]
        return cls(size=points.size, points=points, tied=tied)

    @property
    def first(self) -> float:
        """The lowest value."""
        return float(self.points[0]) if self.points is not None else self.start

    @property
    def values(self) -> Reals:
        """The values, shape (size,)."""
        if self.points is not None:
            return self.points
        return np.asarray(np.round(self.start + np.arange(self.size) / 10**self.decimals, self.decimals))

    def index(self, values: Reals) -> Integers:
        """Positions of values on the grid, shape as given.

        Raises
            SiteDataError: a value is not on the grid.
        """
        if self.points is not None and self.is_coarse:
            at = np.searchsorted(self.points, values, side="left")
            on_grid = (at < self.size) & (values >= 0.0)
        elif self.points is not None:
            at = _places(self.points, values)
            on_grid = (at >= 0) & ((self.points[at] == values) | self.tied)
        else:
            scaled = (values - self.start) * 10**self.decimals
            at = np.rint(scaled).astype(np.int64)
            on_grid = (at >= 0) & (at < self.size) & (np.abs(scaled - at) < 1e-6)
        if not on_grid.all():
            last = self.values[-1]
            raise SiteDataError(
                f"{int((~on_grid).sum())} values are not on the declared grid from {self.values[0]:g} to {last:g}; "
                "declare a longer horizon or range, or mend the data"
            )
        return at


def _places(points: Reals, values: Reals) -> Integers:
    """Position of the last point that is at most each value, shape as given; -1 below the first."""
    if values.size < _FEW:
        return np.asarray(np.searchsorted(points, values, side="right") - 1)
    # In ascending order the search stays where it was, instead of leaping through memory.
    order = np.argsort(values)
    at = np.empty(values.size, np.int64)
    at[order] = np.searchsorted(points, values[order], side="right") - 1
    return at


def _known(column: np.ndarray) -> np.ndarray:
    """The known values; whole numbers as they are."""
    if column.dtype.kind in "iu":
        return column
    reals = np.asarray(column, np.float64)
    # The lowest of values with an unknown one is not known, which is found without another array.
    return reals[~np.isnan(reals)] if reals.size and np.isnan(reals.min()) else reals


def _range(parts: list[np.ndarray]) -> tuple[float, float]:
    """The lowest and the highest value."""
    ranges = [(float(piece.min()), float(piece.max())) for part in parts for piece in _pieces(part)]
    return min(low for low, _ in ranges), max(high for _, high in ranges)


def _is_whole(values: np.ndarray) -> bool:
    return values.dtype.kind in "iu" or all(bool(np.all(np.floor(piece) == piece)) for piece in _pieces(values))


def _pieces(values: np.ndarray) -> list[np.ndarray]:
    """Values in pieces that stay in the cache from one look to the next."""
    return [values[begin : begin + _AT_ONCE] for begin in range(0, values.size, _AT_ONCE)]
