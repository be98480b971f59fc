"""What the table of therapies says of new therapy, planned bridging and progression that was not documented."""

from __future__ import annotations

import polars as pl

CELLULAR = ("bcma-car-t", "gprc5d-car-t", "autologous-transplant", "allogeneic-transplant")
"""Classes to which a therapy may be a planned bridge."""


def therapy_days(therapies: pl.DataFrame) -> pl.DataFrame:
    """The days that therapies give, a row per patient who has any.

    `bridge` is the first subsequent cellular therapy or transplant of a patient whose study drug was stopped for it,
    `new_therapy` the first other subsequent drug, `stopped` the stop of the study drug for progression that was not
    documented. `..._undated` is true where the first of them may have a day that is not known.
    """
    index = therapies.filter(pl.col("role") == "index")
    subsequent = _marked(therapies.filter(pl.col("role") == "subsequent"), _planned(index))
    found = (
        _first(subsequent.filter("is_bridge"), "bridge"),
        _first(subsequent.filter(~pl.col("is_bridge")), "new_therapy"),
        _stopped(index),
    )
    days = therapies.select("patient").unique()
    for one in found:
        days = days.join(one, on="patient", how="left")
    return days


def _planned(index: pl.DataFrame) -> pl.DataFrame:
    stopped = index.filter(pl.col("stop_reason") == "planned-bridge")
    return stopped.select("patient").unique().with_columns(pl.lit(value=True).alias("is_planned"))


def _marked(subsequent: pl.DataFrame, planned: pl.DataFrame) -> pl.DataFrame:
    """The subsequent drugs with `is_bridge`: the line of the first cellular therapy or transplant that was planned.

    The whole line is: conditioning before the infusion is no therapy of its own.
    """
    rows = subsequent.join(planned, on="patient", how="left")
    is_cellular = pl.col("is_planned").fill_null(value=False) & pl.col("drug_class").is_in(CELLULAR).fill_null(
        value=False
    )
    rows = rows.with_columns(is_cellular.alias("is_cellular"))
    day, line = pl.col("start"), pl.col("line")
    first_day = day.filter(pl.col("is_cellular")).min().over("patient")
    is_first = pl.col("is_cellular") & (day.is_null() | (day == first_day))
    rows = rows.with_columns(is_first.alias("is_first"))
    first_line = line.filter(pl.col("is_first")).min().over("patient")
    return rows.with_columns((pl.col("is_first") | (line == first_line).fill_null(value=False)).alias("is_bridge"))


def _first(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """The first day of the rows of each patient, and whether a row without a day may be earlier.

    A row without a day in a later line than one with a day is not earlier. Of a bridge the day is that of the infusion.
    """
    day, line = pl.col("start"), pl.col("line")
    if name == "bridge":
        rows = rows.filter("is_first")
    first_line = line.filter(day.is_not_null()).min()
    is_later = (line > first_line).fill_null(value=False)
    return rows.group_by("patient").agg(
        day.min().alias(name), (day.is_null() & ~is_later).any().alias(f"{name}_undated")
    )


def _stopped(index: pl.DataFrame) -> pl.DataFrame:
    rows = index.filter(pl.col("stop_reason") == "clinical-progression")
    return rows.group_by("patient").agg(
        pl.col("stop").min().alias("stopped"), pl.col("stop").is_null().any().alias("stopped_undated")
    )
