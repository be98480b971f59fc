"""Analyses of values that are not known look at variables that can be known."""

from __future__ import annotations

from collections.abc import Iterator

from cohortium.errors import Problem
from cohortium.study.analyses import Missingness
from cohortium.study.draft import Draft, Rule
from cohortium.study.rules.analyses.each import CATEGORY, each_analysis, once
from cohortium.study.variables import Kind

_KINDS: tuple[Kind, ...] = ("category", "number", "integer", "date")


def missingness_variables_fit(draft: Draft) -> Iterator[Problem]:
    """Variables are categories, numbers or dates, each once, and not the groups."""
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, Missingness):
            continue
        yield from once(draft, (*path, "variables"), analysis.variables)
        for index, name in enumerate(analysis.variables):
            place = (*path, "variables", index)
            yield from draft.check_variable(place, name, _KINDS, "a category, a number or a date")
            if name == analysis.by:
                yield draft.problem(place, f"{name} makes the groups, so it cannot be looked at too")
        if analysis.by is not None:
            yield from draft.check_variable((*path, "by"), analysis.by, ("category",), CATEGORY)


RULES: tuple[Rule, ...] = (missingness_variables_fit,)
