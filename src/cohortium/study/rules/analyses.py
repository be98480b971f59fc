"""Analyses refer to what is declared, and to variables that they can use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cohortium.errors import Problem
from cohortium.study.analyses import Analysis, Baseline, Covariate, Cox, KaplanMeier, LogRank
from cohortium.study.draft import Draft, Rule
from cohortium.study.locate import Path
from cohortium.study.suggest import did_you_mean, one_of, shown
from cohortium.study.variables import Kind, Variable

MAX_VALUES = 200_001
"""Values that a number of a baseline table may take: its counts travel as an array of that length."""

_COVARIATE_KINDS: tuple[Kind, ...] = ("category", "number", "integer")
_CATEGORY = "a category with declared levels"


def _each(draft: Draft) -> Iterator[tuple[Path, Analysis]]:
    for index, analysis in enumerate(draft.file.analysis):
        yield ("analysis", index), analysis


def endpoints_exist(draft: Draft) -> Iterator[Problem]:
    """The endpoint of an analysis is declared."""
    names = [endpoint.name for endpoint in draft.file.endpoint]
    for path, analysis in _each(draft):
        if not isinstance(analysis, Baseline):
            yield from draft.check_reference((*path, "endpoint"), "endpoint", analysis.endpoint, names)


def groups_are_categories(draft: Draft) -> Iterator[Problem]:
    """`by` is a category."""
    for path, analysis in _each(draft):
        if isinstance(analysis, Baseline | KaplanMeier | LogRank) and analysis.by is not None:
            yield from draft.check_variable((*path, "by"), analysis.by, ("category",), _CATEGORY)


def tests_compare_two_groups(draft: Draft) -> Iterator[Problem]:
    """A log-rank test has at least two groups."""
    for path, analysis in _each(draft):
        if isinstance(analysis, LogRank) and (variable := _category(draft, analysis.by)) and len(variable.levels) < 2:
            yield draft.problem((*path, "by"), f"{analysis.by} has one level; expected at least two groups to compare")


def strata_are_categories(draft: Draft) -> Iterator[Problem]:
    """Strata are categories, named once, and not what is compared."""
    for path, analysis in _each(draft):
        if not isinstance(analysis, LogRank | Cox):
            continue
        yield from _once(draft, (*path, "strata"), analysis.strata)
        used = {analysis.by} if isinstance(analysis, LogRank) else {_form(c).variable for c in analysis.covariates}
        for index, name in enumerate(analysis.strata):
            place = (*path, "strata", index)
            yield from draft.check_variable(place, name, ("category",), _CATEGORY)
            if name in used:
                yield draft.problem(place, f"{name} is compared in this analysis, so it cannot be a stratum too")


def _once(draft: Draft, path: Path, names: Iterable[str]) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name in seen:
            yield draft.problem((*path, index), f"{name} is listed twice")
        seen.add(name)


def baseline_variables_fit(draft: Draft) -> Iterator[Problem]:
    """A baseline table describes categories and numbers, each once."""
    for path, analysis in _each(draft):
        if not isinstance(analysis, Baseline):
            continue
        yield from _once(draft, (*path, "variables"), analysis.variables)
        for index, name in enumerate(analysis.variables):
            place = (*path, "variables", index)
            yield from draft.check_variable(place, name, _COVARIATE_KINDS, "a category or a number")
            if name == analysis.by:
                yield draft.problem(place, f"{name} makes the columns, so it cannot be a row too")


def baseline_numbers_have_a_range(draft: Draft) -> Iterator[Problem]:
    """A number of a baseline table has a declared range, so that its counts have a declared shape."""
    for path, analysis in _each(draft):
        if not isinstance(analysis, Baseline):
            continue
        for index, name in enumerate(analysis.variables):
            variable = draft.variables.get(name)
            if variable and variable.kind in ("number", "integer") and not draft.is_excused(name):
                yield from _range(draft, (*path, "variables", index), variable)


def _range(draft: Draft, path: Path, variable: Variable) -> Iterator[Problem]:
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


def months_are_within_the_horizon(draft: Draft) -> Iterator[Problem]:
    """Survival is tabulated where the study counts follow-up."""
    time = draft.file.time
    for path, analysis in _each(draft):
        if not isinstance(analysis, KaplanMeier):
            continue
        for index, months in enumerate(analysis.at_months):
            if months * time.month_days > time.horizon_days:
                last = time.horizon_days / time.month_days
                what = f"{months:g} months is beyond the horizon of {time.horizon_days} days ({last:.1f} months)"
                yield draft.problem((*path, "at_months", index), what, "raise horizon_days in [time]")


def points_are_listed_once(draft: Draft) -> Iterator[Problem]:
    """Quantiles and months are listed once."""
    for path, analysis in _each(draft):
        if isinstance(analysis, KaplanMeier):
            yield from _once(draft, (*path, "quantiles"), (f"{value:g}" for value in analysis.quantiles))
            yield from _once(draft, (*path, "at_months"), (f"{value:g}" for value in analysis.at_months))


def covariates_fit(draft: Draft) -> Iterator[Problem]:
    """A covariate is a number or a category, listed once, with a form that suits it."""
    for path, analysis in _each(draft):
        if not isinstance(analysis, Cox):
            continue
        covariates = [_form(covariate) for covariate in analysis.covariates]
        yield from _once(draft, (*path, "covariates"), (covariate.variable for covariate in covariates))
        for index, covariate in enumerate(covariates):
            place = (*path, "covariates", index)
            yield from draft.check_variable(place, covariate.variable, _COVARIATE_KINDS, "a category or a number")
            if not draft.is_excused(covariate.variable):
                yield from _covariate(draft, place, covariate)


def _form(covariate: str | Covariate) -> Covariate:
    return covariate if isinstance(covariate, Covariate) else Covariate(variable=covariate)


def _covariate(draft: Draft, path: Path, covariate: Covariate) -> Iterator[Problem]:
    name, variable = covariate.variable, draft.variables.get(covariate.variable)
    if variable is None or variable.kind not in _COVARIATE_KINDS:
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
    if covariate.reference is not None and not is_factor:
        yield draft.problem((*path, "reference"), f"is for a category; {name} enters as a number", "remove reference")
    elif covariate.reference is not None:
        yield from _reference(draft, (*path, "reference"), variable, covariate.reference)


def _reference(draft: Draft, path: Path, variable: Variable, reference: str) -> Iterator[Problem]:
    if any(reference in (level.code, level.label) for level in variable.levels):
        return
    words = [word for level in variable.levels for word in (level.label, level.code)]
    labels = one_of(level.label for level in variable.levels)
    yield draft.problem(
        path, f"{variable.name} has no level {shown(reference)}; {labels}", did_you_mean(reference, words)
    )


def _category(draft: Draft, name: str) -> Variable | None:
    variable = draft.variables.get(name)
    return variable if variable and variable.kind == "category" and not draft.is_excused(name) else None


RULES: tuple[Rule, ...] = (
    endpoints_exist,
    groups_are_categories,
    tests_compare_two_groups,
    strata_are_categories,
    baseline_variables_fit,
    baseline_numbers_have_a_range,
    months_are_within_the_horizon,
    points_are_listed_once,
    covariates_fit,
)
