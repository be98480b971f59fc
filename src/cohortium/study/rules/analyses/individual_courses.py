"""Individual courses are asked for knowingly, and are of one kind."""

from __future__ import annotations

from collections.abc import Iterator

from cohortium.errors import Problem
from cohortium.study.analyses import IndividualCourses
from cohortium.study.draft import Draft, Rule
from cohortium.study.locate import Path
from cohortium.study.rules.analyses.each import CATEGORY, category_of, each_analysis, made_endpoint
from cohortium.study.rules.analyses.proportions import check_levels
from cohortium.study.variables import Kind

_OF_CHANGE = ("largest_change",)
_OF_COURSE = ("first_response", "unit", "until_months")
_NUMBERS: tuple[Kind, ...] = ("number", "integer")
_DAYS: tuple[Kind, ...] = (*_NUMBERS, "date")


def individuals_are_asked_for(draft: Draft) -> Iterator[Problem]:
    """Numbers of single patients are shown only where the study file says so."""
    for path, analysis in each_analysis(draft):
        if isinstance(analysis, IndividualCourses) and not analysis.individual:
            what = "every bar of this analysis is one patient, whose numbers leave the site and are shown"
            hint = "set individual = true if ethics decisions and data-use agreements of all sites allow it"
            yield draft.problem(path, what, hint)


def courses_are_of_one_kind(draft: Draft) -> Iterator[Problem]:
    """A change or an endpoint, with the keys that go with it."""
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, IndividualCourses):
            continue
        if (analysis.change is None) == (analysis.endpoint is None):
            given = "has neither change nor endpoint" if analysis.change is None else "has change and endpoint"
            yield draft.problem(path, f"{given}; expected one of them", "make an analysis for each")
            continue
        wanted, others = ("endpoint", _OF_COURSE) if analysis.endpoint is None else ("change", _OF_CHANGE)
        for key in others:
            if key in analysis.model_fields_set:
                yield draft.problem((*path, key), f"goes with {wanted}", f"remove {key}")


def courses_refer_to_what_there_is(draft: Draft) -> Iterator[Problem]:
    """The response is a category, change and first response are numbers, the endpoint is declared and fits."""
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, IndividualCourses):
            continue
        place: Path = (*path, "response")
        yield from draft.check_variable(place, analysis.response, ("category",), CATEGORY)
        if analysis.response == analysis.by:
            yield draft.problem(place, f"{analysis.response} makes the groups, so it cannot be the response too")
        if analysis.first_response is not None:
            expected = "a date, or a number of days from the origin"
            yield from draft.check_variable((*path, "first_response"), analysis.first_response, _DAYS, expected)
        if response := category_of(draft, analysis.response):
            yield from check_levels(draft, (*path, "not_evaluable"), response, analysis.not_evaluable)
        yield from _change(draft, (*path, "change"), analysis.change)
        yield from _endpoint(draft, path, analysis)


def _change(draft: Draft, place: Path, name: str | None) -> Iterator[Problem]:
    if name is None:
        return
    yield from draft.check_variable(place, name, _NUMBERS, "a number, the change in percent")
    variable = draft.variables.get(name)
    if variable is None or variable.kind not in _NUMBERS or draft.is_excused(name):
        return
    if variable.minimum is None or variable.minimum < -100:
        what = f"{name} may be below -100 percent; nothing falls further"
        yield draft.problem(place, what, "declare its lowest value, -100 or more")


def _endpoint(draft: Draft, path: Path, analysis: IndividualCourses) -> Iterator[Problem]:
    name, time = analysis.endpoint, draft.file.time
    if name is None:
        return
    names = [endpoint.name for endpoint in draft.file.endpoint]
    yield from draft.check_reference((*path, "endpoint"), "endpoint", name, names)
    made = made_endpoint(draft, name)
    if made is not None and (made.base.entry is not None or made.landmark is not None):
        what = f"{name} does not begin at the origin for everybody"
        yield draft.problem((*path, "endpoint"), what, "use an endpoint without entry and landmark")
    if analysis.until_months is not None and analysis.until_months * time.month_days > time.horizon_days:
        what = f"{analysis.until_months:g} months is beyond the horizon of {time.horizon_days} days"
        yield draft.problem((*path, "until_months"), what, "raise horizon_days in [time]")


RULES: tuple[Rule, ...] = (individuals_are_asked_for, courses_are_of_one_kind, courses_refer_to_what_there_is)
