"""Endpoints: `<name>__time` in whole days, `<name>__event` and, with left truncation, `<name>__entry`.

An endpoint that applies to some patients only has `<name>__applies` too, and nothing else is known of the others.

By day count: the time is a variable, the event a condition. By dates: the earliest event date, else the date of last
follow-up; an event date that is not there means that the event did not happen. Of several causes the first that happens
is the event; of two on one day, the one declared first.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from cohortium.derivations.turn import first_turn
from cohortium.study.endpoints import Endpoint, Made
from cohortium.study.expressions import compile_expression
from cohortium.study.study import Study


def time_column(endpoint: Endpoint) -> str:
    """Name of the column with the endpoint's follow-up in days."""
    return f"{endpoint.name}__time"


def event_column(endpoint: Endpoint) -> str:
    """Name of the column that tells how the follow-up ended: true for the event, or the number of the cause."""
    return f"{endpoint.name}__event"


def entry_column(endpoint: Endpoint) -> str:
    """Name of the column with the day at which a patient comes under observation."""
    return f"{endpoint.name}__entry"


def applies_column(endpoint: Endpoint) -> str:
    """Name of the column that tells whether an endpoint with `among` applies to a patient."""
    return f"{endpoint.name}__applies"


def applies(study: Study, made: Made) -> pl.Expr:
    """Whether an endpoint applies to a patient; true for all where it has no condition, null where it is not known."""
    month_days = study.file.time.month_days
    conditions = [
        compile_expression(text, study.variables, expected="boolean", month_days=month_days).expr()
        for text in made.among
    ]
    return pl.all_horizontal(conditions) if conditions else pl.lit(value=True)


def where_it_applies(study: Study, endpoint: Endpoint) -> tuple[pl.Expr, ...]:
    """`<name>__applies`, and the endpoint's columns only where it is true; nothing for an endpoint of every patient."""
    made = study.made(endpoint.name)
    if not made.among:
        return ()
    holds = applies(study, made)
    has_entry = made.base.entry is not None and made.landmark is None
    names = [time_column(endpoint), event_column(endpoint), *([entry_column(endpoint)] if has_entry else [])]
    return holds.alias(applies_column(endpoint)), *(pl.when(holds).then(pl.col(name)).alias(name) for name in names)


def endpoint_columns(study: Study, endpoint: Endpoint) -> tuple[pl.Expr, ...]:
    """The columns of an endpoint that is declared by days or dates; null where not known, range not yet checked.

    Time and entry are Int64 days; the event is Boolean, or Int64 where there are causes: 0 censored, 1..K the cause.
    """
    time, event = _by_days(study, endpoint) if endpoint.time is not None else _by_dates(endpoint)
    columns = [time.cast(pl.Int64).alias(time_column(endpoint)), event.alias(event_column(endpoint))]
    if endpoint.entry is not None:
        # Who was under observation before the origin is at risk from the origin.
        columns.append(pl.col(endpoint.entry).cast(pl.Int64).clip(lower_bound=0).alias(entry_column(endpoint)))
    return tuple(columns)


def _by_days(study: Study, endpoint: Endpoint) -> tuple[pl.Expr, pl.Expr]:
    conditions = cause_conditions(study, endpoint)
    if not endpoint.causes:
        return pl.col(endpoint.time or ""), conditions[0]
    turn = first_turn(conditions).cast(pl.Int64)
    known = turn.is_null() | (turn % 2 == 0)
    return pl.col(endpoint.time or ""), pl.when(known).then((turn // 2 + 1).fill_null(0))


def _by_dates(endpoint: Endpoint) -> tuple[pl.Expr, pl.Expr]:
    days = cause_days(endpoint)
    event_day = pl.min_horizontal(days)
    last_day = pl.col(endpoint.censor) if endpoint.censor else pl.lit(None, dtype=pl.Int64)
    time = pl.coalesce(event_day, last_day)
    event = event_day.is_not_null() if not endpoint.causes else _number_of_first(days, event_day)
    return time, pl.when(time.is_not_null()).then(event)


def _number_of_first(days: Sequence[pl.Expr], event_day: pl.Expr) -> pl.Expr:
    """Number of the first cause whose day is the day of the event; 0 where nothing happened."""
    happened = [pl.when(day == event_day).then(pl.lit(k, dtype=pl.Int64)) for k, day in enumerate(days, 1)]
    return pl.coalesce(*happened, pl.lit(0, dtype=pl.Int64))


def cause_conditions(study: Study, endpoint: Endpoint) -> list[pl.Expr]:
    """For an endpoint by day count, whether the follow-up ended with each of its causes, Boolean."""
    texts = [cause.where for cause in endpoint.causes] or [endpoint.event_where]
    month_days = study.file.time.month_days
    return [
        compile_expression(text or "", study.variables, expected="boolean", month_days=month_days).expr()
        for text in texts
    ]


def cause_days(endpoint: Endpoint) -> list[pl.Expr]:
    """For an endpoint by dates, the first day of each of its causes; null where it did not happen."""
    return [pl.min_horizontal(*dates) for dates in event_dates(endpoint)]


def event_dates(endpoint: Endpoint) -> tuple[tuple[str, ...], ...]:
    """The date variables of each cause; of the one event where there are no causes."""
    return tuple(cause.event for cause in endpoint.causes) or (endpoint.event,)


def derived_endpoint_columns(study: Study, endpoint: Endpoint) -> tuple[pl.Expr, ...]:
    """The columns of an endpoint that is of another, from the columns of that one; null where not at risk at a landmark."""
    made = study.made(endpoint.name)
    base, landmark = made.base, made.landmark_days(study.file.time.month_days)
    time, event = pl.col(time_column(base)), _counted(made)
    if made.landmark is not None:
        at_risk = is_at_risk(study, made)
        time, event = pl.when(at_risk).then(time - landmark), pl.when(at_risk).then(event)
    columns = [time.alias(time_column(endpoint)), event.alias(event_column(endpoint))]
    if base.entry is not None and made.landmark is None:
        columns.append(pl.col(entry_column(base)).alias(entry_column(endpoint)))
    return tuple(columns)


def _counted(made: Made) -> pl.Expr:
    """The endpoint's own event from the event of the endpoint below it."""
    number = pl.col(event_column(made.base)).cast(pl.Int64)
    return number if made.has_causes else number.is_in(list(made.counted[0]))


def is_at_risk(study: Study, made: Made) -> pl.Expr:
    """Whether a patient is event-free and under observation at the landmark; null where the follow-up is not known."""
    landmark = made.landmark_days(study.file.time.month_days)
    at_risk = pl.col(time_column(made.base)) > landmark
    if made.base.entry is not None:
        at_risk &= pl.col(entry_column(made.base)) <= landmark
    return at_risk & pl.col(event_column(made.base)).is_not_null()
