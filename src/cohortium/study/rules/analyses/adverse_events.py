"""Adverse events are categories of the worst grade, with numbers of days that have a range."""

from __future__ import annotations

from collections.abc import Iterator

from cohortium.errors import Problem
from cohortium.study.analyses import AdverseEvents
from cohortium.study.draft import Draft, Rule
from cohortium.study.locate import Path
from cohortium.study.rules.analyses.baseline import check_range
from cohortium.study.rules.analyses.each import CATEGORY, category_of, each_analysis, once

_GRADES = ("0", "1", "2", "3", "4", "5")
_HINT = "give it codes among 0 (none) to 5, such as 0, None | 1, Grade 1 | 2, Grade 2 | 3, Grade 3 | 4, Grade 4 | 5, Grade 5"


def events_are_worst_grades(draft: Draft) -> Iterator[Problem]:
    """An event is a category with codes among 0 to 5, listed once, and not the groups."""
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, AdverseEvents):
            continue
        names = [each if isinstance(each, str) else each.variable for each in analysis.events]
        yield from once(draft, (*path, "events"), names)
        for index, each in enumerate(analysis.events):
            place: Path = (*path, "events", index)
            name_place = place if isinstance(each, str) else (*place, "variable")
            yield from _grade(draft, name_place, names[index], analysis.by)
            for key in ("onset", "duration") if not isinstance(each, str) else ():
                yield from _days(draft, (*place, key), getattr(each, key))


def _grade(draft: Draft, place: Path, name: str, by: str | None) -> Iterator[Problem]:
    yield from draft.check_variable(place, name, ("category",), CATEGORY)
    variable = category_of(draft, name)
    if variable is None:
        return
    codes = {level.code for level in variable.levels}
    if not codes <= set(_GRADES) or "0" not in codes or len(codes) < 2:
        yield draft.problem(place, f"{name} is not the worst grade of an event", _HINT)
    if name == by:
        yield draft.problem(place, f"{name} makes the groups, so it cannot be an event too")


def _days(draft: Draft, place: Path, name: str | None) -> Iterator[Problem]:
    if name is None:
        return
    yield from draft.check_variable(place, name, ("number", "integer"), "a number of days")
    variable = draft.variables.get(name)
    if variable and variable.kind in ("number", "integer") and not draft.is_excused(name):
        yield from check_range(draft, place, variable)


RULES: tuple[Rule, ...] = (events_are_worst_grades,)
