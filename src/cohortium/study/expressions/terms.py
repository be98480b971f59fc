"""Typed terms: what a part of an expression is, and how it becomes a polars expression."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from cohortium.study.variables import Level, Variable

if TYPE_CHECKING:
    import polars as pl

TermKind = Literal["boolean", "number", "date", "category", "text"]
Build = Callable[[], "pl.Expr"]

IN_WORDS: dict[TermKind, str] = {
    "boolean": "a condition",
    "number": "a number",
    "date": "a date (whole days from the origin)",
    "category": "a category",
    "text": "a text",
}


@dataclass(frozen=True, slots=True)
class Term:
    """A compiled part of an expression.

    kind      what it is; `text` is a quoted text, which can only be compared with a category
    build     makes the polars expression; polars is imported when it is called
    written   as it stands in the study file, for messages
    levels    declared levels of a category
    literal   the value of a constant, None for anything else
    """

    kind: TermKind
    build: Build
    written: str
    levels: tuple[Level, ...] = ()
    literal: str | float | bool | None = None


def column(variable: Variable) -> Term:
    """The term of a variable; numbers become reals so that no sum can overflow."""
    name = variable.name

    def build() -> pl.Expr:
        import polars as pl

        return pl.col(name) if variable.kind == "category" else pl.col(name).cast(pl.Float64)

    kind: TermKind = "number" if variable.kind == "integer" else variable.kind
    return Term(kind, build, name, variable.levels)


def constant(value: str | float | bool, written: str) -> Term:
    """The term of a literal."""

    def build() -> pl.Expr:
        import polars as pl

        return pl.lit(value)

    kind: TermKind = "text" if isinstance(value, str) else "boolean" if isinstance(value, bool) else "number"
    return Term(kind, build, written, literal=value)


def as_condition(term: Term) -> Term | None:
    """The term as a condition: itself, or a yes/no category (codes 0 and 1); None when it cannot be one."""
    if term.kind == "boolean":
        return term
    if term.kind == "category" and {level.code for level in term.levels} == {"0", "1"}:
        return Term("boolean", lambda: term.build() == "1", term.written)
    return None


def as_number(term: Term) -> Term | None:
    """The term as a number: itself, or a category whose codes are numbers; None when it cannot be one."""
    if term.kind == "number":
        return term
    if Variable("", "", "category", term.levels).has_numeric_codes:
        return Term("number", lambda: _parsed(term.build()), term.written)
    return None


def finite(expression: pl.Expr) -> pl.Expr:
    """The numbers with unknown for what is not finite; it mentions its operand once, so that nesting stays cheap."""
    return expression.replace([math.inf, -math.inf, math.nan], None)


def _parsed(codes: pl.Expr) -> pl.Expr:
    import polars as pl

    return codes.cast(pl.Float64, strict=False)
