"""What keeps a patient from being analyzed for an endpoint, and what a site should know about its follow-up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from cohortium.derivations.endpoints import (
    applies,
    cause_conditions,
    cause_days,
    entry_column,
    event_column,
    event_dates,
    time_column,
)
from cohortium.derivations.findings import Finding
from cohortium.study.derive.endpoints import TimeToEvent
from cohortium.study.endpoints import Endpoint
from cohortium.study.expressions import compile_expression
from cohortium.study.study import Study


def endpoint_findings(study: Study, endpoint: Endpoint) -> tuple[Finding, ...]:
    """What keeps a patient from being analyzed: time or event missing, negative, beyond the horizon.

    Each finding names the columns of the file that are concerned, not the endpoint: they are what a site can correct.
    """
    time, event = pl.col(time_column(endpoint)), pl.col(event_column(endpoint))
    horizon = study.file.time.horizon_days
    is_dated = endpoint.time is None
    origin = f" ({study.file.time.origin})" if study.file.time.origin and is_dated else ""
    not_negative = f"follow-up that does not end before the {study.file.time.origin_label}{origin}"
    not_beyond = f"at most {horizon} days ([time] horizon_days)"
    findings = [_missing(study, endpoint, time.is_null() | event.is_null())]
    for name, is_end in _ends(endpoint):
        day = pl.col(name)
        findings += (
            Finding(name, "negative-follow-up", not_negative, is_end & (time < 0) & (day < 0)),
            Finding(name, "beyond-horizon", not_beyond, is_end & (time > horizon) & (day > horizon)),
        )
    if endpoint.entry is not None:
        expected = f"a known {endpoint.entry} for {endpoint.name}, or a cohort step that leaves such patients out"
        findings.append(Finding(endpoint.entry, "entry-missing", expected, pl.col(entry_column(endpoint)).is_null()))
    return tuple(findings)


def unknown_applies(study: Study, endpoint: Endpoint) -> Iterator[Finding]:
    """Patients of whom it is not known whether an endpoint with `among` applies; they are not analyzed for it."""
    made = study.made(endpoint.name)
    if not made.among:
        return
    names = _used_in(study, made.among)
    expected = f"known values, so that it is known whether {endpoint.name} applies to the patient; not analyzed for it"
    yield Finding(", ".join(names), "applies-unknown", expected, applies(study, made).is_null(), "note")


def endpoint_notes(study: Study, endpoint: Endpoint) -> Iterator[Finding]:
    """What a site should know: follow-up that ends before it begins, causes on one day."""
    if endpoint.entry is not None:
        ends_first = pl.col(time_column(endpoint)) <= pl.col(entry_column(endpoint))
        expected = f"follow-up for {endpoint.name} that ends after {endpoint.entry}; the patient is never at risk"
        yield Finding(endpoint.entry, "entry-after-end", expected, ends_first, "note")
    if not endpoint.causes:
        return
    if endpoint.time is not None:
        held = cause_conditions(study, endpoint)
        names = _names_in(study, endpoint)
    else:
        days = cause_days(endpoint)
        first = pl.min_horizontal(days)
        held = [day == first for day in days]
        names = [name for dates in event_dates(endpoint) for name in dates]
    n_held = pl.sum_horizontal([condition.fill_null(value=False).cast(pl.Int64) for condition in held])
    order = ", ".join(cause.label for cause in endpoint.causes)
    expected = f"one cause of {endpoint.name} on a day; of several, the first counts in the order {order}"
    yield Finding(", ".join(dict.fromkeys(names)), "causes-together", expected, n_held > 1, "note")


def _missing(study: Study, endpoint: Endpoint, fails: pl.Expr) -> Finding:
    if endpoint.time is not None:
        columns = [endpoint.time, *(name for name in _names_in(study, endpoint) if name != endpoint.time)]
        known = f"{endpoint.time} and a known event"
    else:
        dates = [name for names in event_dates(endpoint) for name in names]
        columns = list(dict.fromkeys([*dates, *([endpoint.censor] if endpoint.censor else [])]))
        known = f"one of the dates {', '.join(columns)}"
    expected = f"{known} for {endpoint.name}, or a cohort step that leaves such patients out"
    return Finding(", ".join(columns), "endpoint-missing", f"{expected}{_what_to_correct(study, endpoint)}", fails)


def _what_to_correct(study: Study, endpoint: Endpoint) -> str:
    """For an endpoint by rule, where the patient's reason stands and which of the site's own entries the rule reads."""
    for section in study.file.derive:
        if isinstance(section, TimeToEvent) and endpoint.time == f"{section.name}_days":
            tables = [f"the rows of {table}" for table in section.tables()]
            reads = [*dict.fromkeys(needed.variable for needed in section.inputs()), *tables]
            told = f"; {section.name}_reason, as `cohortium derived` writes it, says what is missing"
            return f"{told}: correct {', '.join(reads)}" if reads else told
    return ""


def _names_in(study: Study, endpoint: Endpoint) -> list[str]:
    """Variables of the conditions of an endpoint by day count, in the order of the study."""
    return _used_in(
        study, [text for text in (endpoint.event_where, *(cause.where for cause in endpoint.causes)) if text]
    )


def _used_in(study: Study, texts: Sequence[str]) -> list[str]:
    used = {name for text in texts for name in compile_expression(text, study.variables, expected="boolean").names}
    return [name for name in study.variables if name in used]


def _ends(endpoint: Endpoint) -> Iterator[tuple[str, pl.Expr]]:
    """Columns that may hold the end of the follow-up, each with the rows in which it counts."""
    if endpoint.time is not None:
        yield endpoint.time, pl.lit(True)
        return
    dates = list(dict.fromkeys(name for names in event_dates(endpoint) for name in names))
    for name in dates:
        yield name, pl.lit(True)
    if endpoint.censor is not None:
        yield endpoint.censor, pl.all_horizontal([pl.col(name).is_null() for name in dates])
