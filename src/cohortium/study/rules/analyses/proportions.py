"""Outcomes, groups and strata of analyses of proportions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cohortium.errors import Problem
from cohortium.study.analyses import ResponseRates, StratifiedRates
from cohortium.study.analyses.outcome import Levels, OnlyOutcome
from cohortium.study.draft import Draft, Rule
from cohortium.study.locate import Path
from cohortium.study.rules.analyses.each import CATEGORY, category_of, each_analysis, once
from cohortium.study.suggest import did_you_mean, one_of, shown
from cohortium.study.variables import Variable

_ONE_LEVEL = "has one level; expected at least two groups to compare"


def outcomes_are_levels(draft: Draft) -> Iterator[Problem]:
    """An outcome is made of some levels of a category, not of all."""
    for path, analysis in each_analysis(draft):
        if isinstance(analysis, ResponseRates):
            yield from _variable(draft, (*path, "variable"), analysis.variable, analysis.by)
            yield from _labels_differ(draft, path, analysis)
            for index, outcome in enumerate(analysis.outcomes):
                place: Path = (*path, "outcomes", index)
                yield from _outcome(draft, place, outcome, outcome.variable or analysis.variable, analysis)
                yield from _variable(draft, (*place, "variable"), outcome.variable, analysis.by)
        elif isinstance(analysis, StratifiedRates):
            place = (*path, "outcome")
            yield from _variable(draft, (*place, "variable"), analysis.outcome.variable, analysis.by)
            yield from _outcome(draft, place, analysis.outcome, analysis.outcome.variable, analysis)


def not_evaluable_are_levels(draft: Draft) -> Iterator[Problem]:
    """What is not evaluable is named as a level of the variable."""
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, ResponseRates | StratifiedRates) or not analysis.not_evaluable:
            continue
        place: Path = (*path, "not_evaluable")
        name = analysis.variable if isinstance(analysis, ResponseRates) else analysis.outcome.variable
        if name is None:
            yield draft.problem(
                place, "has levels, but the analysis has no variable", "name the category with variable"
            )
        elif variable := category_of(draft, name):
            yield from once(draft, place, analysis.not_evaluable)
            yield from check_levels(draft, place, variable, analysis.not_evaluable)


def counted_categories_are_named(draft: Draft) -> Iterator[Problem]:
    """Patients are counted at each level of the analysis's own variable."""
    for path, analysis in each_analysis(draft):
        if isinstance(analysis, ResponseRates) and analysis.categories and analysis.variable is None:
            what = "counts levels, but the analysis has no variable"
            yield draft.problem((*path, "categories"), what, "name the category with variable")


def populations_are_listed_once(draft: Draft) -> Iterator[Problem]:
    """A denominator is listed once."""
    for path, analysis in each_analysis(draft):
        if isinstance(analysis, ResponseRates):
            yield from once(draft, (*path, "populations"), analysis.populations)


def groups_can_be_compared(draft: Draft) -> Iterator[Problem]:
    """Groups are levels of a category: two or more to compare rates, exactly two over strata."""
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, ResponseRates | StratifiedRates) or analysis.by is None:
            continue
        place: Path = (*path, "by")
        yield from draft.check_variable(place, analysis.by, ("category",), CATEGORY)
        if not (variable := category_of(draft, analysis.by)):
            continue
        n_levels = len(variable.levels)
        if isinstance(analysis, StratifiedRates) and n_levels != 2:
            hint = "derive a category with two levels"
            yield draft.problem(place, f"{analysis.by} has {n_levels} levels; expected two groups to compare", hint)
        elif isinstance(analysis, ResponseRates) and analysis.compare != "none" and n_levels < 2:
            yield draft.problem(place, f"{analysis.by} {_ONE_LEVEL}", 'set compare = "none"')
        if analysis.reference is not None:
            yield from check_levels(draft, (*path, "reference"), variable, [analysis.reference], indexed=False)


def comparisons_are_complete(draft: Draft) -> Iterator[Problem]:
    """Keys about the comparison of groups stand where groups are compared in that way."""
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, ResponseRates):
            continue
        given = analysis.model_fields_set
        if analysis.by is None:
            for key in sorted(given & {"compare", "difference_interval", "reference"}):
                yield draft.problem((*path, key), "compares groups, but the analysis has none", "name them with by")
        elif "difference_interval" in given and analysis.compare != "difference":
            what = f'is for compare = "difference"; this analysis has compare = "{analysis.compare}"'
            yield draft.problem((*path, "difference_interval"), what, "remove difference_interval")


