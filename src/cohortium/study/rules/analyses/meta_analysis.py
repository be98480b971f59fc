"""Meta-analyses over sites, and outcomes of sites: each form of effect has its keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cohortium.errors import Problem
from cohortium.study.analyses import MetaAnalysis, SiteOutcomes
from cohortium.study.analyses.covariate import Covariate, form_of
from cohortium.study.draft import Draft, Rule
from cohortium.study.locate import Path
from cohortium.study.rules.analyses.covariates import check_covariate
from cohortium.study.rules.analyses.each import (
    CATEGORY,
    COVARIATE_KINDS,
    category_of,
    each_analysis,
    made_endpoint,
    once,
)
from cohortium.study.rules.analyses.proportions import check_levels, check_outcome
from cohortium.study.suggest import did_you_mean, one_of, shown
from cohortium.study.variables import SITE, Variable

_KEYS: Mapping[str, tuple[str, ...]] = {
    "endpoint": ("cox", "logrank"),
    "effect": ("cox", "logistic"),
    "covariates": ("cox", "logistic"),
    "strata": ("cox", "logistic"),
    "ties": ("cox",),
    "outcome": ("logistic", "proportions"),
    "not_evaluable": ("logistic", "proportions"),
    "measure": ("proportions",),
    "zero_cells": ("proportions",),
    "by": ("logrank", "proportions"),
    "reference": ("logrank", "proportions"),
}
"""Models that each key belongs to; the others are for all."""

_NEEDED: Mapping[str, tuple[str, ...]] = {
    "cox": ("endpoint", "effect", "covariates"),
    "logistic": ("outcome", "effect", "covariates"),
    "logrank": ("endpoint", "by"),
    "proportions": ("outcome", "by"),
}


def keys_fit_the_model(draft: Draft) -> Iterator[Problem]:
    """A model has the keys that it needs, and none of another."""
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, MetaAnalysis):
            continue
        for key in _NEEDED[analysis.model]:
            if not getattr(analysis, key):
                what = f"the key '{key}' is missing; model = '{analysis.model}' needs {' and '.join(_NEEDED[analysis.model])}"
                yield draft.problem(path, what)
        for key in sorted(analysis.model_fields_set & _KEYS.keys()):
            if analysis.model not in _KEYS[key]:
                what = f"is for model = {' or '.join(repr(m) for m in _KEYS[key])}; this one has '{analysis.model}'"
                yield draft.problem((*path, key), what, f"remove {key}")
        if analysis.pooling == "common" and "hartung_knapp" in analysis.model_fields_set and analysis.hartung_knapp:
            what = "is for random effects; pooling = 'common' has a normal interval"
            yield draft.problem((*path, "hartung_knapp"), what, "remove hartung_knapp")


def endpoints_of_sites_exist(draft: Draft) -> Iterator[Problem]:
    """An endpoint is declared and has a single event."""
    names = [endpoint.name for endpoint in draft.file.endpoint]
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, MetaAnalysis | SiteOutcomes) or analysis.endpoint is None:
            continue
        place = (*path, "endpoint")
        yield from draft.check_reference(place, "endpoint", analysis.endpoint, names)
        made = made_endpoint(draft, analysis.endpoint)
        if made is None:
            continue
        if made.has_causes:
            what = f"{analysis.endpoint} has {len(made.causes)} competing causes; {analysis.method} has one event"
            yield draft.problem(place, what, f"declare an endpoint with of = '{analysis.endpoint}'")
        if isinstance(analysis, SiteOutcomes) and made.base.entry and made.landmark is None:
            what = f"{analysis.endpoint} has left truncation, so its days are not the time under observation"
            yield draft.problem(place, what, "count an endpoint from the origin or from a landmark")


def effects_are_covariates(draft: Draft) -> Iterator[Problem]:
    """The effect is one of the covariates, with a single contrast; covariates and strata are usable within a site."""
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, MetaAnalysis) or analysis.model not in ("cox", "logistic"):
            continue
        forms = {form.variable: form for form in map(form_of, analysis.covariates)}
        yield from _covariates(draft, path, analysis)
        if analysis.effect is None or draft.is_excused(analysis.effect):
            continue
        place = (*path, "effect")
        if forms and analysis.effect not in forms:
            what = f"{shown(analysis.effect)} is not among the covariates; {one_of(forms)}"
            yield draft.problem(place, what, did_you_mean(analysis.effect, forms))
        elif analysis.effect in forms:
            yield from _effect(draft, path, analysis, forms[analysis.effect])


def _covariates(draft: Draft, path: Path, analysis: MetaAnalysis) -> Iterator[Problem]:
    names = [form_of(covariate).variable for covariate in analysis.covariates]
    yield from once(draft, (*path, "covariates"), names)
    for index, covariate in enumerate(map(form_of, analysis.covariates)):
        place = (*path, "covariates", index)
        if covariate.variable == SITE:
            yield draft.problem(place, "every site fits a model of its own, in which site is the same for all")
            continue
        yield from draft.check_variable(place, covariate.variable, COVARIATE_KINDS, "a category or a number")
        if not draft.is_excused(covariate.variable):
            yield from check_covariate(draft, place, covariate)
    yield from once(draft, (*path, "strata"), analysis.strata)
    for index, name in enumerate(analysis.strata):
        place = (*path, "strata", index)
        if name == SITE:
            yield draft.problem(place, "every site fits a model of its own", "remove site")
        else:
            yield from draft.check_variable(place, name, ("category",), CATEGORY)
        if name in names:
            yield draft.problem(place, f"{name} is a covariate in this analysis, so it cannot be a stratum too")
    outcome = analysis.outcome.variable if analysis.outcome is not None else None
    for key, listed in (("covariates", names), ("strata", analysis.strata)):
        if outcome is not None and outcome in listed:
            place = (*path, key, listed.index(outcome))
            yield draft.problem(place, f"{outcome} is the outcome of this analysis", "remove it here")


def _effect(draft: Draft, path: Path, analysis: MetaAnalysis, form: Covariate) -> Iterator[Problem]:
    variable = category_of(draft, form.variable)
    if form.spline is not None:
        yield draft.problem((*path, "effect"), f"{form.variable} is a spline, which has no single ratio")
    if variable is None or form.as_number:
        if analysis.level is not None and not draft.is_excused(form.variable):
            yield draft.problem((*path, "level"), f"is for a category; {form.variable} is a number", "remove level")
        return
    reference = form.reference or variable.levels[0].code
    yield from _level(draft, path, variable, analysis.level, reference)


def groups_of_sites_are_two(draft: Draft) -> Iterator[Problem]:
    """Two levels of a category are compared."""
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, MetaAnalysis) or analysis.model in ("cox", "logistic") or analysis.by is None:
            continue
        place: Path = (*path, "by")
        if analysis.by == SITE:
            yield draft.problem(place, "every site has one institution only, so there is nothing to compare in it")
            continue
        yield from draft.check_variable(place, analysis.by, ("category",), CATEGORY)
        if not (variable := category_of(draft, analysis.by)):
            continue
        if analysis.reference is not None:
            yield from check_levels(draft, (*path, "reference"), variable, [analysis.reference], indexed=False)
        yield from _level(draft, path, variable, analysis.level, analysis.reference or variable.levels[0].code)


def _level(draft: Draft, path: Path, variable: Variable, level: str | None, reference: str) -> Iterator[Problem]:
    others = [one for one in variable.levels if reference not in (one.code, one.label)]
    if not others:
        yield draft.problem(path, f"{variable.name} has one level; expected at least two groups to compare")
    elif level is None and len(others) > 1:
        what = f"{variable.name} has {len(variable.levels)} levels; say which one is compared with the reference"
        yield draft.problem(path, what, f"add level = '{others[0].label}'")
    elif level is not None:
        yield from check_levels(draft, (*path, "level"), variable, [level], indexed=False)
        if any(reference in (one.code, one.label) and level in (one.code, one.label) for one in variable.levels):
            yield draft.problem((*path, "level"), f"{shown(level)} is the reference itself", "name another level")


def outcomes_of_sites_are_levels(draft: Draft) -> Iterator[Problem]:
    """An outcome is made of levels of a category; site outcomes have either an outcome or an endpoint."""
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, MetaAnalysis | SiteOutcomes):
            continue
        if isinstance(analysis, SiteOutcomes) and (analysis.outcome is None) == (analysis.endpoint is None):
            both = "has both" if analysis.outcome else "has neither"
            yield draft.problem(path, f"{both} outcome and endpoint; expected one of them")
        if analysis.outcome is None:
            if isinstance(analysis, SiteOutcomes) and analysis.not_evaluable:
                yield draft.problem((*path, "not_evaluable"), "is for an outcome", "remove not_evaluable")
            continue
        yield from check_outcome(draft, path, analysis.outcome, analysis.not_evaluable, getattr(analysis, "by", None))


RULES: tuple[Rule, ...] = (
    keys_fit_the_model,
    endpoints_of_sites_exist,
    effects_are_covariates,
    groups_of_sites_are_two,
    outcomes_of_sites_are_levels,
)
