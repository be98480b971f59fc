"""Analyses refer to what is declared, and to variables that they can use."""

from __future__ import annotations

from cohortium.study.draft import Rule
from cohortium.study.rules.analyses import baseline, covariates, proportions, survival

RULES: tuple[Rule, ...] = (*survival.RULES, *baseline.RULES, *proportions.RULES, *covariates.RULES)
