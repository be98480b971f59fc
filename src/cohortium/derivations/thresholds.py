"""Comparisons of a number with a limit, as data: a rule's thresholds are read, printed and tested one by one."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

import polars as pl

Comparison = Literal["<", "<=", ">", ">="]

SIGNIFICANT_DIGITS = 12
"""Digits kept before a comparison, so that a value converted from another unit meets a limit that it equals."""

_COMPARE: Mapping[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

Result = TypeVar("Result", float, str)


@dataclass(frozen=True, slots=True)
class Threshold:
    """A comparison with a limit, e.g. `>= 5.5`."""

    comparison: Comparison
    limit: float

    def holds(self, value: pl.Expr) -> pl.Expr:
        """Whether the number meets the threshold; null where it is not known."""
        return _COMPARE[self.comparison](_rounded(value), pl.lit(self.limit).round_sig_figs(SIGNIFICANT_DIGITS))

    def holds_against(self, value: pl.Expr, unit: pl.Expr) -> pl.Expr:
        """Whether the number meets the threshold counted in multiples of another, such as the upper limit of normal."""
        return _COMPARE[self.comparison](_rounded(value), _rounded(unit * self.limit))

    def __str__(self) -> str:
        return f"{self.comparison} {self.limit:g}"


@dataclass(frozen=True, slots=True)
class Bands(Generic[Result]):
    """A number cut into bands: the first threshold that holds gives the result.

    bands       thresholds with their results, tried in order
    otherwise   the result where none holds
    """

    bands: tuple[tuple[Threshold, Result], ...]
    otherwise: Result

    @property
    def results(self) -> tuple[Result, ...]:
        """Every result that can come out."""
        found = [result for _, result in self.bands]
        found.append(self.otherwise)
        return tuple(found)

    def of(self, value: pl.Expr) -> pl.Expr:
        """The result for each number; null where it is not known."""
        found = pl.lit(self.otherwise)
        for threshold, result in reversed(self.bands):
            found = pl.when(threshold.holds(value)).then(pl.lit(result)).otherwise(found)
        return pl.when(value.is_not_null()).then(found)


def _rounded(value: pl.Expr) -> pl.Expr:
    return value.cast(pl.Float64).round_sig_figs(SIGNIFICANT_DIGITS)
