"""Endpoints are complete: by a day count, by dates, or of another endpoint."""

from __future__ import annotations

from collections.abc import Iterator

from cohortium.errors import Problem
from cohortium.study.draft import Draft, Rule
from cohortium.study.endpoints import Endpoint
from cohortium.study.locate import Path
from cohortium.study.rules.derived_endpoints import RULES as DERIVED_RULES

_FORMS = "expected time and event_where, or event and censor"
_KEYS = ("time", "event_where", "event", "censor", "causes", "of")
_COMPLETE = ({"time", "event_where"}, {"event", "censor"}, {"time", "causes"}, {"causes", "censor"}, {"of"})
_COLUMNS = ("time", "event", "entry", "later", "applies")


def endpoint_has_one_form(draft: Draft) -> Iterator[Problem]:
    """An endpoint has a day count with its event, dates of event and last follow-up, or is of another endpoint.

    Causes stand in place of the event.
    """
    for index, endpoint in enumerate(draft.file.endpoint):
        given = [key for key in _KEYS if getattr(endpoint, key)]
        if set(given) not in _COMPLETE:
            listed = " and ".join(sorted(given)) or "neither a time nor an event"
            others = " (or causes in place of the event), or of" if {"causes", "of"} & set(given) else ""
            yield draft.problem(("endpoint", index), f"has {listed}; {_FORMS}{others}")


def start_label_names_a_day_count(draft: Draft) -> Iterator[Problem]:
    """Only a day count may begin on another day than the origin."""
    for index, endpoint in enumerate(draft.file.endpoint):
        if endpoint.start_label is not None and endpoint.time is None:
            what = "is for an endpoint with time; dates are counted from the origin, and one of another as that one is"
            yield draft.problem(("endpoint", index, "start_label"), what, "remove it")


def causes_fit(draft: Draft) -> Iterator[Problem]:
    """Two causes or more, printed differently, each with a condition for a day count and with dates otherwise."""
    for index, endpoint in enumerate(draft.file.endpoint):
        if not endpoint.causes:
            continue
        path: Path = ("endpoint", index, "causes")
        if len(endpoint.causes) == 1:
            hint = "write event or event_where when nothing competes"
            yield draft.problem(path, "has one cause; expected two or more", hint)
        first: dict[str, int] = {}
        for position, cause in enumerate(endpoint.causes):
            if first.setdefault(cause.label.casefold(), position) != position:
                yield draft.problem((*path, position, "label"), f"{cause.label} is listed twice")
            if bool(cause.event) == (cause.where is not None):
                what = "has both event and where" if cause.event else "has neither event nor where"
                yield draft.problem((*path, position), f"{what}; expected one of them")
            elif endpoint.time is not None and cause.event:
                yield draft.problem((*path, position, "event"), "is for dates; with time a cause has a condition where")
            elif endpoint.time is None and cause.where is not None:
                yield draft.problem((*path, position, "where"), "is for a day count; with censor a cause has dates")


def time_is_whole_days(draft: Draft) -> Iterator[Problem]:
    """Follow-up is counted in whole days."""
    for index, endpoint in enumerate(draft.file.endpoint):
        if endpoint.time is not None:
            yield from _whole_days(draft, ("endpoint", index, "time"), endpoint.time, "follow-up in whole days")


def _whole_days(draft: Draft, path: Path, name: str, purpose: str) -> Iterator[Problem]:
    yield from draft.check_variable(path, name, ("integer", "number"), purpose)
    variable = draft.variables.get(name)
    if variable and variable.kind == "number" and variable.decimals and not draft.is_excused(name):
        hint = "validate it as integer in dictionary.csv, or derive whole days with round()"
        yield draft.problem(path, f"{name} has decimals; expected {purpose}", hint)


def dates_are_dates(draft: Draft) -> Iterator[Problem]:
    """Events and last follow-up are date variables, counted from the origin."""
    for index, endpoint in enumerate(draft.file.endpoint):
        head: Path = ("endpoint", index)
        dated = [
            *(((*head, "event", position), name) for position, name in enumerate(endpoint.event)),
            *(
                ((*head, "causes", number, "event", position), name)
                for number, cause in enumerate(endpoint.causes)
                for position, name in enumerate(cause.event)
            ),
        ]
        if (dated or endpoint.censor) and draft.file.time.origin is None:
            yield draft.problem(head, "is made of dates, but the study has no day 0", "set origin in [time]")
        seen: set[str] = set()
        for path, name in dated:
            yield from draft.check_variable(path, name, ("date",), "a date variable")
            if name in seen:
                yield draft.problem(path, f"{name} is listed twice")
            seen.add(name)
        if endpoint.censor is not None:
            yield from draft.check_variable((*head, "censor"), endpoint.censor, ("date",), "a date variable")


def entries_fit(draft: Draft) -> Iterator[Problem]:
    """Entry is a date or whole days, and follow-up that enters late is counted in whole days."""
    for index, endpoint in enumerate(draft.file.endpoint):
        if endpoint.entry is None:
            continue
        path: Path = ("endpoint", index, "entry")
        variable = draft.variables.get(endpoint.entry)
        if variable is None or variable.kind != "date":
            yield from _whole_days(draft, path, endpoint.entry, "a date or whole days")
        elif draft.file.time.origin is None:
            yield draft.problem(path, f"{endpoint.entry} is a date, but the study has no day 0", "set origin in [time]")
        if draft.file.time.grid != "days":
            what = f"needs whole days; the study counts {draft.file.time.grid}, in which entry and end may be the same"
            yield draft.problem(path, what, "set grid = 'days' in [time]")


def columns_are_free(draft: Draft) -> Iterator[Problem]:
    """No variable has the name of a column that an endpoint makes."""
    for index, endpoint in enumerate(draft.file.endpoint):
        for column in _columns(endpoint):
            if column in draft.dictionary or column in draft.variables:
                yield draft.problem(("endpoint", index, "name"), f"makes the column {column}, which is also a variable")


def _columns(endpoint: Endpoint) -> Iterator[str]:
    return (f"{endpoint.name}__{ending}" for ending in _COLUMNS)


RULES: tuple[Rule, ...] = (
    endpoint_has_one_form,
    start_label_names_a_day_count,
    causes_fit,
    time_is_whole_days,
    dates_are_dates,
    entries_fit,
    columns_are_free,
    *DERIVED_RULES,
)
