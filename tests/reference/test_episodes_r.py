"""Follow-up cut at time-dependent covariates agrees with R: `tmerge`, and the Stanford heart transplant data.

`episodes.R` cuts a few patients with R survival 3.5.3. The heart data are cut in R already, so their patients are put
together again, one row each, and cut here.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from cohortium.derivations.episodes import episodes
from cohortium.estimators.cox.spec import CoxSpec, NumberTerm, ProductTerm
from cohortium.estimators.grid import Grid
from cohortium.estimators.rows import rows_of
from cohortium.study.analyses.time_dependent import PATIENT
from cohortium.study.endpoints import Endpoint
from estimators.cases import Case, rounds, split

HERE = Path(__file__).parent
OS = Endpoint(name="os", label="OS", event=("death",), censor="last")
# Both fits are at the optimum to 1e-9 standard errors; what is left is rounding.
COEFFICIENT = 1e-8
LOG_LIKELIHOOD = 1e-12
SPLIT = 1e-10


def test_rows_are_those_of_tmerge() -> None:
    kept = json.loads((HERE / "episodes.json").read_text(encoding="utf-8"))
    schema = {"id": pl.Int64, "os__time": pl.Int64, "os__event": pl.Int64, "a": pl.Int64, "b": pl.Int64}
    frame = pl.DataFrame(list(kept["rows"].values()), schema=schema)
    found = episodes(frame, OS, ["a", "b"])
    for column, name in (("id", "id"), ("os__entry", "start"), ("os__time", "stop"), ("os__event", "died")):
        assert found[column].to_list() == kept["cut"][name]
    assert [found[name].to_list() for name in ("a", "b")] == [kept["cut"][name] for name in ("a", "b")]


@pytest.fixture
def heart(reference_data: Path) -> pl.DataFrame:
    """Rows of R's `heart`; times doubled, since one patient has half a day."""
    rows = pl.read_csv(reference_data / "survival" / "heart.csv")
    return rows.with_columns((pl.col("start", "stop") * 2).cast(pl.Int64)).sort("id", "start")


def _patients(heart: pl.DataFrame) -> pl.DataFrame:
    treated = pl.col("transplant") == 1
    return heart.group_by("id", maintain_order=True).agg(
        pl.col("stop").last().alias("os__time"),
        pl.col("event").last().alias("os__event"),
        pl.col("start").filter(treated).first().alias("transplant"),
        pl.col("age", "surgery").first(),
    )


def test_heart_patients_are_cut_into_the_rows_of_r(heart: pl.DataFrame) -> None:
    found = episodes(_patients(heart), OS, ["transplant"])
    ours = found.select("id", "os__entry", "os__time", "os__event", pl.col("transplant").cast(pl.Int64))
    assert ours.rows() == heart.select("id", "start", "stop", "event", pl.col("transplant").cast(pl.Int64)).rows()
    assert found[PATIENT].n_unique() == 103


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_heart_model(heart: pl.DataFrame, ties: str) -> None:
    kept = json.loads((HERE / "cox_core.json").read_text(encoding="utf-8"))[f"heart_{ties}"]
    age, surgery, transplant = (NumberTerm(name) for name in ("age", "surgery", "transplant"))
    spec = CoxSpec(
        time="os__time", event="os__event", entry="os__entry", grid=Grid.whole(4000), ties=ties,
        terms=(age, surgery, transplant, ProductTerm((age, transplant)), ProductTerm((surgery, transplant))),
    )  # fmt: skip
    rows = rows_of(episodes(_patients(heart), OS, ["transplant"]), [spec])
    found, _ = rounds(Case("", "cox", spec), [rows])
    assert (found.counts.n, found.counts.n_events) == (172, 75)
    assert found.coefficients == pytest.approx(kept["coef"], rel=COEFFICIENT)
    assert found.standard_errors == pytest.approx(kept["se"], rel=COEFFICIENT)
    assert found.log_likelihood == pytest.approx(kept["loglik"][1], rel=LOG_LIKELIHOOD)
    parts, _ = rounds(Case("", "cox", spec), split(rows, 1))
    assert np.abs(parts.coefficients / found.coefficients - 1).max() < SPLIT
