"""Agreement of baseline summaries with base R on the lung data of the example study."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from cohortium import baseline_table

# Means and deviations are sums of 228 terms in another order; quantiles are exact.
SUMS = 1e-14
HERE = Path(__file__).parent
SITES = sorted((HERE.parents[1] / "examples" / "ncctg-lung" / "sites").glob("*/patients.csv"))
STATISTICS = ("n", "missing", "mean", "sd", "median", "q1", "q3", "min", "max")


@pytest.mark.parametrize("group", ["Overall", "Male", "Female"])
def test_numbers_by_sex_over_all_sites(group: str) -> None:
    """Nineteen files, one a site, give what R gives on the pooled rows."""
    expected = json.loads((HERE / "baseline.json").read_text())
    frames = [pl.read_csv(path, infer_schema_length=None).with_columns(sex=_sex()) for path in SITES]
    assert len(frames) == 19
    names = ["age", "ph_karno", "pat_karno", "meal_cal", "wt_loss"]
    table = baseline_table(frames, variables=names, by="sex").to_frame().filter(group=group)
    for name in names:
        values = dict(table.filter(variable=name).select("statistic", "value").iter_rows())
        found = [values[statistic] for statistic in STATISTICS]
        assert found == pytest.approx(expected[f"{group} {name.replace('_', '.')}"], rel=SUMS), name


def _sex() -> pl.Expr:
    return pl.when(pl.col("sex") == 1).then(pl.lit("Male")).otherwise(pl.lit("Female"))
