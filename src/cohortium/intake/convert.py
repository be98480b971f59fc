"""Text to typed values by the dictionary alone: each kind of variable has its form, its checks and its conversion.

A value that does not have the form is a query and becomes unknown; nothing is guessed, nothing is repaired.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

import polars as pl

from cohortium.intake.dates import date_checks, date_value
from cohortium.study.suggest import one_of
from cohortium.study.variables import Variable

MAX_DIGITS = 15
"""Digits before or after the decimal sign; a number of this length is exact as a double."""


@dataclass(frozen=True, slots=True)
class Check:
    """A rule of the dictionary for one variable; `fails` is true in the rows that break it."""

    variable: str
    rule: str
    expected: str
    fails: pl.Expr


@dataclass(frozen=True, slots=True)
class Conversion:
    """The typed value of a variable, unknown where a check fails."""

    value: pl.Expr
    checks: tuple[Check, ...]


def convert(variable: Variable, cutoff: dt.date | None) -> Conversion:
    """Conversion of one variable's text column, trimmed and null where missing, to its type.

    cutoff   no later date is accepted; None where none is declared

    Category: String codes. Integer: Int64. Number: Float64. Date: Date.
    """
    if variable.kind == "category":
        value, checks = _category(variable)
    elif variable.kind == "date":
        value = date_value(variable)
        checks = [Check(variable.name, *check) for check in date_checks(variable, cutoff)]
    elif variable.kind == "text":
        value, checks = pl.col(variable.name), []
    else:
        value, checks = _number(variable)
    if variable.required:
        checks.append(Check(variable.name, "required-missing", "a value", pl.col(variable.name).is_null()))
    fails = pl.any_horizontal([check.fails.fill_null(value=False) for check in checks]) if checks else pl.lit(False)
    return Conversion(pl.when(~fails).then(value).alias(variable.name), tuple(checks))


def _category(variable: Variable) -> tuple[pl.Expr, list[Check]]:
    codes = [level.code for level in variable.levels]
    text = pl.col(variable.name)
    expected = f"a code of the dictionary, not its label: {one_of(codes).removeprefix('expected ')}"
    return text, [Check(variable.name, "unknown-level", expected, ~text.is_in(codes))]


def _number(variable: Variable) -> tuple[pl.Expr, list[Check]]:
    text = pl.col(variable.name)
    form, expected = _number_form(variable)
    has_form = text.str.contains(form)
    plain = text.str.replace(",", ".", literal=True) if variable.decimal_comma else text
    # A leading plus is not part of every parser's form.
    plain = plain.str.strip_prefix("+")
    value = plain.cast(pl.Int64 if variable.kind == "integer" else pl.Float64, strict=False)
    rule = "not-a-whole-number" if variable.kind == "integer" else "not-a-number"
    checks = [Check(variable.name, rule, expected, ~has_form)]
    if variable.kind == "number":
        too_fine = text.str.contains(rf"[.,][0-9]{{{variable.decimals}}}[0-9]*[1-9]")
        decimals = _decimals(variable.decimals)
        checks.append(Check(variable.name, "too-many-decimals", decimals, has_form & too_fine))
    range_check = _range(variable, value.cast(pl.Float64), has_form)
    return value, [*checks, *range_check]


def _decimals(most: int) -> str:
    if not most:
        return "no decimals"
    return "at most 1 decimal" if most == 1 else f"at most {most} decimals"


def _number_form(variable: Variable) -> tuple[str, str]:
    digits = rf"[0-9]{{1,{MAX_DIGITS}}}"
    if variable.kind == "integer":
        return rf"^[+-]?{digits}$", f"a whole number in digits (at most {MAX_DIGITS}), such as 42"
    sign = "," if variable.decimal_comma else "."
    form = rf"^[+-]?(?:{digits}(?:{re.escape(sign)}{digits})?|{re.escape(sign)}{digits})$"
    comma_or_point = "comma" if variable.decimal_comma else "point"
    return form, f"a number in plain digits with a decimal {comma_or_point}, such as 1{sign}5"


def _range(variable: Variable, value: pl.Expr, has_form: pl.Expr) -> list[Check]:
    low, high = variable.minimum, variable.maximum
    if low is None and high is None:
        return []
    outside = pl.lit(False)
    if low is not None:
        outside |= value < low
    if high is not None:
        outside |= value > high
    if low is None:
        expected = f"at most {high:g}"
    else:
        expected = f"at least {low:g}" if high is None else f"from {low:g} to {high:g}"
    return [Check(variable.name, "out-of-range", expected, has_form & outside)]
