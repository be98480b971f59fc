"""One axis of joint counts: where each row lies on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cohortium.estimators.contract import Factor, Integers, Reals, Rows
from cohortium.estimators.grid import Grid

LEFT_OUT = -1
"""Position of a row that is not counted."""


@dataclass(frozen=True)
class Levels:
    """A category; the last place counts rows whose level is not known."""

    factor: Factor

    @property
    def size(self) -> int:
        """Places on the axis."""
        return len(self.factor) + 1

    def places(self, rows: Rows) -> Integers:
        """Place of each row, shape (n,)."""
        return rows.codes[self.factor.name].astype(np.int64) % self.size


@dataclass(frozen=True)
class Values:
    """A number on a grid, with a place more at the end.

    name    numeric column
    grid    declared values
    beyond  which rows the last place counts: `larger` than the grid, or `unknown`, as are the larger ones then
    round   whether a value is rounded to whole numbers first, halves away from zero
    """

    name: str
    grid: Grid
    beyond: str = "larger"
    round: bool = False

    @property
    def size(self) -> int:
        """Places on the axis."""
        return self.grid.size + 1

    def places(self, rows: Rows) -> Integers:
        """Place of each row, shape (n,); `LEFT_OUT` where not known and the last place is for larger values.

        Raises
            SiteDataError: a value is below the grid.
        """
        values = _rounded(rows.numbers[self.name]) if self.round else np.asarray(rows.numbers[self.name], np.float64)
        unknown = np.isnan(values)
        with np.errstate(invalid="ignore"):
            inside = ~unknown & (values <= self.grid.values[-1])
        at = np.full(rows.n, self.grid.size, np.int64)
        at[inside] = self.grid.index(values[inside])
        if self.beyond == "larger":
            at[unknown] = LEFT_OUT
        return at


def _rounded(values: np.ndarray) -> Reals:
    return np.asarray(np.copysign(np.floor(np.abs(values) + 0.5), values), np.float64)
