"""Arithmetic on numbers and days. A result that is not finite, such as a division by zero, is unknown."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cohortium.study.expressions.compare import Report
from cohortium.study.expressions.terms import IN_WORDS, Build, Term, TermKind, as_number, finite

if TYPE_CHECKING:
    import polars as pl

_OPERATORS: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_MEANT: Mapping[type[ast.operator], str] = {
    ast.BitAnd: "write `and` instead of `&`",
    ast.BitOr: "write `or` instead of `|`",
    ast.BitXor: "write `**` for a power",
}
_MAX_POWER = 4


@dataclass(frozen=True, slots=True)
class Step:
    """One operation of a chain such as `a + b - c`: its operator, what stands right of it, and the chain up to here."""

    op: type[ast.operator]
    right: Term
    written: str


def calculated(first: Term, steps: Sequence[Step], report: Report) -> Term | None:
    """The number (or date) that the steps make of the first term, or None after a report."""
    start, left = first.build, first
    parts: list[tuple[Callable[[Any, Any], Any], Build]] = []
    for step in steps:
        checked = _checked(left, step, report)
        if checked is None:
            return None
        left_side, right_side, kind = checked
        start = start if parts else left_side.build
        parts.append((_OPERATORS[step.op], right_side.build))
        left = Term(kind, start, step.written)

    def build() -> pl.Expr:
        expression = start()
        for apply, right in parts:
            expression = apply(expression, right())
        # What is not finite stays so along + - * /, so once at the end is enough.
        return finite(expression)

    return Term(left.kind, build, left.written)


def _checked(left: Term, step: Step, report: Report) -> tuple[Term, Term, TermKind] | None:
    """Both sides as numbers or dates and the kind of the result, or None after a report."""
    if step.op not in _OPERATORS:
        hint = _MEANT.get(step.op, "the allowed operations are + - * / **")
        report(f"{step.written} is not allowed in an expression", hint)
        return None
    if step.op is ast.Pow and not _is_small_power(step.right):
        report(f"the power in {step.written} is not a number from 0 to {_MAX_POWER}", "")
        return None
    sides = []
    for given in (left, step.right):
        side = given if given.kind == "date" else as_number(given)
        if side is None:
            what = f"{step.written} calculates with {given.written}, which is {IN_WORDS[given.kind]}"
            report(what, "expected a number")
            return None
        sides.append(side)
    kind = _kind(sides[0], step.op, sides[1])
    if kind is None:
        hint = "subtract two dates, or add a number of days to one"
        report(f"{step.written} cannot be calculated with dates", hint)
        return None
    return sides[0], sides[1], kind


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
