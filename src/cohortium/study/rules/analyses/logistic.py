"""Outcome, strata and likelihood of logistic regressions."""

from __future__ import annotations

from collections.abc import Iterator

from cohortium.errors import Problem
from cohortium.study.analyses import Logistic
from cohortium.study.draft import Draft, Rule
from cohortium.study.rules.analyses.each import each_analysis
from cohortium.study.rules.analyses.interactions import covariate_names
from cohortium.study.rules.analyses.proportions import check_outcome
from cohortium.study.variables import SITE


def outcomes_fit(draft: Draft) -> Iterator[Problem]:
    """The outcome is made of levels of a category that is neither a covariate nor a stratum."""
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, Logistic):
            continue
        yield from check_outcome(draft, path, analysis.outcome, analysis.not_evaluable)
        name = analysis.outcome.variable
        for key, used in (("covariates", covariate_names(analysis)), ("strata", list(analysis.strata))):
            if name in used:
                what = f"{name} is among the {key}, so it cannot be the outcome too"
                yield draft.problem((*path, "outcome", "variable"), what)


def conditional_likelihoods_fit(draft: Draft) -> Iterator[Problem]:
    """The conditional likelihood has strata inside sites, and neither weights, nor a penalty, nor predicted risks."""
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, Logistic) or not analysis.conditional:
            continue
        if SITE not in analysis.strata:
            what = "needs strata inside institutions, so that each can add up its own"
            yield draft.problem((*path, "conditional"), what, f"add '{SITE}' to strata")
        given = {
            "weight": analysis.weight is not None,
            "penalty": analysis.penalty == "firth",
            "risk_groups": analysis.risk_groups > 0,
        }
        for key in (key for key, is_given in given.items() if is_given):
            what = "is not defined for the conditional likelihood"
            yield draft.problem((*path, key), what, f"remove {key}, or set conditional = false")


RULES: tuple[Rule, ...] = (outcomes_fit, conditional_likelihoods_fit)
