"""Cohort steps: how far along the flow of patients each row comes."""

from __future__ import annotations

import polars as pl

from cohortium.derivations.turn import first_turn
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
    steps = study.file.cohort.step
    fails = [
        ~compile_expression(step.where, study.variables, expected="boolean", month_days=month_days).expr()
        for step in steps
    ]
    turn = first_turn(fails).cast(pl.Int64)
    n_passed = (turn // 2).fill_null(len(steps))
    stopped_unknown = (turn % 2).fill_null(0)
    return n_passed.alias(FLOW_STEP), stopped_unknown.alias(FLOW_UNKNOWN)
