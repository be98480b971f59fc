"""Interactions and subgroups of regressions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from cohortium.errors import Problem
from cohortium.study.analyses import Cox, Logistic
from cohortium.study.analyses.covariate import form_of
from cohortium.study.draft import Draft, Rule
from cohortium.study.locate import Path
from cohortium.study.rules.analyses.each import CATEGORY, category_of, each_analysis, once
from cohortium.study.suggest import did_you_mean, one_of, shown


def interactions_are_of_covariates(draft: Draft) -> Iterator[Problem]:
    """An interaction is of two or more covariates of its model, listed once, and its parts interact too."""
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, Cox | Logistic):
            continue
        names = covariate_names(analysis)
        seen: list[frozenset[str]] = []
        for index, parts in enumerate(analysis.interactions):
            place = (*path, "interactions", index)
            yield from once(draft, place, parts)
            for position, name in enumerate(parts):
                yield from _is_covariate(draft, (*place, position), name, names)
            if len(parts) < 2:
                yield draft.problem(place, "expected at least two covariates, such as ['age', 'sex']")
            if frozenset(parts) in seen:
                yield draft.problem(place, f"the interaction of {' and '.join(parts)} is listed twice")
            seen.append(frozenset(parts))
        yield from _lower_orders(draft, path, analysis)


def _lower_orders(draft: Draft, path: Path, analysis: Cox | Logistic) -> Iterator[Problem]:
    """Without the interaction of each pair, that of three has no meaning that is free of the reference levels."""
    declared = {frozenset(parts) for parts in analysis.interactions}
    for index, parts in enumerate(analysis.interactions):
        for size in range(2, len(set(parts))):
            for lower in combinations(dict.fromkeys(parts), size):
                if frozenset(lower) not in declared:
                    listed = ", ".join(f"'{name}'" for name in lower)
                    what = f"needs the interaction of {' and '.join(lower)} too"
                    yield draft.problem((*path, "interactions", index), what, f"add [{listed}]")


def subgroups_are_categories(draft: Draft) -> Iterator[Problem]:
    """The effect in subgroups is that of a covariate; subgroups are the levels of other categories."""
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, Cox) or analysis.subgroups is None:
            continue
        place, effect = (*path, "subgroups"), analysis.subgroups.effect
        yield from _is_covariate(draft, (*place, "effect"), effect, covariate_names(analysis))
        forms = {form.variable: form for form in map(form_of, analysis.covariates)}
        if effect in forms and forms[effect].spline is not None:
            yield draft.problem((*place, "effect"), f"{effect} is a spline, which has no single hazard ratio")
        if any(effect in parts for parts in analysis.interactions):
            what = f"{effect} has an interaction in the model, so that its effect differs within a subgroup"
            yield draft.problem((*place, "effect"), what, "ask for subgroups in an analysis without that interaction")
        yield from once(draft, (*place, "by"), analysis.subgroups.by)
        for index, name in enumerate(analysis.subgroups.by):
            yield from draft.check_variable((*place, "by", index), name, ("category",), CATEGORY)
            category = category_of(draft, name)
            if category is not None and len(category.levels) < 2:
                yield draft.problem((*place, "by", index), f"{name} has one level; expected at least two subgroups")
            if name == effect:
                yield draft.problem((*place, "by", index), f"{name} is the effect, so it cannot be a subgroup too")
            if name in forms and forms[name].as_number:
                what = f"{name} is in the model as a number, so its levels are no subgroups"
                yield draft.problem((*place, "by", index), what, "remove as_number")


def covariate_names(analysis: Cox | Logistic) -> list[str]:
    """Names of all covariates of a model, time-dependent ones last."""
    fixed = [form_of(covariate).variable for covariate in analysis.covariates]
    later = analysis.time_dependent if isinstance(analysis, Cox) else ()
    return [*fixed, *(covariate.variable for covariate in later)]


def _is_covariate(draft: Draft, path: Path, name: str, names: list[str]) -> Iterator[Problem]:
    if name not in names and not draft.is_excused(name):
        what = f"{shown(name)} is not a covariate of this model; {one_of(names)}"
        yield draft.problem(path, what, did_you_mean(name, names) or f"add '{name}' to covariates")


RULES: tuple[Rule, ...] = (interactions_are_of_covariates, subgroups_are_categories)
