"""What was derived against what the site called: visit by visit as a listing, and by patient."""

from __future__ import annotations

import polars as pl

AGREES, BETTER, WORSE, NOT_COMPARED = "agrees", "derived-better", "derived-worse", "not-compared"
AGREEMENTS = {
    AGREES: "Agrees",
    BETTER: "Derived better",
    WORSE: "Derived worse",
    NOT_COMPARED: "Not compared",
}

_ORDER = {"sCR": 7, "CR": 6, "VGPR": 5, "PR": 4, "MR": 3, "SD": 2, "PD": 1}
"""Of two categories the higher is better; `NE` is not compared."""


def disagreements_of(records: pl.DataFrame, responses: pl.DataFrame, window_days: int) -> pl.DataFrame:
    """The site's calls that differ from what was derived at the nearest visit.

    records      of visits, sorted by patient and day
    responses    `patient`, `day`, `response` as the site called it
    window_days  how far the visit may be from the site's day

    Returns `patient`, `day`, `site`, `derived_day`, `derived`, `confirmed`, `difference`, `explanation`, one row a call.
    """
    calls = (
        responses.select("patient", pl.col("day").cast(pl.Int64), pl.col("response").alias("site"))
        .drop_nulls()
        .filter(pl.col("day") > 0)
        .sort("day", "patient", "site")
    )
    visits = records.join(calls.select("patient"), on="patient", how="semi").select("patient", "day", pl.col("day").alias("derived_day"), pl.col("response").alias("derived"),
                            "confirmed", "explanation").sort("day", "patient")  # fmt: skip
    found = calls.join_asof(
        visits, on="day", by="patient", strategy="nearest", tolerance=window_days, check_sortedness=False
    )
    compared = found.with_columns(_compared(pl.col("site"), pl.col("derived")).alias("difference"))
    return (
        compared.filter(pl.col("difference").is_in([BETTER, WORSE]))
        .select("patient", "day", "site", "derived_day", "derived", "confirmed", "difference", "explanation")
        .sort("patient", "day", "site")
    )


def agreement_of(patients: pl.DataFrame, responses: pl.DataFrame) -> pl.DataFrame:
    """By patient, the best response that the site reported against the best derived one, both unconfirmed.

    patients   `patient`, `reported` as derived, and `until`, the last day that counts (unknown for no end)
    responses  `patient`, `day`, `response` as the site called it

    Returns `patient`, `site` (the site's best) and `agreement`.
    """
    rank = pl.col("response").replace_strict(_ORDER, default=None, return_dtype=pl.Int64)
    calls = (
        responses.select("patient", pl.col("day").cast(pl.Int64), rank.alias("rank"))
        .drop_nulls()
        .join(patients.select("patient", "until"), on="patient", how="inner")
        .filter((pl.col("day") > 0) & (pl.col("until").is_null() | (pl.col("day") <= pl.col("until"))))
        .group_by("patient")
        .agg(pl.col("rank").max())
    )
    names = {rank: name for name, rank in _ORDER.items()}
    site = pl.col("rank").replace_strict(names, default=None, return_dtype=pl.String)
    return (
        patients.select("patient", "reported")
        .join(calls, on="patient", how="left", maintain_order="left")
        .with_columns(site.alias("site"))
        .select("patient", "site", _compared(pl.col("site"), pl.col("reported")).alias("agreement"))
    )


def _compared(site: pl.Expr, derived: pl.Expr) -> pl.Expr:
    theirs, ours = (each.replace_strict(_ORDER, default=None, return_dtype=pl.Int64) for each in (site, derived))
    return (
        pl.when(theirs.is_null() | ours.is_null())
        .then(pl.lit(NOT_COMPARED))
        .when(ours > theirs)
        .then(pl.lit(BETTER))
        .when(ours < theirs)
        .then(pl.lit(WORSE))
        .otherwise(pl.lit(AGREES))
    )
