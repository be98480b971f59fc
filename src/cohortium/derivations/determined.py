"""What can be said when some of what a rule reads is not known: the lowest and the highest answer.

Each thing that a rule reads moves its answer one way only. Putting every unknown at its lower end gives the lowest
answer, at its upper end the highest; where the two are equal the answer is known, and where they differ there are
completions of the unknowns that give different answers, so that it is not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from cohortium.derivations.thresholds import Bands

if TYPE_CHECKING:
    from typing import Self


@dataclass(frozen=True, slots=True)
class Limits:
    """The lowest and the highest that a number can be; equal where it is known."""

    least: pl.Expr
    most: pl.Expr

    @classmethod
    def of(cls, value: pl.Expr, least: float, most: float) -> Self:
        """The limits of a number that lies between two others where it is not known."""
        return cls(value.fill_null(least), value.fill_null(most))

    @classmethod
    def of_flag(cls, flag: pl.Expr, points: float = 1.0) -> Self:
        """The limits of the points of a finding: none or all where it is not known."""
        return cls.of(flag.cast(pl.Float64) * points, 0.0, points)

    @classmethod
    def of_bands(cls, bands: Bands[float], value: pl.Expr) -> Self:
        """The limits of the points that a number gives: the fewest and the most there are where it is not known."""
        return cls.of(bands.of(value), min(bands.results), max(bands.results))

    def through(self, function: Callable[[pl.Expr], pl.Expr]) -> Limits:
        """The limits of a function that never falls as its argument rises."""
        return Limits(function(self.least), function(self.most))

    def determined(self) -> pl.Expr:
        """The answer where both limits give it; null otherwise."""
        return pl.when(self.least == self.most).then(self.least)


def settled(patients: pl.DataFrame, limits: Limits) -> tuple[pl.DataFrame, Limits]:
    """The limits as columns beside `patient`, computed once however often an answer reads them."""
    frame = patients.select("patient", limits.least.alias("least"), limits.most.alias("most"))
    return frame, Limits(pl.col("least"), pl.col("most"))


def total(parts: Sequence[Limits]) -> Limits:
    """The limits of a sum."""
    return Limits(pl.sum_horizontal(part.least for part in parts), pl.sum_horizontal(part.most for part in parts))
