"""A baseline table describes what it can."""

from __future__ import annotations

from collections.abc import Iterator

from cohortium.errors import Problem
from cohortium.study.analyses import Baseline
from cohortium.study.draft import Draft, Rule
from cohortium.study.locate import Path
from cohortium.study.rules.analyses.each import COVARIATE_KINDS, each_analysis, once
from cohortium.study.suggest import did_you_mean
from cohortium.study.variables import Variable

MAX_VALUES = 200_001
"""Values that a number of a baseline table may take: its counts travel as an array of that length."""


def baseline_variables_fit(draft: Draft) -> Iterator[Problem]:
    """A baseline table describes categories and numbers, each once."""
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, Baseline):
            continue
        yield from once(draft, (*path, "variables"), analysis.variables)
        for index, name in enumerate(analysis.variables):
            place = (*path, "variables", index)
            yield from draft.check_variable(place, name, COVARIATE_KINDS, "a category or a number")
            if name == analysis.by:
                yield draft.problem(place, f"{name} makes the columns, so it cannot be a row too")


def baseline_numbers_have_a_range(draft: Draft) -> Iterator[Problem]:
    """A number of a baseline table has a declared range, so that its counts have a declared shape."""
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, Baseline):
            continue
        for index, name in enumerate(analysis.variables):
            variable = draft.variables.get(name)
            if variable and variable.kind in ("number", "integer") and not draft.is_excused(name):
                yield from check_range(draft, (*path, "variables", index), variable)


def baseline_trends_are_categories(draft: Draft) -> Iterator[Problem]:
    """A trend is over the levels of a category that the table shows, between groups that there are."""
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, Baseline):
            continue
        yield from once(draft, (*path, "trend"), analysis.trend)
        for index, name in enumerate(analysis.trend):
            place = (*path, "trend", index)
            yield from draft.check_variable(place, name, ("category",), "an ordered category")
            if name not in analysis.variables and not draft.is_excused(name):
                hint = did_you_mean(name, analysis.variables)
                yield draft.problem(place, f"{name} is not among the variables of this table", hint)
        for key in ("trend", "standardized_differences"):
            if getattr(analysis, key) and analysis.by is None:
                yield draft.problem((*path, key), "compares groups, but the table has none", "name them with by")


def check_range(draft: Draft, path: Path, variable: Variable) -> Iterator[Problem]:
    """A number has a declared range that is not too long, so that its counts have a declared shape."""
    is_derived = variable.name not in draft.dictionary
    keys = ("minimum", "maximum") if is_derived else ("Text Validation Min", "Text Validation Max")
    where = f"study.toml:{variable.line}" if is_derived else f"dictionary.csv:{variable.line}"
    if variable.minimum is None or variable.maximum is None:
        what = f"{variable.name} has no declared range, which its quartiles need"
        yield draft.problem(path, what, f"give {keys[0]} and {keys[1]} in {where}")
        return
    n_values = (variable.maximum - variable.minimum) * 10**variable.decimals + 1
    if n_values > MAX_VALUES + 0.5:
        what = (
            f"{variable.name} can take {n_values:,.0f} values ({variable.minimum:g} to {variable.maximum:g} with "
            f"{variable.decimals} decimals); at most {MAX_VALUES:,} are allowed"
        )
        yield draft.problem(path, what, f"narrow {keys[0]} and {keys[1]}, or declare fewer decimals, in {where}")


RULES: tuple[Rule, ...] = (baseline_variables_fit, baseline_numbers_have_a_range, baseline_trends_are_categories)
