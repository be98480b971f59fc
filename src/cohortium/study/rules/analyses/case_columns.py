"""Weights, offsets and clusters of regressions, and what cannot go with them."""

from __future__ import annotations

from collections.abc import Iterator

from cohortium.errors import Problem
from cohortium.study.analyses import Cox, Logistic
from cohortium.study.draft import Draft, Rule
from cohortium.study.rules.analyses.each import each_analysis
from cohortium.study.rules.analyses.interactions import covariate_names
from cohortium.study.variables import Kind

_KINDS: dict[str, tuple[tuple[Kind, ...], str]] = {
    "weight": (("number", "integer"), "a number above 0"),
    "offset": (("number", "integer"), "a number"),
    "cluster": (("integer",), "a whole number that says who belongs together"),
}


def case_columns_fit(draft: Draft) -> Iterator[Problem]:
    """Weight and offset are numbers, the cluster a whole number; none of them is a covariate or used twice."""
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, Cox | Logistic):
            continue
        used = set(covariate_names(analysis))
        for key, (kinds, purpose) in _KINDS.items():
            name = getattr(analysis, key, None)
            if name is None:
                continue
            yield from draft.check_variable((*path, key), name, kinds, purpose)
            if name in used:
                yield draft.problem((*path, key), f"{name} is in the model already, so it cannot be the {key} too")
            used.add(name)


def penalties_fit(draft: Draft) -> Iterator[Problem]:
    """Firth's penalty has no case weights and no robust variance."""
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, Cox) or analysis.penalty != "firth":
            continue
        for key in ("weight", "cluster", "robust"):
            if getattr(analysis, key):
                what = f"Firth's penalty is not defined with {key}"
                yield draft.problem((*path, "penalty"), what, f"remove {key}, or set penalty = 'none'")


RULES: tuple[Rule, ...] = (case_columns_fit, penalties_fit)
