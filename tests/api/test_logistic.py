"""`logistic` from frames: the same answer however the rows are given, and what its result offers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest

from cohortium import logistic
from cohortium.errors import UsageError

# Sums of a few hundred terms, rounded differently when cut into frames.
SPLIT = 1e-10


def frame_of(n: int = 240) -> pl.DataFrame:
    rng = np.random.default_rng(12)
    frame = pl.DataFrame(
        {
            "age": rng.integers(30, 90, n),
            "grade": rng.choice(["low", "high"], n),
            "site": rng.choice(list("abc"), n),
            "w": rng.integers(0, 3, n),
            "rare": (rng.random(n) < 0.06).astype(int),
        }
    )
    risk = 0.03 * (frame["age"] - 60) + 0.8 * (frame["grade"] == "high")
    outcome = (risk.to_numpy() + rng.logistic(size=n) > 0.3) & (frame["rare"].to_numpy() == 0)
    return frame.with_columns(y=pl.Series(outcome), age=pl.when(pl.int_range(n) == 7).then(None).otherwise("age"))


FRAME = frame_of()


@pytest.mark.parametrize(
    "options",
    [
        {"covariates": ["age", "grade"]},
        {"covariates": ["age", "grade"], "interactions": [["age", "grade"]], "interval": "profile"},
        {"covariates": ["age", "rare"]},
        {"covariates": ["age"], "penalty": "firth", "weight": "w", "firth_errors": "augmented"},
        {"covariates": ["age", "grade"], "strata": "site"},
        {"covariates": ["age", "rare"], "strata": "site"},
        {"covariates": ["age"], "strata": "site", "conditional": True},
    ],
    ids=str,
)
def test_frames_of_sites_give_what_one_frame_gives(options: dict) -> None:
    empty, one = FRAME.clear(), FRAME.head(1)
    cut = [*FRAME.slice(1).partition_by("site"), empty]
    if not options.get("conditional"):
        cut.append(one)
    else:
        cut = [*FRAME.partition_by("site"), empty]
    whole, parts = logistic(FRAME, outcome="y", **options), logistic(cut, outcome="y", **options)
    assert parts.n == whole.n == FRAME.height - 1 - whole.estimate.counts.invalid_weight
    assert list(parts.coefficients.values()) == pytest.approx(list(whole.coefficients.values()), rel=SPLIT, abs=SPLIT)
    assert list(parts.standard_errors.values()) == pytest.approx(list(whole.standard_errors.values()), rel=SPLIT)
    assert parts.to_frame().equals(whole.to_frame()) or np.allclose(
        parts.to_frame().drop("name").to_numpy(), whole.to_frame().drop("name").to_numpy(), rtol=1e-8
    )
    assert parts.warnings == whole.warnings
    if not options.get("conditional"):
        for exact in (True, False):
            found = (fit.discrimination(exact=exact).area for fit in (whole, parts))
            assert next(found) == pytest.approx(next(found), rel=SPLIT)
        first, second = whole.calibration(groups=4), parts.calibration(groups=4)
        assert first.groups["n"].to_list() == second.groups["n"].to_list()
        assert first.slope == pytest.approx(second.slope, rel=1e-8)


def test_pandas_gives_the_same() -> None:
    by_pandas = logistic(pd.DataFrame(FRAME.to_dict(as_series=False)), outcome="y", covariates=["age", "grade"])
    assert by_pandas.coefficients == pytest.approx(
        logistic(FRAME, outcome="y", covariates=["age", "grade"]).coefficients
    )


def test_the_result_is_readable_and_draws() -> None:
    fit = logistic(FRAME, outcome="y", covariates=["age", "grade"], references={"grade": "low"})
    assert str(fit).splitlines()[0] == "Logistic model: 239 rows, 118 events, 1 rows left out"
    assert fit.to_frame()["name"].to_list() == ["age", "grade[high]"]
    assert fit.term_tests()["df"].to_list() == [1, 1]
    assert fit.plot().axes
    assert fit.calibration().plot(outcome="response").axes
    rare = logistic(FRAME, outcome="y", covariates=["age", "rare"])
    assert "Firth penalized" in str(rare)
    within = logistic(FRAME, outcome="y", covariates=["age"], strata="site", conditional=True)
    assert str(within).startswith("Logistic model, conditional on the events by site: ")


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"covariates": "age"}, "expected a list of column names"),
        ({"covariates": ["age"], "penalty": "ridge"}, "penalty: expected one of"),
        ({"covariates": ["age"], "interval": "exact"}, "interval: expected one of"),
        ({"covariates": ["age"], "outcome": "w"}, "column w: expected only 0 and 1"),
        (
            {"covariates": ["age"], "strata": "site", "conditional": True, "penalty": "firth"},
            "neither weights nor Firth",
        ),
        ({"covariates": ["age", "age"]}, "given more than once"),
    ],
)
def test_what_cannot_be_is_said(options: dict, what: str) -> None:
    with pytest.raises(UsageError, match=what):
        logistic(FRAME, **{"outcome": "y", **options})


def test_no_risks_of_a_conditional_likelihood() -> None:
    fit = logistic(FRAME, outcome="y", covariates=["age"], strata="site", conditional=True)
    with pytest.raises(UsageError, match="no risks are predicted"):
        fit.discrimination()
