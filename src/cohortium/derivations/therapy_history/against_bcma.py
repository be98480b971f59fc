"""Earlier therapy against BCMA by kind, and the time since the last CAR T cells."""

from __future__ import annotations

import polars as pl

ADC, CAR_T, BISPECIFIC = (f"exposed_bcma_{kind}" for kind in ("adc", "car_t", "bispecific"))


def bcma_kind() -> pl.Expr:
    """The kind from the exposures to the three; null where one that is not known could change it."""
    adc, car_t, bispecific = pl.col(ADC), pl.col(CAR_T), pl.col(BISPECIFIC)
    return (
        pl.when(bispecific & (adc | car_t))
        .then(pl.lit("other"))
        .when(adc.is_null() | car_t.is_null() | bispecific.is_null())
        .then(None)
        .when(bispecific)
        .then(pl.lit("bispecific-only"))
        .when(adc & car_t)
        .then(pl.lit("adc-and-car-t"))
        .when(adc)
        .then(pl.lit("adc-only"))
        .when(car_t)
        .then(pl.lit("car-t-only"))
        .otherwise(pl.lit("none"))
    )


def against_bcma() -> pl.Expr:
    """Whether there was any."""
    return pl.col(ADC) | pl.col(CAR_T) | pl.col(BISPECIFIC)


def days_since_car_t(rows: pl.DataFrame, index: str) -> pl.DataFrame:
    """Per patient with rows, the days from the last CAR T cells against BCMA to the index day.

    Null where there were none, where whether there were is not known, and where one of their days is not known.
    """
    is_car_t = pl.col("is_prior") & (pl.col("drug_class") == "bcma-car-t")
    given = pl.col("start").filter(is_car_t.fill_null(False))
    is_open = is_car_t.is_null().any() | given.is_null().any()
    index_day = index_days(index)
    return rows.group_by("patient", maintain_order=True).agg(
        days_since_bcma_car_t=pl.when(~is_open).then((index_day - given.max()).cast(pl.Int64))
    )


def index_days(index: str) -> pl.Expr:
    """The index day among a patient's rows: day 0, or the first day of the therapy with role `index`."""
    if index == "origin":
        return pl.lit(0, dtype=pl.Int64)
    of_index = pl.col("start").filter(pl.col("role") == "index")
    return pl.when(~of_index.is_null().any()).then(of_index.min())


def after_index(rows: pl.DataFrame, index: str) -> pl.DataFrame:
    """Rows of earlier CAR T cells against BCMA that start after the index day."""
    is_car_t = (pl.col("is_prior") & (pl.col("drug_class") == "bcma-car-t")).fill_null(False)
    day = index_days(index) if index == "origin" else index_days(index).over("patient")
    return rows.filter(is_car_t & (pl.col("start") > day))
