"""Analyses refer to what is declared, and to variables that they can use."""

from __future__ import annotations

from cohortium.study.draft import Rule
from cohortium.study.rules.analyses import (
    adverse_events,
    baseline,
    case_columns,
    causes,
    comparisons,
    competing,
    covariates,
    e_values,
    individual_courses,
    interactions,
    logistic,
    meta_analysis,
    missingness,
    predictions,
    proportions,
    sequences,
    survival,
    time_dependent,
)

RULES: tuple[Rule, ...] = (
    *survival.RULES,
    *baseline.RULES,
    *missingness.RULES,
    *proportions.RULES,
    *adverse_events.RULES,
    *individual_courses.RULES,
    *sequences.RULES,
    *causes.RULES,
    *comparisons.RULES,
    *competing.RULES,
    *covariates.RULES,
    *e_values.RULES,
    *interactions.RULES,
    *logistic.RULES,
    *case_columns.RULES,
    *predictions.RULES,
    *time_dependent.RULES,
    *meta_analysis.RULES,
)
