"""Comparisons: which kinds may be compared, and the levels that a category may be compared with."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

from cohortium.study.expressions.terms import IN_WORDS, Term, as_number
from cohortium.study.suggest import did_you_mean, one_of, shown
from cohortium.study.variables import Level, is_number

Report = Callable[[str, str], None]
"""Takes what is wrong and a hint."""

_OPERATORS: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_MIRRORED: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt,
    ast.LtE: ast.GtE,
    ast.Gt: ast.Lt,
    ast.GtE: ast.LtE,
}
_USE_IS_MISSING = "write is_missing(x) or is_known(x)"


def compared(left: Term, op: type[ast.cmpop], right: Term, report: Report) -> Term | None:
    """The condition `left op right`, or None after a report."""
    if op not in _OPERATORS:
        report("uses `is`, which is not allowed", f"write `==`; for unknown values {_USE_IS_MISSING}")
        return None
    if left.literal is not None and right.literal is not None:
        report(f"compares two constants, {left.written} and {right.written}", "expected at least one variable")
        return None
    if left.literal is not None:
        return compared(right, _MIRRORED.get(op, op), left, report)
    if left.kind == "category" and right.literal is not None:
        return _with_level(left, op, right, report)
    if left.kind == right.kind == "category":
        return _categories(left, op, right, report)
    return _values(left, op, right, report)


def member(left: Term, options: list[Term], report: Report) -> Term | None:
    """The condition that `left` equals one of the listed constants, or None after a report."""
    found = [compared(left, ast.Eq, option, report) for option in options]
    conditions = [condition for condition in found if condition is not None]
    if len(conditions) != len(options):
        return None

    side, values = _listed(left, options)
    return Term("boolean", lambda: side.build().is_in(values), left.written)


def _listed(left: Term, options: list[Term]) -> tuple[Term, list[str | float | bool]]:
    """The term and the values to find it among, once every option is known to compare with it."""
    if left.kind == "category":
        levels = [_level(left, option.literal, _unheard) for option in options]
        return left, [level.code for level in levels if level]
    return left, [option.literal for option in options if option.literal is not None]


def _unheard(_what: str, _hint: str) -> None:
    """Takes what has been reported already."""


def _condition(left: Term, op: type[ast.cmpop], right: Term) -> Term:
    apply = _OPERATORS[op]
    return Term("boolean", lambda: apply(left.build(), right.build()), f"{left.written} and {right.written}")


def _with_level(left: Term, op: type[ast.cmpop], right: Term, report: Report) -> Term | None:
    value = right.literal
    if isinstance(value, bool):
        report(f"compares the category {left.written} with {value}", "write the name alone, or compare with a level")
        return None
    if op not in (ast.Eq, ast.NotEq):
        number = as_number(left)
        if number is None:
            report(f"orders the category {left.written}, whose codes are not numbers", "use ==, != or in")
            return None
        if isinstance(value, str):
            report(f"orders the category {left.written} by a text", "compare its codes with a number")
            return None
        return _values(number, op, right, report)
    level = _level(left, value, report)
    if level is None:
        return None
    apply, code = _OPERATORS[op], level.code
    return Term("boolean", lambda: apply(left.build(), code), left.written)


def _level(left: Term, value: str | float | None, report: Report) -> Level | None:
    if isinstance(value, str):
        found = [level for level in left.levels if value in (level.code, level.label)]
    else:
        found = [level for level in left.levels if is_number(level.code) and float(level.code) == value]
    if len(found) == 1:
        return found[0]
    written = shown(value) if isinstance(value, str) else f"{value:g}"
    if found:
        report(
            f"{written} is the code of one level of {left.written} and the label of another",
            "use a level whose code and label are clear",
        )
        return None
    words = [word for level in left.levels for word in (level.code, level.label)]
    expected = one_of(
        f"{level.code} ({level.label})" if level.code != level.label else level.code for level in left.levels
    )
    report(f"{left.written} has no level {written}; {expected}", did_you_mean(str(value), words))
    return None


def _categories(left: Term, op: type[ast.cmpop], right: Term, report: Report) -> Term | None:
    if {level.code for level in left.levels} != {level.code for level in right.levels}:
        report(f"compares the categories {left.written} and {right.written}, which have different levels", "")
        return None
    if op in (ast.Eq, ast.NotEq):
        return _condition(left, op, right)
    numbers = as_number(left), as_number(right)
    if numbers[0] is None or numbers[1] is None:
        report(f"orders the category {left.written}, whose codes are not numbers", "use ==, != or in")
        return None
    return _condition(numbers[0], op, numbers[1])


def _values(left: Term, op: type[ast.cmpop], right: Term, report: Report) -> Term | None:
    if left.kind == right.kind == "boolean" and op in (ast.Eq, ast.NotEq):
        return _condition(left, op, right)
    sides = tuple(side if side.kind == "date" else as_number(side) for side in (left, right))
    if sides[0] is None or sides[1] is None or (_is_category_with_date(left, right)):
        report(
            f"compares {left.written}, {IN_WORDS[left.kind]}, with {right.written}, {IN_WORDS[right.kind]}",
            _expected_beside(left, right),
        )
        return None
    return _condition(sides[0], op, sides[1])


def _is_category_with_date(left: Term, right: Term) -> bool:
    return {left.kind, right.kind} == {"category", "date"}


def _expected_beside(left: Term, right: Term) -> str:
    kinds = {left.kind, right.kind}
    if "date" in kinds:
        return "compare a date with another date or with a number of days from the origin"
    if "number" in kinds:
        return "compare a number with a number"
    return "compare things of the same kind"
