"""Where what the site entered itself differs from what its rows of therapy give."""

from __future__ import annotations

import polars as pl

from cohortium.study.derive.prior_therapy import COMPARED, PriorTherapy


def disagreements(patients: pl.DataFrame, columns: pl.DataFrame, section: PriorTherapy) -> pl.DataFrame:
    """A row for each patient and answer that is known on both sides and differs; for the site's own eyes.

    Returns `patient`, `variable`, `entered` and `derived`, sorted by patient within each variable.
    """
    parts = [
        _differing(patients, columns, f"site_{name}", section.name if name == "n_lines" else f"{section.name}_{name}")
        for name in COMPARED
        if f"site_{name}" in patients.columns
    ]
    empty = pl.DataFrame(schema=dict.fromkeys(("patient", "variable", "entered", "derived"), pl.String))
    return pl.concat([empty, *parts])


def _differing(patients: pl.DataFrame, columns: pl.DataFrame, key: str, variable: str) -> pl.DataFrame:
    entered = pl.col(key) if patients.schema[key] == pl.String else pl.col(key).cast(pl.Float64).cast(pl.Int64)
    both = patients.select("patient", entered=entered.cast(pl.String)).join(
        columns.select("patient", derived=pl.col(variable).cast(pl.String)), on="patient"
    )
    differing = both.filter(pl.col("entered") != pl.col("derived")).sort("patient")
    return differing.select("patient", pl.lit(variable).alias("variable"), "entered", "derived")
