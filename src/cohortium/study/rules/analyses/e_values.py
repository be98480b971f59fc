"""E-values are of a covariate with a single ratio."""

from __future__ import annotations

from collections.abc import Iterator

from cohortium.errors import Problem
from cohortium.study.analyses import Cox, Logistic
from cohortium.study.analyses.covariate import form_of
from cohortium.study.draft import Draft, Rule
from cohortium.study.rules.analyses.each import each_analysis
from cohortium.study.suggest import did_you_mean, one_of, shown


def e_values_are_of_one_ratio(draft: Draft) -> Iterator[Problem]:
    """The covariate is in the model with one column, and in no interaction."""
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, Cox | Logistic) or analysis.e_value is None:
            continue
        place, name = (*path, "e_value", "effect"), analysis.e_value.effect
        forms = {form_of(covariate).variable: form_of(covariate) for covariate in analysis.covariates}
        if name not in forms:
            yield draft.problem(place, f"{shown(name)} is no covariate; {one_of(forms)}", did_you_mean(name, forms))
            continue
        variable, form = draft.variables.get(name), forms[name]
        is_factor = variable is not None and variable.kind == "category" and not form.as_number
        if form.spline is not None or (is_factor and variable is not None and len(variable.levels) > 2):
            yield draft.problem(place, f"{name} has more than one ratio", "derive a category with two levels")
        if any(name in parts for parts in analysis.interactions):
            what = f"{name} interacts with another covariate, so that it has no single ratio"
            yield draft.problem(place, what, "ask for it in an analysis without that interaction")


RULES: tuple[Rule, ...] = (e_values_are_of_one_ratio,)
