"""Episodes: a patient's follow-up cut where a time-dependent covariate changes, one row for each part.

A covariate that begins at a date is 0 up to and on that day and 1 after it, the convention of `tdc` in R's
`survival::tmerge`: what begins on the day of the event cannot have changed its hazard.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from cohortium.derivations.endpoints import entry_column, event_column, time_column
from cohortium.study.analyses.time_dependent import PATIENT
from cohortium.study.endpoints import Endpoint

_BEGIN, _END = "__begin", "__end"


def episodes(frame: pl.DataFrame, endpoint: Endpoint, dates: Sequence[str]) -> pl.DataFrame:
    """The follow-up of an endpoint cut into episodes.

    frame     a row per patient with the endpoint's columns (`__entry` where the endpoint has one)
    endpoint  whose follow-up is cut
    dates     date variables at which covariates begin, as days

    Returns a row per episode in the order of patients and time: the columns of `frame` with the endpoint's entry, time
    and event of the episode (Int64, Int64, as before), each variable of `dates` as 0 or 1 (Float64), and `PATIENT`.
    Rows with a follow-up that is not known, or that ends where it begins, stay one row each; nobody is at risk there.
    """
    time, event, entry = time_column(endpoint), event_column(endpoint), entry_column(endpoint)
    if entry not in frame.columns:
        frame = frame.with_columns(pl.lit(0, dtype=pl.Int64).alias(entry))
    start, stop = pl.col(entry), pl.col(time)
    inside = [pl.when((pl.col(name) > start) & (pl.col(name) < stop)).then(pl.col(name)) for name in dates]
    ends = pl.concat_list([*inside, stop]).list.drop_nulls().list.unique().list.sort()
    unknown = pl.lit([None], dtype=pl.List(pl.Int64))
    cut = (
        frame.with_row_index(PATIENT)
        .with_columns(pl.when(stop.is_null()).then(unknown).otherwise(ends).alias(_END))
        .explode(_END)
        .with_columns(pl.coalesce(pl.col(_END).shift(1).over(PATIENT), start).alias(_BEGIN))
    )
    is_last = pl.col(_END).eq_missing(stop)
    nothing_yet = pl.lit(0).cast(frame.schema[event])
    has_begun = [(pl.col(name) <= pl.col(_BEGIN)).fill_null(value=False).cast(pl.Float64).alias(name) for name in dates]
    return cut.with_columns(
        pl.when(is_last).then(pl.col(event)).otherwise(nothing_yet).alias(event),
        pl.col(_BEGIN).alias(entry),
        pl.col(_END).alias(time),
        pl.col(PATIENT).cast(pl.Int64),
        *has_begun,
    ).drop(_BEGIN, _END)
