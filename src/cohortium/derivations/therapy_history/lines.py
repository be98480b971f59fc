"""Number of earlier lines of therapy."""

from __future__ import annotations

import polars as pl


def n_lines(rows: pl.DataFrame) -> pl.DataFrame:
    """Per patient with rows, the number of lines of earlier therapy; null where a row's line or role is not known."""
    is_prior, line = pl.col("is_prior"), pl.col("line")
    is_open = (is_prior.is_null() | (is_prior & line.is_null())).any()
    count = line.filter(is_prior.fill_null(False)).n_unique()
    return rows.group_by("patient", maintain_order=True).agg(n_lines=pl.when(~is_open).then(count.cast(pl.Int64)))


def with_gaps(rows: pl.DataFrame) -> pl.DataFrame:
    """The first row of each line after a gap: a line whose number is not 1 and that no line of the number before precedes."""
    lines = rows.filter(pl.col("line").is_not_null())
    before = lines.select("patient", pl.col("line") + 1).unique()
    after_gap = lines.filter(pl.col("is_prior") & (pl.col("line") > 1)).join(before, on=["patient", "line"], how="anti")
    return after_gap.unique(["patient", "line"], keep="first", maintain_order=True)
