"""What a laboratory criterion of CTCAE is made of: comparisons with numbers, limits of normal and baseline, as data."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import polars as pl

if TYPE_CHECKING:
    from cohortium.study.derive.ctcae_laboratory import UnitSystem

Comparison = Literal["<", "<=", ">", ">="]
Reference = Literal["number", "lower-limit", "upper-limit", "above-upper-limit", "baseline"]
When = Literal[
    "always", "baseline-high", "baseline-not-high", "baseline-low", "baseline-not-low", "below-lower-limit", "above-baseline"
]  # fmt: skip

SIGNIFICANT_DIGITS = 10
"""Digits kept before a comparison: more than any laboratory reports, fewer than a converted unit is off by."""

COMPARE: Mapping[Comparison, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Step:
    """One comparison and the grade of a value that meets it.

    grade       None: a value that meets it is not gradable by the term
    limit       the number; with another reference a multiple of it, or what is added to it
    si_limit    the same as the criteria print it in SI units
    reference   what the value is compared with
    when        in which patients
    """

    grade: int | None
    comparison: Comparison
    limit: float
    si_limit: float
    reference: Reference = "number"
    when: When = "always"


@dataclass(frozen=True, slots=True)
class Criterion:
    """A laboratory term.

    term       as the criteria name it
    quantity   code of the quantity that is graded
    si_unit    unit of the SI limits; empty where the criteria have one unit or none
    assumes    what the worst case takes for granted where the criteria ask for more than the value; empty for nothing
    """

    term: str
    quantity: str
    steps: tuple[Step, ...]
    si_unit: str = ""
    assumes: str = ""


def significant(value: pl.Expr) -> pl.Expr:
    """A number without the noise of arithmetic."""
    return value.round_sig_figs(SIGNIFICANT_DIGITS)


def meets(step: Step, system: UnitSystem, *, normal_without_baseline: bool) -> pl.Expr:
    """Whether a value meets a step; null where something unknown decides.

    Reads `value`, `lower_limit`, `upper_limit`, `baseline`, `baseline_high` and `baseline_low`.

    normal_without_baseline   an unknown baseline is within normal limits, and no value is compared with it
    """
    compare = COMPARE[step.comparison]
    value = significant(pl.col("value"))
    limit = step.limit if system == "us" else step.si_limit
    met = compare(value, significant(_compared_with(step.reference, limit)))
    if step.reference == "baseline":
        without = pl.lit(False) if normal_without_baseline else _could_meet(step, value, limit)
        met = pl.when(pl.col("baseline").is_null()).then(without).otherwise(met)
    return met & _applies(step.when, value, normal_without_baseline=normal_without_baseline)


def _compared_with(reference: Reference, limit: float) -> pl.Expr:
    if reference == "number":
        return pl.lit(limit)
    if reference == "above-upper-limit":
        return pl.col("upper_limit") + limit
    columns = {"lower-limit": "lower_limit", "upper-limit": "upper_limit", "baseline": "baseline"}
    return pl.col(columns[reference]) * limit


def _could_meet(step: Step, value: pl.Expr, limit: float) -> pl.Expr:
    """Null where a value could meet a step with some baseline; a high baseline is above the upper limit of normal."""
    unknown = pl.lit(None, dtype=pl.Boolean)
    if step.when != "baseline-high":
        return unknown
    return pl.when(value <= significant(pl.col("upper_limit") * limit)).then(pl.lit(False)).otherwise(unknown)


def _applies(when: When, value: pl.Expr, *, normal_without_baseline: bool) -> pl.Expr:
    if when == "always":
        return pl.lit(True)
    if when == "below-lower-limit":
        return value < significant(pl.col("lower_limit"))
    if when == "above-baseline":
        above = value > significant(pl.col("baseline"))
        # What is above the limits of normal is above any baseline within them.
        return above.fill_null(value=True) if normal_without_baseline else above
    flag = pl.col("baseline_high" if when.endswith("high") else "baseline_low")
    if normal_without_baseline:
        flag = flag.fill_null(value=False)
    return ~flag if "not" in when else flag
