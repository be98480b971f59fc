"""The functions that an expression may call. Unknown stays unknown in all but `is_missing`, `is_known`, `coalesce`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.study.expressions.compare import Report
from cohortium.study.expressions.terms import IN_WORDS, Build, Term, TermKind, as_condition, as_number, finite

if TYPE_CHECKING:
    import polars as pl

_MAX_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Function:
    """An allowed function: its usage and meaning as printed, how many arguments it takes, and what it makes of them."""

    usage: str
    meaning: str
    least: int
    most: int
    apply: Callable[[list[Term], str, float, Report], Term | None]


def _is_missing(arguments: list[Term], written: str, _month_days: float, _report: Report) -> Term | None:
    build = arguments[0].build
    return Term("boolean", lambda: build().is_null(), written)


def _is_known(arguments: list[Term], written: str, _month_days: float, _report: Report) -> Term | None:
    build = arguments[0].build
    return Term("boolean", lambda: build().is_not_null(), written)


def _min(arguments: list[Term], written: str, _month_days: float, report: Report) -> Term | None:
    return _extreme("min_horizontal", -math.inf, arguments, written, report)


def _max(arguments: list[Term], written: str, _month_days: float, report: Report) -> Term | None:
    return _extreme("max_horizontal", math.inf, arguments, written, report)


def _extreme(method: str, unknown: float, arguments: list[Term], written: str, report: Report) -> Term | None:
    terms = _alike(arguments, written, report)
    if terms is None:
        return None

    def build() -> pl.Expr:
        import polars as pl

        # polars skips nulls here; in a study the smallest of a known and an unknown number is unknown. An unknown
        # that is infinite meanwhile wins, and each operand is mentioned once.
        return finite(getattr(pl, method)([term.build().fill_null(unknown) for term in terms]))

    return Term(terms[0].kind, build, written)


def _coalesce(arguments: list[Term], written: str, _month_days: float, report: Report) -> Term | None:
    first = arguments[0]
    codes = {level.code for level in first.levels}
    terms: list[Term] | None
    if any(term.kind == "boolean" for term in arguments):
        terms = [condition for term in arguments if (condition := as_condition(term)) is not None]
        if len(terms) != len(arguments):
            report(f"{written} mixes a condition with something else", "")
            return None
    elif all(term.kind == "category" and {level.code for level in term.levels} == codes for term in arguments):
        terms = arguments
    else:
        terms = _alike(arguments, written, report)
    if terms is None:
        return None
    builds = [term.build for term in terms]

    def build() -> pl.Expr:
        import polars as pl

        return pl.coalesce([make() for make in builds])

    return Term(terms[0].kind, build, written, terms[0].levels)


def _abs(arguments: list[Term], written: str, _month_days: float, report: Report) -> Term | None:
    return _of_number(arguments[0], written, report, lambda build: lambda: build().abs())


def _months(arguments: list[Term], written: str, month_days: float, report: Report) -> Term | None:
    days = arguments[0]
    if days.kind == "date":
        days = Term("number", days.build, days.written)
    return _of_number(days, written, report, lambda build: lambda: build() / month_days)


def _round(arguments: list[Term], written: str, _month_days: float, report: Report) -> Term | None:
    digits = arguments[1].literal if len(arguments) == 2 else 0
    is_whole = isinstance(digits, int | float) and not isinstance(digits, bool) and digits == int(digits)
    if not is_whole or not 0 <= float(digits or 0) <= _MAX_DIGITS:
        report(f"the decimals of {written} are not a whole number from 0 to {_MAX_DIGITS}", "")
        return None
    places = int(digits or 0)
    return _of_number(
        arguments[0], written, report, lambda build: lambda: build().round(places, mode="half_away_from_zero")
    )


def _of_number(term: Term, written: str, report: Report, wrap: Callable[[Build], Build]) -> Term | None:
    number = as_number(term)
    if number is None:
        report(f"{written} takes a number; {term.written} is {IN_WORDS[term.kind]}", "")
        return None
    return Term("number", wrap(number.build), written)


def _alike(arguments: list[Term], written: str, report: Report) -> list[Term] | None:
    wanted: TermKind = "date" if any(term.kind == "date" for term in arguments) else "number"
    terms = [_as(wanted, term) for term in arguments]
    for argument, term in zip(arguments, terms, strict=True):
        if term is None:
            kinds = "dates or day numbers" if wanted == "date" else "numbers"
            report(f"{written} takes {kinds}; {argument.written} is {IN_WORDS[argument.kind]}", "")
            return None
    return [term for term in terms if term is not None]


def _as(wanted: TermKind, term: Term) -> Term | None:
    if wanted == "number":
        return as_number(term)
    return Term("date", term.build, term.written) if term.kind in ("date", "number") else None


FUNCTIONS: Mapping[str, Function] = {
    "is_missing": Function("is_missing(x)", "true when x is not known", 1, 1, _is_missing),
    "is_known": Function("is_known(x)", "true when x is known", 1, 1, _is_known),
    "min": Function(
        "min(x, y, ...)", "the smallest number, or the earliest date; unknown when one is unknown", 2, 20, _min
    ),
    "max": Function(
        "max(x, y, ...)", "the largest number, or the latest date; unknown when one is unknown", 2, 20, _max
    ),
    "abs": Function("abs(x)", "the number without its sign", 1, 1, _abs),
    "round": Function("round(x) or round(x, decimals)", "the number rounded, a half away from zero", 1, 2, _round),
    "coalesce": Function("coalesce(x, y, ...)", "the first that is known", 2, 20, _coalesce),
    "months": Function("months(days)", "days as months of `month_days` days", 1, 1, _months),
}
