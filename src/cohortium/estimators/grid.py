"""Grids: the declared values that a number can take, so that counts over them have a declared shape."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from cohortium.errors import SiteDataError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike

    from cohortium.estimators.contract import Integers, Reals

_LARGEST_EVEN_GRID = 4_000_000
_SPARSEST_EVEN_GRID = 20
_ROUNDING = float(np.sqrt(np.finfo(float).eps))


@dataclass(frozen=True)
class Grid:
    """Values `start + step * i` for i in 0 .. size-1, or listed `points` where they are not even."""

    size: int
    start: float = 0.0
    decimals: int = 0
    points: Reals | None = field(default=None, compare=False)
    tied: bool = False

    @classmethod
    def whole(cls, last: int) -> Grid:
        """The whole numbers 0 .. last, such as days up to a horizon."""
        return cls(size=last + 1)

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
        parts = [np.asarray(column, np.float64) for column in columns]
        parts = [part[~np.isnan(part)] for part in parts]
        values = np.concatenate(parts) if parts else np.empty(0)
        if not values.size:
            return cls(size=1)
        low, high = float(values.min()), float(values.max())
        span = high - low
        dense_enough = span < max(_SPARSEST_EVEN_GRID * values.size, 1000) and span < _LARGEST_EVEN_GRID
        if dense_enough and np.isfinite(span) and bool(np.all(np.floor(values) == values)):
            start = 0.0 if low >= 0 and high < _LARGEST_EVEN_GRID else low
            return cls(size=int(high - start) + 1, start=start)
        points = np.unique(values)
        if tied:
            gap = np.diff(points)
            apart = (gap > _ROUNDING) & (gap > _ROUNDING * np.abs(points).mean())
            points = points[np.concatenate([[True], apart])]
        return cls(size=points.size, points=points, tied=tied)

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
        if self.points is not None:
            at = np.searchsorted(self.points, values, side="right") - 1
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
