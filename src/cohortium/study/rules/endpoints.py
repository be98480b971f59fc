"""Endpoints are complete, by a day count or by dates."""

from __future__ import annotations

from collections.abc import Iterator

from cohortium.errors import Problem
from cohortium.study.draft import Draft, Rule
from cohortium.study.locate import Path
from cohortium.study.model import Endpoint

_FORMS = "expected time and event_where, or event and censor"


def endpoint_has_one_form(draft: Draft) -> Iterator[Problem]:
    """An endpoint has a day count with its event, or dates of event and last follow-up."""
    for index, endpoint in enumerate(draft.file.endpoint):
        given = _given(endpoint)
        if given not in ({"time", "event_where"}, {"event", "censor"}):
            listed = " and ".join(sorted(given)) or "neither a time nor an event"
            yield draft.problem(("endpoint", index), f"has {listed}; {_FORMS}")


def _given(endpoint: Endpoint) -> set[str]:
    return {key for key in ("time", "event_where", "event", "censor") if getattr(endpoint, key)}


def time_is_whole_days(draft: Draft) -> Iterator[Problem]:
    """Follow-up is counted in whole days."""
    for index, endpoint in enumerate(draft.file.endpoint):
        if endpoint.time is None:
            continue
        path: Path = ("endpoint", index, "time")
        yield from draft.check_variable(path, endpoint.time, ("integer", "number"), "follow-up in whole days")
        variable = draft.variables.get(endpoint.time)
        if variable and variable.kind == "number" and variable.decimals and not draft.is_excused(variable.name):
            what = f"{variable.name} has decimals; expected follow-up in whole days"
            yield draft.problem(
                path, what, "validate it as integer in dictionary.csv, or derive whole days with round()"
            )


def dates_are_dates(draft: Draft) -> Iterator[Problem]:
    """Events and last follow-up are date variables, counted from the origin."""
    for index, endpoint in enumerate(draft.file.endpoint):
        if (endpoint.event or endpoint.censor) and draft.file.time.origin is None:
            yield draft.problem(
                ("endpoint", index), "is made of dates, but the study has no day 0", "set origin in [time]"
            )
        for position, name in enumerate(endpoint.event):
            path: Path = ("endpoint", index, "event", position)
            yield from draft.check_variable(path, name, ("date",), "a date variable")
            if name in endpoint.event[:position]:
                yield draft.problem(path, f"{name} is listed twice")
        if endpoint.censor is not None:
            yield from draft.check_variable(
                ("endpoint", index, "censor"), endpoint.censor, ("date",), "a date variable"
            )


def columns_are_free(draft: Draft) -> Iterator[Problem]:
    """No variable has the name of a column that an endpoint makes."""
    for index, endpoint in enumerate(draft.file.endpoint):
        for column in (f"{endpoint.name}__time", f"{endpoint.name}__event"):
            if column in draft.dictionary or column in draft.variables:
                yield draft.problem(("endpoint", index, "name"), f"makes the column {column}, which is also a variable")


RULES: tuple[Rule, ...] = (endpoint_has_one_form, time_is_whole_days, dates_are_dates, columns_are_free)
