"""Dates that cannot follow each other: an event after the last follow-up, anything after the death.

They are notes. A registry may report a death long after the last visit, so only the site can tell which date is wrong,
and the follow-up is counted from the dates as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from cohortium.derivations.endpoints import event_dates
from cohortium.derivations.findings import Finding
from cohortium.study.endpoints import Endpoint
from cohortium.study.study import Study
from cohortium.study.variables import Variable

_DEATH = {"death", "dead", "died", "deceased", "decease"}
_SEVERAL = {"or", "and"}


def date_order_findings(study: Study) -> tuple[Finding, ...]:
    """Pairs of the endpoints' dates of which the one must not be later than the other, each pair once."""
    endpoints = [endpoint for endpoint in study.file.endpoint if endpoint.censor]
    deaths = {name for endpoint in endpoints for name in _sole_death(study, endpoint)}
    findings: dict[tuple[str, str], Finding] = {}
    for later, earlier, expected in (*_after_follow_up(endpoints, deaths), *_after_death(endpoints, deaths)):
        if later != earlier:
            # A death before day 0 is a query already; that other dates follow it says nothing more.
            is_usable = pl.col(earlier) >= 0 if earlier in deaths else pl.lit(True)
            fails = is_usable & (pl.col(later) > pl.col(earlier))
            found = Finding(f"{later}, {earlier}", "date-order", expected, fails, "note")
            findings.setdefault((later, earlier), found)
    return tuple(findings.values())


def _after_follow_up(endpoints: list[Endpoint], deaths: set[str]) -> Iterator[tuple[str, str, str]]:
    for endpoint in endpoints:
        events = _events(endpoint)
        for event in events:
            # Progression may be followed up to the last scan only; a death after it belongs to overall survival.
            if endpoint.censor and (event not in deaths or len(events) == 1):
                expected = f"no event ({event}) after the last follow-up ({endpoint.censor})"
                yield event, endpoint.censor, expected


def _after_death(endpoints: list[Endpoint], deaths: set[str]) -> Iterator[tuple[str, str, str]]:
    for death in sorted(deaths):
        for endpoint in endpoints:
            for event in _events(endpoint):
                yield event, death, f"no event ({event}) after the death ({death})"
            if endpoint.censor:
                yield endpoint.censor, death, f"no follow-up ({endpoint.censor}) after the death ({death})"


def _events(endpoint: Endpoint) -> tuple[str, ...]:
    return tuple(name for dates in event_dates(endpoint) for name in dates)


def _sole_death(study: Study, endpoint: Endpoint) -> Iterator[str]:
    """The event of an endpoint when it is a death and nothing else: life, and follow-up, go on after any other."""
    events = _events(endpoint)
    if len(events) == 1 and _says_death(study.variable(events[0])):
        yield events[0]


def _says_death(variable: Variable) -> bool:
    words = set(re.findall(r"[a-z]+", f"{variable.name} {variable.label}".casefold()))
    return bool(words & _DEATH) and not words & _SEVERAL and "/" not in variable.label
