"""Covariates that begin during follow-up."""

from __future__ import annotations

from collections.abc import Iterator

from cohortium.errors import Problem
from cohortium.study.analyses import Cox
from cohortium.study.draft import Draft, Rule
from cohortium.study.rules.analyses.each import each_analysis, once


def models_have_covariates(draft: Draft) -> Iterator[Problem]:
    """A Cox model has at least one covariate."""
    for path, analysis in each_analysis(draft):
        if isinstance(analysis, Cox) and not analysis.covariates and not analysis.time_dependent:
            yield draft.problem(
                (*path, "covariates"), "is empty; expected at least one covariate", "such as covariates = ['age']"
            )


def time_dependent_covariates_are_dates(draft: Draft) -> Iterator[Problem]:
    """A time-dependent covariate begins at a date other than the origin, is listed once, and counts whole days."""
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, Cox) or not analysis.time_dependent:
            continue
        names = [covariate.variable for covariate in analysis.time_dependent]
        yield from once(draft, (*path, "time_dependent"), names)
        for index, name in enumerate(names):
            place = (*path, "time_dependent", index, "variable")
            yield from draft.check_variable(place, name, ("date",), "the date at which the covariate begins")
            if name == draft.file.time.origin:
                yield draft.problem(place, f"{name} is day 0 of every patient; expected a later date")
            variable = draft.variables.get(name)
            if variable is not None and variable.kind == "date" and draft.file.time.origin is None:
                yield draft.problem(place, f"{name} is a date, but the study has no day 0", "set origin in [time]")
        if draft.file.time.grid != "days" and "site" not in analysis.strata:
            what = f"needs whole days; the study counts {draft.file.time.grid}"
            hint = "stratify by site, or set grid = 'days' in [time]"
            yield draft.problem((*path, "time_dependent"), what, hint)


RULES: tuple[Rule, ...] = (models_have_covariates, time_dependent_covariates_are_dates)
