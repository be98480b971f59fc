"""Endpoints: `<name>__time` in whole days from the origin and `<name>__event`.

By day count: the time is a variable, the event a condition. By dates: the earliest event date, else the date of last
follow-up; an event date that is not there means that the event did not happen.
"""

from __future__ import annotations

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
    """What keeps a patient from being analyzed: time or event missing, negative, beyond the horizon."""
    time, event = pl.col(time_column(endpoint)), pl.col(event_column(endpoint))
    horizon = study.file.time.horizon_days
    known = (
        f"{endpoint.time} and a known event"
        if endpoint.time
        else f"one of the dates {', '.join((*endpoint.event, endpoint.censor or ''))}"
    )
    missing = f"{known}, or a cohort step that leaves such patients out"
    origin = study.file.time.origin_label
    return (
        Finding(endpoint.name, "endpoint-missing", missing, time.is_null() | event.is_null()),
        Finding(endpoint.name, "negative-follow-up", f"follow-up that does not end before the {origin}", time < 0),
        Finding(endpoint.name, "beyond-horizon", f"at most {horizon} days ([time] horizon_days)", time > horizon),
    )
