"""Rows of `assessments` that can be graded: with a value, limits of normal and the patient's baseline."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import polars as pl

from cohortium.study.tables import PATIENT

if TYPE_CHECKING:
    from cohortium.study.derive.ctcae_laboratory import Limits

_SIDES = ("lower", "upper")


def usable(assessments: pl.DataFrame, quantities: Collection[str]) -> pl.DataFrame:
    """Rows of the quantities with a day and a value that is a number and not flagged as spurious."""
    return assessments.filter(
        pl.col("quantity").is_in(list(quantities))
        & pl.col("day").is_not_null()
        & pl.col("value").is_finite()
        & ~pl.col("spurious").fill_null(value=False)
    ).select(PATIENT, "day", "quantity", "value", "lower_limit", "upper_limit")


def with_limits(rows: pl.DataFrame, patients: pl.DataFrame, limits: Sequence[Limits]) -> pl.DataFrame:
    """The rows with limits of normal where they have none of their own: the first declared one that fits."""
    sex = patients.select(PATIENT, pl.col("sex") if "sex" in patients.columns else pl.lit(None, pl.String).alias("sex"))
    joined = rows.join(sex, on=PATIENT, how="left", maintain_order="left")
    for side in _SIDES:
        column = f"{side}_limit"
        declared = [
            pl.when((pl.col("quantity") == each.quantity) & (pl.lit(True) if each.sex is None else pl.col("sex") == each.sex))
            .then(pl.lit(number))
            for each in limits
            if (number := getattr(each, side)) is not None
        ]  # fmt: skip
        joined = joined.with_columns(pl.coalesce(pl.col(column), *declared).cast(pl.Float64).alias(column))
    return joined.drop("sex")


def with_baseline(rows: pl.DataFrame, from_day: int, to_day: int) -> pl.DataFrame:
    """The rows with the patient's last value of the days of baseline, the lowest of a day, and its limits of normal."""
    before = rows.filter(pl.col("day").is_between(from_day, to_day)).sort(
        pl.col("day"), -pl.col("value"), -pl.col("lower_limit"), -pl.col("upper_limit"), nulls_last=False
    )
    last = before.group_by(PATIENT, "quantity").agg(
        pl.col("value").last().alias("baseline"),
        pl.col("lower_limit").last().alias("baseline_lower"),
        pl.col("upper_limit").last().alias("baseline_upper"),
    )
    return rows.join(last, on=[PATIENT, "quantity"], how="left", maintain_order="left")
