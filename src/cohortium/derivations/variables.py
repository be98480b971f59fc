"""Derived variables: a category by its first case that holds, or a number by an expression.

Unknown stays unknown: a category is unknown when a case is unknown before one has held, because that case might
hold; write `is_known(...)` or `is_missing(...)` into a case to say what an unknown value means.
"""

from __future__ import annotations

import polars as pl

from cohortium.derivations.findings import Finding
from cohortium.derivations.turn import first_turn
from cohortium.study.derive import Case, Derive
from cohortium.study.expressions import compile_expression
from cohortium.study.study import Study


def derived_column(study: Study, derive: Derive) -> pl.Expr:
    """The column of a derived variable: String level texts of a category, Float64 of a number (range not yet checked)."""
    if derive.value is not None:
        number = _compiled(study, derive.value).cast(pl.Float64)
        return number.round(derive.decimals, mode="half_away_from_zero").alias(derive.name)
    return _first_case(study, derive.cases).alias(derive.name)


def out_of_range(study: Study, derive: Derive) -> Finding | None:
    """The declared range of a derived number; None when there is none."""
    low, high = derive.minimum, derive.maximum
    if low is None and high is None:
        return None
    column = pl.col(derive.name)
    outside = pl.lit(False)
    parts = []
    if low is not None:
        outside |= column < low
        parts.append(f"at least {low:g}")
    if high is not None:
        outside |= column > high
        parts.append(f"at most {high:g}")
    used = compile_expression(derive.value, study.variables).names if derive.value else frozenset()
    made_of = f" (it is made of {', '.join(name for name in study.variables if name in used)})" if used else ""
    expected = f"{' and '.join(parts)}, as [[derive]] {derive.name} declares{made_of}"
    return Finding(derive.name, "out-of-range", expected, outside)


def known_in_range(study: Study, derive: Derive) -> pl.Expr:
    """The column of a derived variable, unknown where it is outside its declared range."""
    finding = out_of_range(study, derive)
    return known_unless(finding.fails, derive.name) if finding else pl.col(derive.name)


def known_unless(fails: pl.Expr, column: str) -> pl.Expr:
    """A column that is unknown in the rows that break a rule."""
    return pl.when(~fails.fill_null(value=False)).then(pl.col(column)).alias(column)


def _first_case(study: Study, cases: tuple[Case, ...]) -> pl.Expr:
    """The level of the first case that holds, unknown where it may hold; the level of `otherwise` where none does."""
    n_conditions = next((index for index, case in enumerate(cases) if case.where is None), len(cases))
    turn = first_turn([_compiled(study, case.where) for case in cases[:n_conditions] if case.where is not None])
    if n_conditions < len(cases):
        turn = turn.fill_null(2 * n_conditions)
    held = [2 * index for index in range(len(cases))]
    return turn.replace_strict(held, [case.level for case in cases], default=None, return_dtype=pl.String)


def _compiled(study: Study, text: str) -> pl.Expr:
    return compile_expression(text, study.variables, month_days=study.file.time.month_days).expr()
