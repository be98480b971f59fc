"""Cohort steps: how far along the flow of patients each row comes."""

from __future__ import annotations

import polars as pl

from cohortium.study.expressions import compile_expression
from cohortium.study.study import Study

FLOW_STEP = "flow_step"
FLOW_UNKNOWN = "flow_unknown"


def flow_columns(study: Study) -> tuple[pl.Expr, pl.Expr]:
    """The flow columns, both Int64.

    `flow_step` is the number of steps passed, in order; a row stops at the first that does not hold for it.
    `flow_unknown` is 1 when that step was unknown rather than false, else 0.
    """
    month_days = study.file.time.month_days
    passed = pl.lit(True)
    stopped_unknown = pl.lit(False)
    n_passed = pl.lit(0, dtype=pl.Int64)
    for step in study.file.cohort.step:
        holds = compile_expression(step.where, study.variables, expected="boolean", month_days=month_days).expr()
        stopped_unknown |= passed & holds.is_null()
        passed &= holds.fill_null(value=False)
        n_passed += passed.cast(pl.Int64)
    return n_passed.alias(FLOW_STEP), stopped_unknown.cast(pl.Int64).alias(FLOW_UNKNOWN)
