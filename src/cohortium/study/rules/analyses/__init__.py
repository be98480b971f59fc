"""Analyses refer to what is declared, and to variables that they can use."""

from __future__ import annotations

from cohortium.study.draft import Rule
from cohortium.study.rules.analyses import (
    baseline,
    case_columns,
    causes,
    comparisons,
    competing,
    covariates,
    interactions,
    predictions,
    proportions,
    survival,
    time_dependent,
)

RULES: tuple[Rule, ...] = (
    *survival.RULES,
    *baseline.RULES,
    *proportions.RULES,
    *causes.RULES,
    *comparisons.RULES,
    *competing.RULES,
    *covariates.RULES,
    *interactions.RULES,
    *case_columns.RULES,
    *predictions.RULES,
    *time_dependent.RULES,
)
