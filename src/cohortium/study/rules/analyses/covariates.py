"""Covariates of regressions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from cohortium.errors import Problem
from cohortium.study.analyses import Covariate, Cox, FineGray, Logistic
from cohortium.study.analyses.covariate import form_of
from cohortium.study.draft import Draft, Rule
from cohortium.study.locate import Path
from cohortium.study.rules.analyses.each import COVARIATE_KINDS, each_analysis, once
from cohortium.study.suggest import did_you_mean, one_of, shown
from cohortium.study.variables import Variable


def covariates_fit(draft: Draft) -> Iterator[Problem]:
    """A covariate is a number or a category, listed once, with a form that suits it."""
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, Cox | FineGray | Logistic):
            continue
        covariates = [form_of(covariate) for covariate in analysis.covariates]
        yield from once(draft, (*path, "covariates"), (covariate.variable for covariate in covariates))
        for index, covariate in enumerate(covariates):
            place = (*path, "covariates", index)
            yield from draft.check_variable(place, covariate.variable, COVARIATE_KINDS, "a category or a number")
            if not draft.is_excused(covariate.variable):
                yield from check_covariate(draft, place, covariate)


def check_covariate(draft: Draft, path: Path, covariate: Covariate) -> Iterator[Problem]:
    """The form of a covariate suits its kind."""
    name, variable = covariate.variable, draft.variables.get(covariate.variable)
    if variable is None or variable.kind not in COVARIATE_KINDS:
        return
    is_category = variable.kind == "category"
    is_factor = is_category and not covariate.as_number
    if covariate.as_number and not is_category:
        yield draft.problem((*path, "as_number"), f"{name} is a number already", "remove as_number")
    if covariate.as_number and is_category and not variable.has_numeric_codes:
        yield draft.problem((*path, "as_number"), f"the codes of {name} are not numbers", "remove as_number")
    if is_factor and len(variable.levels) < 2:
        yield draft.problem(path, f"{name} has one level; expected at least two")
    if is_factor and "per" in covariate.model_fields_set:
        yield draft.problem((*path, "per"), f"is for a number; {name} is a category", "remove per")
    if covariate.spline is not None:
        yield from _spline(draft, (*path, "spline"), variable, covariate)
    if covariate.reference is not None and not is_factor:
        yield draft.problem((*path, "reference"), f"is for a category; {name} enters as a number", "remove reference")
    elif covariate.reference is not None:
        yield from _reference(draft, (*path, "reference"), variable, covariate.reference)


def _spline(draft: Draft, path: Path, variable: Variable, covariate: Covariate) -> Iterator[Problem]:
    knots = covariate.spline.knots if covariate.spline else ()
    if variable.kind == "category":
        yield draft.problem(path, f"is for a number; {variable.name} is a category", "remove spline")
        return
    if "per" in covariate.model_fields_set:
        yield draft.problem(path, "a spline has no hazard ratio per unit", "remove per")
    if any(after <= before for before, after in pairwise(knots)):
        yield draft.problem((*path, "knots"), "expected numbers in ascending order, each once")
    low, high = variable.minimum, variable.maximum
    outside = [f"{k:g}" for k in knots if (low is not None and k < low) or (high is not None and k > high)]
    if outside:
        limits = " to ".join("any" if limit is None else f"{limit:g}" for limit in (low, high))
        verb = "is" if len(outside) == 1 else "are"
        what = f"{' and '.join(outside)} {verb} outside the declared range of {variable.name}, {limits}"
        yield draft.problem((*path, "knots"), what)


def _reference(draft: Draft, path: Path, variable: Variable, reference: str) -> Iterator[Problem]:
    if any(reference in (level.code, level.label) for level in variable.levels):
        return
    words = [word for level in variable.levels for word in (level.label, level.code)]
    labels = one_of(level.label for level in variable.levels)
    yield draft.problem(
        path, f"{variable.name} has no level {shown(reference)}; {labels}", did_you_mean(reference, words)
    )


RULES: tuple[Rule, ...] = (covariates_fit,)
