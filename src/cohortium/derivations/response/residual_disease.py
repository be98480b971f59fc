"""Measurable residual disease: counted in CR and sCR only, with the method and the sensitivity that was reached."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

NEGATIVE, POSITIVE, NOT_ASSESSED = "negative", "positive", "not-assessed"
RESULTS = {NEGATIVE: "Negative", POSITIVE: "Positive", NOT_ASSESSED: "Not assessed"}
SENSITIVITIES = {"1e-6": "10^-6", "1e-5": "10^-5"}

_SLACK = 1 + 1e-9
"""1 in 100,000 is written as 0.00001 or computed; the last bit does not decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidualOptions:
    """Choices about residual disease.

    sensitivity      a negative result counts from this sensitivity on; None: also where it is not known
    sustained_days   two negative results so far apart, and none positive between, are sustained
    """

    sensitivity: float | None = 1e-5
    sustained_days: int = 365


def residual_records(assessments: pl.DataFrame, records: pl.DataFrame, options: ResidualOptions) -> pl.DataFrame:
    """A row per test after the first dose, sorted by patient and day.

    records  of visits, with `patient`, `day`, `confirmed` and `is_kept`, sorted by patient and day

    Returns `patient`, `day`, `result`, `method`, `sensitivity`, `response` (confirmed in force on that day), `counts`
    (Boolean) and `reason` why a test does not count. Of several tests on a day the worse result counts.
    """
    is_kept_row = pl.lit(value=True)
    if "spurious" in assessments.columns:
        is_kept_row = ~pl.col("spurious").fill_null(value=False)
    texts = [
        pl.col(name) if name in assessments.columns else pl.lit(None, dtype=pl.String).alias(name)
        for name in ("result", "method")
    ]
    is_test = pl.col("quantity").is_in(["mrd", "mrd-sensitivity"])
    rows = assessments.filter(is_test & is_kept_row & (pl.col("day") > 0)).select(
        "patient", pl.col("day").cast(pl.Int64), "quantity", pl.col("value").cast(pl.Float64), *texts
    )
    sensitivity = (
        rows.filter(pl.col("quantity") == "mrd-sensitivity")
        .group_by("patient", "day")
        .agg(pl.col("value").max().alias("sensitivity"))
    )
    tests = (
        rows.filter((pl.col("quantity") == "mrd") & pl.col("result").is_in([NEGATIVE, POSITIVE]))
        .sort("patient", "day", "result", "method")
        .group_by("patient", "day", maintain_order=True)
        .agg(pl.col("result").max(), pl.col("method").last())
        .join(sensitivity, on=["patient", "day"], how="left", maintain_order="left")
        .sort("day", "patient")
    )
    visits = (
        records.join(tests.select("patient"), on="patient", how="semi")
        .filter(pl.col("is_kept"))
        .select("patient", "day", pl.col("confirmed").alias("response"))
    )
    found = tests.join_asof(visits.sort("day", "patient"), on="day", by="patient", check_sortedness=False)
    reason = _reason(options)
    return found.with_columns(reason.alias("reason")).with_columns(counts=pl.col("reason") == "").sort("patient", "day")


def _reason(options: ResidualOptions) -> pl.Expr:
    in_complete = pl.col("response").is_in(["CR", "sCR"]).fill_null(value=False)
    negative, reached = pl.col("result") == NEGATIVE, pl.col("sensitivity")
    asks = options.sensitivity is not None
    least = (options.sensitivity or 1.0) * _SLACK
    return (
        pl.when(~in_complete)
        .then(pl.lit("not in CR"))
        .when(negative & reached.is_null() & asks)
        .then(pl.lit("sensitivity not known"))
        .when(negative & (reached > least))
        .then(pl.lit("not sensitive enough"))
        .otherwise(pl.lit(""))
    )


def residual_of(tests: pl.DataFrame, options: ResidualOptions) -> pl.DataFrame:
    """A row per patient with a test that counts: `patient`, `mrd`, `mrd_sensitivity`, `mrd_sustained`.

    Negative is who was ever negative. The sensitivity is the best of the negative tests; null where it is not known.
    """
    counted = tests.filter(pl.col("counts")).sort("patient", "day")
    is_negative = pl.col("result") == NEGATIVE
    # A run of negative tests ends with a positive one.
    runs = counted.with_columns(run=(~is_negative).cum_sum().over("patient")).filter(is_negative)
    length = runs.group_by("patient", "run").agg(length=pl.col("day").max() - pl.col("day").min())
    longest = length.group_by("patient").agg(pl.col("length").max())
    best = pl.col("sensitivity").filter(is_negative).min()
    found = counted.group_by("patient", maintain_order=True).agg(is_negative.any().alias("negative"), best)
    level = (
        pl.when(pl.col("sensitivity") <= 1e-6 * _SLACK)
        .then(pl.lit("1e-6"))
        .when(pl.col("sensitivity") <= 1e-5 * _SLACK)
        .then(pl.lit("1e-5"))
    )
    sustained = (
        pl.when(pl.col("length").fill_null(-1) >= options.sustained_days).then(pl.lit("yes")).otherwise(pl.lit("no"))
    )
    return found.join(longest, on="patient", how="left", maintain_order="left").select(
        "patient",
        pl.when("negative").then(pl.lit(NEGATIVE)).otherwise(pl.lit(POSITIVE)).alias("mrd"),
        level.alias("mrd_sensitivity"),
        sustained.alias("mrd_sustained"),
    )
