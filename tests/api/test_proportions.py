"""Proportions, response rates and stratified comparisons as Python functions."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest

from cohortium import difference_of_proportions, mantel_haenszel, proportion_interval, response_rates
from cohortium.errors import EstimationError, UsageError

FRAME = pl.DataFrame(
    {
        "best": ["CR", "PR", "SD", None, "CR", "NE", "SD", "PR"],
        "arm": ["A", "A", "A", "A", "B", "B", "B", "B"],
        "alive": [True, False, True, True, True, False, False, True],
        "center": [1, 1, 2, 2, 1, 1, 2, 2],
    }
)


def test_a_published_comparison() -> None:
    """94/193 v 118/192: p = 0.0119."""
    found = difference_of_proportions(94, 193, 118, 192)
    assert found.p_value == pytest.approx(0.0119, abs=5e-5)
    assert found.difference == pytest.approx(94 / 193 - 118 / 192, rel=1e-14)
    assert found.lower < found.difference < found.upper
    assert found.ratio_lower < found.ratio < found.ratio_upper < 1


def test_what_is_not_defined_is_not_a_number() -> None:
    found = difference_of_proportions(3, 5, 0, 6)
    assert math.isnan(found.ratio)
    assert found.ratio_upper == math.inf
    assert found.test == "Fisher's exact test"


@pytest.mark.parametrize(("x", "n"), [(-1, 5), (6, 5), (0, 0), (1.5, 5), ("a", 5)])
def test_counts_are_checked(x: object, n: int) -> None:
    with pytest.raises(UsageError, match="x, n: expected"):
        proportion_interval(x, n)  # type: ignore[arg-type]


def test_rates_of_several_columns() -> None:
    outcomes = {"Response": ["CR", "PR"], "Alive": {"alive": True}}
    found = response_rates(FRAME, variable="best", outcomes=outcomes, by="arm", not_evaluable=["NE"], reference="B")
    table = found.to_frame().filter(pl.col("population") == "response-evaluable")
    assert table.select("outcome", "group", "count", "n").rows() == [
        ("Response", "Overall", 4, 6), ("Response", "A", 2, 3), ("Response", "B", 2, 3),
        ("Alive", "Overall", 5, 8), ("Alive", "A", 3, 4), ("Alive", "B", 2, 4),
    ]  # fmt: skip
    assert found.comparisons["reference"].unique().to_list() == ["B"]
    assert "Response, all-treated, A: 2/4 (50.0%" in repr(found)


def test_frames_and_pandas_give_the_same() -> None:
    arguments = {"variable": "best", "outcomes": {"Response": ["CR", "PR"]}, "by": "arm"}
    whole = response_rates(FRAME, **arguments)
    parts = [FRAME[:3], FRAME[3:3], FRAME[3:4], FRAME[4:]]
    for other in (parts, pd.DataFrame(FRAME.to_dict(as_series=False))):
        found = response_rates(other, **arguments)
        assert found.to_frame().equals(whole.to_frame())
        assert found.comparisons.equals(whole.comparisons)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"outcomes": {"R": ["CRR"]}, "variable": "best"}, "best has no level 'CRR'; expected one of CR, NE, PR, SD"),
        ({"outcomes": {"R": ["CR"]}}, "name its column"),
        ({"outcomes": {"R": []}, "variable": "best"}, "no level is named"),
        ({"outcomes": ["CR"], "variable": "best"}, "expected labels with levels"),
        ({"outcomes": {"R": {"best": "CR", "alive": True}}}, "expected one column with its levels, got 2"),
        ({"outcomes": {"R": "CR"}, "variable": "best", "reference": "A"}, "reference: compares groups"),
        ({"outcomes": {"R": "CR"}, "variable": "best", "populations": ["all"]}, "populations: all is not among"),
        ({"outcomes": {"R": {"best": "CR"}}, "not_evaluable": ["NE"]}, "not_evaluable: names levels of variable"),
        ({"outcomes": {"R": "CR"}, "variable": "best", "by": "best"}, "given more than once"),
        ({"outcomes": {"R": "CR"}, "variable": "best", "interval": "wald"}, "interval: expected one of"),
    ],
)
def test_wrong_arguments_are_named(arguments: dict, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        response_rates(FRAME, **arguments)


def test_frames_and_counts_give_the_same_stratified_comparison() -> None:
    frame = mantel_haenszel(FRAME, outcome="alive", by="arm", strata="center", reference="B")
    counts = mantel_haenszel(frame.tables)
    assert frame.tables.tolist() == [[[1, 1], [1, 1]], [[2, 0], [1, 1]]]
    assert counts.estimate.asymptotic == frame.estimate.asymptotic
    assert counts.exact == frame.exact
    parts = mantel_haenszel(
        [FRAME[:1], FRAME[1:1], FRAME[1:]], outcome="alive", by="arm", strata="center", reference="B"
    )
    assert parts.estimate.asymptotic == frame.estimate.asymptotic
    assert "Cochran-Mantel-Haenszel test: chi-square" in repr(frame)
    assert frame.to_frame()["n"].to_list() == [2, 2]


def test_the_indomethacin_trial(reference_data: Path) -> None:
    """27/295 v 52/307, P = 0.005 in print."""
    rows = pl.read_csv(reference_data / "logistic" / "medicaldata_indo_rct.csv")
    found = response_rates(rows, variable="outcome", outcomes={"Pancreatitis": "1_yes"}, by="rx")
    counts = found.to_frame().filter(population="all-treated").select("count", "n").rows()
    assert counts == [(79, 602), (52, 307), (27, 295)]
    assert round(found.comparisons["p_value"][0], 3) == 0.005
    whole = mantel_haenszel(rows, outcome="outcome", levels="1_yes", by="rx", strata="site")
    parts = [rows.filter(pl.col("site") == site) for site in rows["site"].unique().sort()]
    by_site = mantel_haenszel(parts, outcome="outcome", levels="1_yes", by="rx", strata="site")
    assert by_site.estimate.asymptotic == whole.estimate.asymptotic
    assert whole.p_value == pytest.approx(0.005956, abs=5e-7)


@pytest.mark.parametrize(
    ("data", "arguments", "message"),
    [
        (FRAME, {"outcome": "alive", "by": "center"}, "strata: expected names of columns"),
        (FRAME, {"outcome": "alive", "by": "best", "strata": "center"}, "by: best has 4 levels; expected two groups"),
        (FRAME, {"outcome": "alive", "by": "arm", "strata": "arm"}, "given more than once"),
        ([[1, 2], [3, 4]], {}, "counts of 0 or more of shape"),
        ([[[1, 2.5], [3, 4]]], {}, "expected whole counts"),
        ([[[1, -2], [3, 4]]], {}, "counts of 0 or more"),
        ("nonsense", {}, "expected a frame, or counts"),
    ],
)
def test_wrong_stratified_arguments_are_named(data: object, arguments: dict, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        mantel_haenszel(data, **arguments)


def test_strata_that_tell_nothing_are_refused() -> None:
    with pytest.raises(EstimationError, match="no stratum has both groups"):
        mantel_haenszel(np.array([[[3, 0], [4, 0]]]))
