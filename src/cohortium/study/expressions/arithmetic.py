"""Arithmetic on numbers and days. A result that is not finite, such as a division by zero, is unknown."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from cohortium.study.expressions.compare import Report
from cohortium.study.expressions.terms import IN_WORDS, Term, TermKind, as_number

if TYPE_CHECKING:
    import polars as pl

_OPERATORS: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_MAX_POWER = 4


def calculated(left: Term, op: type[ast.operator], right: Term, written: str, report: Report) -> Term | None:
    """The number (or date) `left op right`, or None after a report."""
    if op not in _OPERATORS:
        report(f"{written} is not allowed in an expression", "the allowed operations are + - * / **")
        return None
    if op is ast.Pow and not _is_small_power(right):
        report(f"the power in {written} is not a number from 0 to {_MAX_POWER}", "")
        return None
    sides = [side if side.kind == "date" else as_number(side) for side in (left, right)]
    for given, side in zip((left, right), sides, strict=True):
        if side is None:
            report(f"{written} calculates with {given.written}, which is {IN_WORDS[given.kind]}", "expected a number")
            return None
    first, second = (side for side in sides if side is not None)
    kind = _kind(first, op, second)
    if kind is None:
        report(f"{written} cannot be calculated with dates", "subtract two dates, or add a number of days to one")
        return None
    apply = _OPERATORS[op]
    return Term(kind, lambda: _finite(apply(first.build(), second.build())), written)


def negated(term: Term, written: str, report: Report) -> Term | None:
    """The number with its sign changed, or None after a report."""
    number = as_number(term)
    if number is None:
        report(f"{written} changes the sign of {IN_WORDS[term.kind]}", "expected a number")
        return None
    literal = -term.literal if isinstance(term.literal, float) else None
    return Term("number", lambda: -number.build(), written, literal=literal)


def _is_small_power(term: Term) -> bool:
    return isinstance(term.literal, float) and 0 <= term.literal <= _MAX_POWER


def _kind(left: Term, op: type[ast.operator], right: Term) -> TermKind | None:
    dates = (left.kind == "date") + (right.kind == "date")
    if dates == 0:
        return "number"
    if op is ast.Sub and left.kind == "date":
        return "number" if dates == 2 else "date"
    return "date" if op is ast.Add and dates == 1 else None


def _finite(expression: pl.Expr) -> pl.Expr:
    import polars as pl

    return pl.when(expression.is_finite()).then(expression)