def strata_fit(draft: Draft) -> Iterator[Problem]:
    """Strata are categories, named once, and neither the groups nor the outcome."""
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, StratifiedRates):
            continue
        yield from once(draft, (*path, "strata"), analysis.strata)
        for index, name in enumerate(analysis.strata):
            place = (*path, "strata", index)
            yield from draft.check_variable(place, name, ("category",), CATEGORY)
            if name in (analysis.by, analysis.outcome.variable):
                yield draft.problem(place, f"{name} is compared in this analysis, so it cannot be a stratum too")


def _variable(draft: Draft, path: Path, name: str | None, by: str | None) -> Iterator[Problem]:
    if name is None:
        return
    yield from draft.check_variable(path, name, ("category",), CATEGORY)
    if name == by:
        yield draft.problem(path, f"{name} makes the groups, so it cannot be the outcome too")


def _labels_differ(draft: Draft, path: Path, analysis: ResponseRates) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, outcome in enumerate(analysis.outcomes):
        if outcome.label in seen:
            place: Path = (*path, "outcomes", index, "label")
            yield draft.problem(place, f"{shown(outcome.label)} is already the label of an outcome of this analysis")
        seen.add(outcome.label)


def _outcome(
    draft: Draft, path: Path, outcome: Levels, name: str | None, analysis: ResponseRates | StratifiedRates
) -> Iterator[Problem]:
    if name is None:
        hint = "give variable here, or once for all outcomes of the analysis"
        yield draft.problem(path, "the key 'variable' is missing; expected the name of a category", hint)
        return
    if not (variable := category_of(draft, name)):
        return
    own = name == (analysis.variable if isinstance(analysis, ResponseRates) else name)
    yield from _chosen(draft, path, variable, outcome, analysis.not_evaluable if own else ())


def _chosen(
    draft: Draft, path: Path, variable: Variable, outcome: Levels, not_evaluable: Sequence[str]
) -> Iterator[Problem]:
    yield from once(draft, (*path, "levels"), outcome.levels)
    yield from check_levels(draft, (*path, "levels"), variable, outcome.levels)
    chosen = {level.code for level in variable.levels if {level.code, level.label} & set(outcome.levels)}
    unknown = {level.code for level in variable.levels if {level.code, level.label} & set(not_evaluable)}
    if chosen == {level.code for level in variable.levels}:
        yield draft.problem(
            (*path, "levels"), f"names every level of {variable.name}, so that everybody has the outcome"
        )
    if chosen & unknown:
        both = ", ".join(level.label for level in variable.levels if level.code in chosen & unknown)
        what = f"names {both}, which is in not_evaluable"
        yield draft.problem((*path, "levels"), what, "remove it here or there")


def check_levels(
    draft: Draft, path: Path, variable: Variable, words: Sequence[str], *, indexed: bool = True
) -> Iterator[Problem]:
    """Words are levels of a category, by label or code."""
    known = [word for level in variable.levels for word in (level.label, level.code)]
    for index, word in enumerate(words):
        if word not in known:
            expected = one_of(level.label for level in variable.levels)
            place = (*path, index) if indexed else path
            what = f"{variable.name} has no level {shown(word)}; {expected}"
            yield draft.problem(place, what, did_you_mean(word, known))


def check_outcome(
    draft: Draft, path: Path, outcome: OnlyOutcome, not_evaluable: Sequence[str], by: str | None = None
) -> Iterator[Problem]:
    """The one outcome of an analysis is made of levels of a category that makes no groups."""
    yield from _variable(draft, (*path, "outcome", "variable"), outcome.variable, by)
    if variable := category_of(draft, outcome.variable):
        yield from once(draft, (*path, "not_evaluable"), not_evaluable)
        yield from check_levels(draft, (*path, "not_evaluable"), variable, not_evaluable)
        yield from _chosen(draft, (*path, "outcome"), variable, outcome, not_evaluable)


RULES: tuple[Rule, ...] = (
    outcomes_are_levels,
    not_evaluable_are_levels,
    counted_categories_are_named,
    populations_are_listed_once,
    groups_can_be_compared,
    comparisons_are_complete,
    strata_fit,
)
