"""From graded events of one syndrome to a patient's maximum grade, onset, duration and treatment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from cohortium.derivations.rule import Derived, Tables
from cohortium.derivations.toxicity.bounds import LEAST, MOST, grade_code, grade_columns, worst
from cohortium.derivations.toxicity.event_rows import countable, first_onset, within_days
from cohortium.derivations.toxicity.impossible import CONTRADICTIONS, Impossible, findings
from cohortium.study.tables import PATIENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.study.derive.toxicity import Crs, Icans

RECORD = ("onset", "end", "derived", "at_least", "at_most", "site_grade", "version", "explanation")
TREATMENTS = ("tocilizumab", "corticosteroids")


def with_death(least: pl.Expr, most: pl.Expr, fatal: pl.Expr, grade: int) -> tuple[pl.Expr, pl.Expr]:
    """The limits of a grade when death by the event is a grade of its own."""
    return (
        pl.when(fatal).then(grade).otherwise(least),
        pl.when(fatal.fill_null(value=True)).then(grade).otherwise(most),
    )


def derived_syndrome(
    tables: Tables, section: Crs | Icans, rows: pl.DataFrame, impossible: Sequence[Impossible]
) -> Derived:
    """The variables, records and listings of a syndrome.

    rows         its rows of `events` with `least`, `most` and `explanation`
    impossible   what its components cannot be together, beside what no event can be
    """
    counted = within_days(rows, section.from_day, section.to_day).with_columns(site_grade=pl.col("grade"))
    columns = _columns(tables.patients, section, counted)
    records = counted.select(
        PATIENT, "onset", "end", grade_code(pl.col(LEAST), pl.col(MOST)).alias("derived"), pl.col(LEAST).alias("at_least"),
        pl.col(MOST).alias("at_most"), "site_grade", pl.lit(section.version).alias("version"), "explanation",
    ).sort(PATIENT, *RECORD)  # fmt: skip
    outside = ~pl.col("site_grade").is_between(pl.col("at_least"), pl.col("at_most"))
    return Derived(
        columns,
        records,
        {"disagreements": records.filter(outside)},
        findings(rows, (*CONTRADICTIONS, *impossible)),
    )


def _columns(patients: pl.DataFrame, section: Crs | Icans, counted: pl.DataFrame) -> pl.DataFrame:
    none = section.without_events == "none"
    name = section.name
    frame = worst(patients, counted, none_without=none)
    for other in (_site(counted), first_onset(counted), _duration(counted), *(_given(counted, t) for t in TREATMENTS)):
        frame = frame.join(other, on=PATIENT, how="left", maintain_order="left")
    has_none = (pl.col(MOST) == 0).fill_null(value=False)
    return frame.select(
        PATIENT,
        *grade_columns(name),
        _or_none(pl.col("site"), "0", none=none).alias(f"{name}_site"),
        pl.col("first_onset").alias(f"{name}_onset"),
        pl.col("duration").alias(f"{name}_duration"),
        *(pl.when(has_none).then(pl.lit("no")).otherwise(pl.col(t)).alias(f"{name}_{t}") for t in TREATMENTS),
    )


def _or_none(site: pl.Expr, code: str, *, none: bool) -> pl.Expr:
    """The site's grade; of a patient without a row it is that of no event, or null."""
    filled = site.fill_null(code) if none else site
    return pl.when(site == "unknown").then(None).otherwise(filled)


def _site(counted: pl.DataFrame) -> pl.DataFrame:
    """The site's highest grade; `unknown` where one of its grades is missing and none is 5."""
    grade = pl.col("site_grade")
    known = grade.is_not_null().all() | (grade.max() == 5).fill_null(value=False)
    code = pl.when(known).then(grade.max().cast(pl.String)).otherwise(pl.lit("unknown"))
    return counted.group_by(PATIENT).agg(code.alias("site"))


def _duration(counted: pl.DataFrame) -> pl.DataFrame:
    """Days from the first onset to the last end, both included; null while one of them is not known."""
    events = counted.filter(pl.col(MOST) >= 1)
    known = (pl.col(LEAST) >= 1).all() & pl.all_horizontal(pl.col("onset", "end").is_not_null().all())
    days = pl.col("end").max() - pl.col("onset").min() + 1
    return events.group_by(PATIENT).agg(pl.when(known & (days >= 1)).then(countable(days)).alias("duration"))


def _given(counted: pl.DataFrame, treatment: str) -> pl.DataFrame:
    """Whether a treatment was given for any event."""
    given = pl.col(treatment)
    code = pl.when(given.any()).then(pl.lit("yes")).when(given.is_not_null().all()).then(pl.lit("no"))
    return counted.filter(pl.col(MOST) >= 1).group_by(PATIENT).agg(code.alias(treatment))
