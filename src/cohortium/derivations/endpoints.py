"""Endpoints: `<name>__time` in whole days from the origin and `<name>__event`.

By day count: the time is a variable, the event a condition. By dates: the earliest event date, else the date of last
follow-up; an event date that is not there means that the event did not happen.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from cohortium.derivations.findings import Finding
from cohortium.study.expressions import compile_expression
from cohortium.study.model import Endpoint
from cohortium.study.study import Study


def time_column(endpoint: Endpoint) -> str:
    """Name of the column with the endpoint's follow-up in days."""
    return f"{endpoint.name}__time"


def event_column(endpoint: Endpoint) -> str:
    """Name of the column that tells whether the follow-up ended with the event."""
    return f"{endpoint.name}__event"


def endpoint_columns(study: Study, endpoint: Endpoint) -> tuple[pl.Expr, pl.Expr]:
    """The columns of an endpoint: time, Int64 days; event, Boolean. Null where not known; range not yet checked."""
    if endpoint.time is not None and endpoint.event_where is not None:
        time = pl.col(endpoint.time)
        event = compile_expression(
            endpoint.event_where, study.variables, expected="boolean", month_days=study.file.time.month_days
        ).expr()
    else:
        event_day = pl.min_horizontal(*endpoint.event)
        event = event_day.is_not_null()
        last_day = pl.col(endpoint.censor) if endpoint.censor else pl.lit(None, dtype=pl.Int64)
        time = pl.coalesce(event_day, last_day)
        event = pl.when(time.is_not_null()).then(event)
    return time.cast(pl.Int64).alias(time_column(endpoint)), event.alias(event_column(endpoint))


def endpoint_findings(study: Study, endpoint: Endpoint) -> tuple[Finding, ...]:
    """What keeps a patient from being analyzed: time or event missing, negative, beyond the horizon.

    Each finding names the columns of the file that are concerned, not the endpoint: they are what a site can correct.
    """
    time, event = pl.col(time_column(endpoint)), pl.col(event_column(endpoint))
    horizon = study.file.time.horizon_days
    origin = f" ({study.file.time.origin})" if study.file.time.origin and endpoint.event else ""
    not_negative = f"follow-up that does not end before the {study.file.time.origin_label}{origin}"
    not_beyond = f"at most {horizon} days ([time] horizon_days)"
    findings = [_missing(study, endpoint, time.is_null() | event.is_null())]
    for name, is_end in _ends(endpoint):
        day = pl.col(name)
        findings += (
            Finding(name, "negative-follow-up", not_negative, is_end & (time < 0) & (day < 0)),
            Finding(name, "beyond-horizon", not_beyond, is_end & (time > horizon) & (day > horizon)),
        )
    return tuple(findings)


def _missing(study: Study, endpoint: Endpoint, fails: pl.Expr) -> Finding:
    if endpoint.time is not None and endpoint.event_where is not None:
        used = compile_expression(endpoint.event_where, study.variables, expected="boolean").names
        columns = [endpoint.time, *(name for name in study.variables if name in used and name != endpoint.time)]
        known = f"{endpoint.time} and a known event"
    else:
        columns = [*endpoint.event, *([endpoint.censor] if endpoint.censor else [])]
        known = f"one of the dates {', '.join(columns)}"
    expected = f"{known} for {endpoint.name}, or a cohort step that leaves such patients out"
    return Finding(", ".join(columns), "endpoint-missing", expected, fails)


def _ends(endpoint: Endpoint) -> Iterator[tuple[str, pl.Expr]]:
    """Columns that may hold the end of the follow-up, each with the rows in which it counts."""
    if endpoint.time is not None:
        yield endpoint.time, pl.lit(True)
        return
    for name in endpoint.event:
        yield name, pl.lit(True)
    if endpoint.censor is not None:
        yield endpoint.censor, pl.all_horizontal([pl.col(name).is_null() for name in endpoint.event])
