"""What a patient's best response comes down to: responder or not, evaluable or not."""

from __future__ import annotations

import polars as pl

from cohortium.derivations.response.criteria import NOT_MEASURABLE


def responder() -> pl.Expr:
    """`yes` for PR or better in `best`, `no` for less; not known where nothing could be evaluated."""
    best = pl.col("best")
    return (
        pl.when(best.is_in(["sCR", "CR", "VGPR", "PR"]))
        .then(pl.lit("yes"))
        .when(best.is_in(["MR", "SD", "PD"]))
        .then(pl.lit("no"))
        .alias("responder")
    )


def evaluable() -> pl.Expr:
    """`yes` for measurable disease in `track` and an evaluable visit; not known where the track is not."""
    is_measurable = pl.col("track") != NOT_MEASURABLE
    is_evaluable = is_measurable & (pl.col("n_adequate").fill_null(0) > 0)
    return (
        pl.when(is_evaluable.is_null())
        .then(pl.lit(None, dtype=pl.String))
        .when(is_evaluable)
        .then(pl.lit("yes"))
        .otherwise(pl.lit("no"))
        .alias("evaluable")
    )
