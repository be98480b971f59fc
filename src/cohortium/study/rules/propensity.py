"""Propensity scores compare two treatments by covariates, and the analyses that name one can be weighted."""

from __future__ import annotations

from collections.abc import Iterator

from cohortium.errors import Problem
from cohortium.study.analyses import Balance, Cox, KaplanMeier
from cohortium.study.analyses.covariate import form_of
from cohortium.study.draft import Draft, Rule
from cohortium.study.locate import Path
from cohortium.study.propensity import Propensity
from cohortium.study.rules.analyses.covariates import check_covariate
from cohortium.study.rules.analyses.each import CATEGORY, COVARIATE_KINDS, category_of, each_analysis, once
from cohortium.study.suggest import did_you_mean, one_of, shown

_WEIGHTED = Balance | Cox | KaplanMeier


def _each(draft: Draft) -> Iterator[tuple[Path, Propensity]]:
    for index, section in enumerate(draft.file.propensity):
        yield ("propensity", index), section


def treatments_are_two(draft: Draft) -> Iterator[Problem]:
    """Treatment is a category with two levels, and `treated` is one of them."""
    for path, section in _each(draft):
        name = section.treatment
        yield from draft.check_variable((*path, "treatment"), name, ("category",), "a category with two levels")
        variable = category_of(draft, name)
        if variable is None:
            continue
        if len(variable.levels) != 2:
            what = f"{name} has {len(variable.levels)} levels; a propensity score compares two treatments"
            yield draft.problem((*path, "treatment"), what, "derive a category with two levels")
        elif not any(section.treated in (level.code, level.label) for level in variable.levels):
            words = [word for level in variable.levels for word in (level.label, level.code)]
            what = f"{name} has no level {shown(section.treated)}; {one_of(level.label for level in variable.levels)}"
            yield draft.problem((*path, "treated"), what, did_you_mean(section.treated, words))


def score_covariates_fit(draft: Draft) -> Iterator[Problem]:
    """Covariates suit their form; none of them, and no stratum, is the treatment or has two roles."""
    for path, section in _each(draft):
        forms = [form_of(covariate) for covariate in section.covariates]
        names = [form.variable for form in forms]
        yield from once(draft, (*path, "covariates"), names)
        yield from once(draft, (*path, "strata"), section.strata)
        for index, form in enumerate(forms):
            place = (*path, "covariates", index)
            yield from draft.check_variable(place, form.variable, COVARIATE_KINDS, "a category or a number")
            if not draft.is_excused(form.variable):
                yield from check_covariate(draft, place, form)
            if form.variable == section.treatment:
                yield draft.problem(place, f"{form.variable} is the treatment, which its own score cannot depend on")
        for index, name in enumerate(section.strata):
            place = (*path, "strata", index)
            yield from draft.check_variable(place, name, ("category",), CATEGORY)
            if name in (*names, section.treatment):
                yield draft.problem(place, f"{name} is in the score already, so it cannot be a stratum too")


def weights_have_a_meaning(draft: Draft) -> Iterator[Problem]:
    """Options that an estimand has no use for are refused."""
    for path, section in _each(draft):
        if section.stabilized and section.estimand != "ate":
            what = f"is for estimand = 'ate'; weights of '{section.estimand}' have their scale already"
            yield draft.problem((*path, "stabilized"), what, "remove stabilized")
        if section.estimand != "overlap":
            continue
        for key in ("trim", "truncate"):
            if key in section.model_fields_set:
                yield draft.problem(
                    (*path, key), f"overlap weights are between 0 and 1 and need no {key}", f"remove {key}"
                )


def scores_are_named_apart(draft: Draft) -> Iterator[Problem]:
    """A propensity score has rows of its own in the results table, so no analysis has its name."""
    taken = {analysis.name.casefold() for analysis in draft.file.analysis} | {"flow", "landmark"}
    for path, section in _each(draft):
        if section.name.casefold() in taken:
            yield draft.problem((*path, "name"), f"{shown(section.name)} is the name of an analysis too", "rename one")


def weightings_are_declared(draft: Draft) -> Iterator[Problem]:
    """An analysis names a propensity score that is declared, and compares its treatments."""
    sections = {section.name: section for section in reversed(draft.file.propensity)}
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, _WEIGHTED) or analysis.weighting is None:
            continue
        place = (*path, "weighting")
        yield from draft.check_reference(place, "propensity score", analysis.weighting, list(sections))
        section = sections.get(analysis.weighting)
        if isinstance(analysis, Balance):
            yield from _compared(draft, path, analysis, section)
            continue
        if analysis.weight is not None:
            yield draft.problem(place, "patients are weighted by weight already", "remove weight or weighting")
        if getattr(analysis, "imputation", None) is not None:
            yield draft.problem(place, "weights are not made of imputed values", "remove weighting or imputation")
        if isinstance(analysis, Cox):
            yield from _cox(draft, path, analysis, section)
        elif section is not None and analysis.by != section.treatment:
            what = (
                f"the weights make the groups of {section.treatment} comparable, not those of {analysis.by or 'none'}"
            )
            yield draft.problem(place, what, f"set by = '{section.treatment}'")


def _cox(draft: Draft, path: Path, analysis: Cox, section: Propensity | None) -> Iterator[Problem]:
    place = (*path, "weighting")
    if section is not None and section.treatment not in [form_of(c).variable for c in analysis.covariates]:
        what = f"the weights make the groups of {section.treatment} comparable, which is no covariate here"
        yield draft.problem(place, what, f"add '{section.treatment}' to covariates")
    if analysis.time_dependent:
        what = "a score is fitted to patients; episodes of time-dependent covariates would count them several times"
        yield draft.problem(place, what, "remove weighting or time_dependent")
    if analysis.penalty == "firth":
        what = "Firth's penalty is not defined with weights"
        yield draft.problem((*path, "penalty"), what, "remove weighting, or set penalty = 'none'")


def _compared(draft: Draft, path: Path, analysis: Balance, section: Propensity | None) -> Iterator[Problem]:
    yield from once(draft, (*path, "also"), analysis.also)
    known = () if section is None else (section.treatment, *(form_of(c).variable for c in section.covariates))
    for index, name in enumerate(analysis.also):
        place = (*path, "also", index)
        yield from draft.check_variable(place, name, COVARIATE_KINDS, "a category or a number")
        if name in known:
            yield draft.problem(place, f"{name} is in the score, so it is compared already", "remove it here")


RULES: tuple[Rule, ...] = (
    treatments_are_two,
    score_covariates_fit,
    weights_have_a_meaning,
    scores_are_named_apart,
    weightings_are_declared,
)
