"""The functions of competing risks over frames: the event column, results, figures, refusals."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl
import pytest
from matplotlib.text import Text

from cohortium import cox, cumulative_incidence, fine_gray, gray_test
from cohortium.errors import EstimationError, UsageError

ENDS = {"time": "day", "event": "end"}


def _frame(n: int = 60) -> pl.DataFrame:
    rng = np.random.default_rng(5)
    return pl.DataFrame(
        {
            "day": rng.integers(1, 30, n),
            "end": rng.integers(0, 3, n),
            "arm": rng.choice(["A", "B"], n),
            "site": rng.choice(["x", "y", "z"], n),
            "age": rng.normal(60, 9, n).round(1),
        }
    )


@pytest.fixture
def frame() -> pl.DataFrame:
    return _frame()


def test_texts_and_codes_are_the_same(frame: pl.DataFrame) -> None:
    texts = frame.with_columns(end=pl.col("end").replace_strict({0: "alive", 1: "relapse", 2: "death"}))
    coded = cumulative_incidence(frame, **ENDS, by="arm", causes={1: "relapse", 2: "death"})
    named = cumulative_incidence(texts, **ENDS, by="arm", causes=["relapse", "death"], censored="alive")
    assert named.table.equals(coded.table)
    assert cumulative_incidence(texts, **ENDS, censored="alive").causes == ("death", "relapse")


def test_a_cause_by_code_or_label(frame: pl.DataFrame) -> None:
    given = {**ENDS, "covariates": ["age"], "causes": {1: "Relapse", 2: "Death"}}
    by_code, by_label = (fine_gray(frame, cause=cause, **given) for cause in (2, "Death"))
    assert by_code.coefficients == by_label.coefficients
    assert by_code.n_competing == (frame["end"] == 1).sum()
    assert repr(by_code).startswith("Fine-Gray model of Death: 60 rows")


def test_cause_specific_cox(frame: pl.DataFrame) -> None:
    """Follow-up that ends with another cause is censored."""
    by_cause = cox(frame, **ENDS, covariates=["age"], cause=2)
    recoded = cox(frame.with_columns(end=pl.col("end") == 2), **ENDS, covariates=["age"])
    assert by_cause.coefficients == recoded.coefficients
    assert by_cause.n_events == recoded.n_events


def test_frames_of_sites_are_one_frame(frame: pl.DataFrame) -> None:
    parts = frame.partition_by("site")
    assert cumulative_incidence(parts, **ENDS, by="arm").table.equals(
        cumulative_incidence(frame, **ENDS, by="arm").table
    )
    one, many = (gray_test(given, **ENDS, by="arm").to_frame() for given in (frame, parts))
    assert one.equals(many)
    for given in ({}, {"strata": "site"}, {"strata": "site", "censoring_by": "site"}, {"censoring_by": "arm"}):
        whole, split = (fine_gray(f, **ENDS, covariates=["age", "arm"], **given) for f in (frame, parts))  # type: ignore[arg-type]
        assert split.covariance == pytest.approx(whole.covariance, rel=1e-10)


def test_missing_values_are_left_out_and_counted(frame: pl.DataFrame) -> None:
    holed = frame.with_columns(end=pl.when(pl.col("day") == 3).then(None).otherwise("end"))
    known = frame.filter(pl.col("day") != 3)
    found = cumulative_incidence(holed, **ENDS)
    assert found.n_missing == frame.height - known.height
    assert found.table.equals(cumulative_incidence(known, **ENDS).table)
    assert fine_gray(holed, **ENDS, covariates=["age"]).n == known.height
    assert gray_test(holed, **ENDS, by="arm").n == known.height


def test_at_times(frame: pl.DataFrame) -> None:
    found = cumulative_incidence(frame, **ENDS)
    rows = found.at([0, 10, 1000]).filter(cause="1")
    assert rows["incidence"][0] == 0.0
    assert rows["n_risk"].to_list()[0] == 60
    assert math.isnan(rows["incidence"][2])
    assert found.to_frame()["events"].to_list() == [(frame["end"] == k).sum() for k in (1, 2)]
    assert "Cumulative incidence (Aalen-Johansen), 60 rows" in repr(found)


def test_plot(frame: pl.DataFrame) -> None:
    figure = cumulative_incidence(frame, **ENDS, by="arm").plot(tests=gray_test(frame, **ENDS, by="arm"))
    assert len(figure.axes) >= 2
    forest = fine_gray(frame, **ENDS, covariates=["age", "arm"]).plot()
    assert "SHR (95% CI)" in [text.get_text() for text in forest.findobj(Text)]


def test_gray_names_what_cannot_be_tested(frame: pl.DataFrame) -> None:
    found = gray_test(frame, **ENDS, by="arm", causes={1: "Relapse", 2: "Death", 3: "Other"})
    assert found.warnings == ("Other: no events of this cause",)
    assert found.to_frame()["p_value"].null_count() == 1
    assert "Other: no events of this cause" in repr(found)
    with pytest.raises(EstimationError, match="fewer than two groups"):
        gray_test(frame.filter(arm="A"), **ENDS, by="arm")


def test_separation_is_named(frame: pl.DataFrame) -> None:
    apart = frame.with_columns(mark=(pl.col("end") == 1).cast(pl.Int64))
    found = fine_gray(apart, **ENDS, covariates=["mark", "age"])
    assert found.warnings == ("mark: separation: the coefficient has no finite maximum-likelihood estimate",)
    assert math.isfinite(found.standard_errors["age"])
    assert "not estimated (separation" in repr(found)


@pytest.mark.parametrize(
    ("changed", "given", "expected"),
    [
        ({"end": pl.lit("dead")}, {}, 'such as censored="alive"'),
        ({"end": pl.lit(1.5)}, {}, "expected whole numbers with 0"),
        ({"end": pl.lit(0)}, {}, "every follow-up is censored"),
        ({"end": pl.int_range(pl.len())}, {}, "expected at most 50 causes"),
        ({}, {"causes": [1]}, "2 is neither a cause nor a censored follow-up"),
        ({}, {"causes": [0, 1, 2]}, "0 is the code of a censored follow-up"),
        ({}, {"causes": {1: "a", 2: "a"}}, "two causes have the same label"),
        ({}, {"interval": "wald"}, "interval: expected one of"),
        ({}, {"variance": "none"}, "variance: expected one of"),
        ({"day": pl.lit(-1)}, {}, "expected follow-up times of 0 or more"),
    ],
)
def test_refused_arguments(
    frame: pl.DataFrame, changed: dict[str, pl.Expr], given: dict[str, Any], expected: str
) -> None:
    with pytest.raises(UsageError, match=expected):
        cumulative_incidence(frame.with_columns(**changed), **ENDS, **given)


def test_refused_models(frame: pl.DataFrame) -> None:
    with pytest.raises(UsageError, match="cause: 7 is not among 1, 2"):
        fine_gray(frame, **ENDS, covariates=["age"], cause=7)
    with pytest.raises(EstimationError, match="no events of the cause"):
        fine_gray(frame, **ENDS, covariates=["age"], cause=3, causes=[1, 2, 3])
    with pytest.raises(UsageError, match="rho: expected a number of 0 or more"):
        gray_test(frame, **ENDS, by="arm", rho=-1.0)
    with pytest.raises(UsageError, match="censored: belongs to a cause"):
        cox(frame, **ENDS, covariates=["age"], censored=0)


def test_late_entry(frame: pl.DataFrame) -> None:
    """Rows are at risk after their entry only; where everybody is gone before others come, it is said."""
    late = frame.with_columns(begin=pl.col("day") // 2)
    found = cumulative_incidence(late, **ENDS, entry="begin").at([10]).row(0, named=True)
    assert found["n_risk"] == late.filter((pl.col("begin") < 10) & (pl.col("day") >= 10)).height
    gap = pl.DataFrame({"day": [2, 3, 9, 12], "end": [1, 2, 1, 0], "begin": [0, 0, 5, 5]})
    assert (
        "although patients come under observation later" in cumulative_incidence(gap, **ENDS, entry="begin").warnings[0]
    )
