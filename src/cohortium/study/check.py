"""The rules that need more than one key: every rule of `RULES` looks at the whole draft and yields its problems."""

from __future__ import annotations

from cohortium.errors import Problem
from cohortium.study.draft import Draft, Rule
from cohortium.study.rules import (
    analyses,
    clinical_rules,
    data,
    endpoints,
    ethics,
    exhibits,
    expressions,
    families,
    imputation,
    later,
    names,
    propensity,
    published,
)

RULES: tuple[Rule, ...] = (
    *names.RULES,
    *data.RULES,
    *ethics.RULES,
    *expressions.RULES,
    *clinical_rules.RULES,
    *endpoints.RULES,
    *later.RULES,
    *imputation.RULES,
    *propensity.RULES,
    *analyses.RULES,
    *families.RULES,
    *published.RULES,
    *exhibits.RULES,
)


def check(draft: Draft) -> list[Problem]:
    """Every problem that any rule finds."""
    return [problem for rule in RULES for problem in rule(draft)]
