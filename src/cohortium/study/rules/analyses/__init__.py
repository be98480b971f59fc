"""Analyses refer to what is declared, and to variables that they can use."""

from __future__ import annotations

from cohortium.study.draft import Rule
from cohortium.study.rules.analyses import baseline, covariates, survival

RULES: tuple[Rule, ...] = (*survival.RULES, *baseline.RULES, *covariates.RULES)
