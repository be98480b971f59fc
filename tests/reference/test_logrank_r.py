"""Tests of equal survival against R survival 3.5.3: `survdiff`, `coxph` for left truncation, and its formulas.

Shared results of R on public data sets, and `survival_extra.json`, which `survival_extra.R` made of the same data.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from cohortium import logrank

TEST = 1e-10
# The score test of coxph is compared through a sum over event times of exact conditional moments.
EXACT = 1e-9


def _frame(folder: Path, name: str) -> pl.DataFrame:
    path = next(folder.glob(f"*/{name}.csv"))
    frame = pl.read_csv(path, null_values=["", "NA"], infer_schema_length=None)
    if name == "lung":
        return frame.with_columns(event=pl.col("status") - 1)
    if name == "veteran":
        cells = pl.Enum(["squamous", "smallcell", "adeno", "large"])
        return frame.with_columns(pl.col("celltype").cast(cells), event=pl.col("status"))
    if name == "pbc":
        return frame.with_columns(event=(pl.col("status") == 2).cast(pl.Int64))
    if name == "KMsurv_bmt":
        return frame.with_columns(time=pl.col("t2"), event=pl.col("d3"))
    if name == "pec_Pbc3":
        return frame.with_columns(time=pl.col("days"), event=(pl.col("status") > 0).cast(pl.Int64))
    if name == "heart":
        return frame.with_columns(time=pl.col("stop"))
    if name == "cgd":
        return frame.filter(pl.col("enum") == 1).with_columns(time=pl.col("tstop"), event=pl.col("status"))
    return frame.with_columns(event=pl.col("cens"))


@pytest.fixture
def extra() -> dict[str, Any]:
    return dict(json.loads((Path(__file__).parent / "survival_extra.json").read_text()))


SHARED = {
    "lung by sex": ("lung_ncctg", "lr_sex", "lung", "sex", None),
    "lung by sex within institutions": ("lung_ncctg", "lr_sex_strat_inst", "lung", "sex", "inst"),
    "veteran by treatment": ("veteran", "lr_trt", "veteran", "trt", None),
    "veteran by cell": ("veteran", "lr_cell", "veteran", "celltype", None),
    "veteran by treatment within cells": ("veteran", "lr_trt_strat_cell", "veteran", "trt", "celltype"),
    "pbc by treatment": ("pbc", "lr", "pbc", "trt", None),
    "gehan": ("gehan_6mp", "lr", "MASS_gehan", "treat", None),
    "transplants by group": ("bmt_4hospitals", "lr_dfs", "KMsurv_bmt", "group", None),
    "transplants within hospitals": ("bmt_4hospitals", "lr_strat_hosp", "KMsurv_bmt", "group", "z9"),
    "cirrhosis by treatment": ("pbc3_6hospitals", "lr", "pec_Pbc3", "tment", None),
    "cirrhosis within hospitals": ("pbc3_6hospitals", "lr_strat", "pec_Pbc3", "tment", "unit"),
    "granulomatous disease by treatment": ("cgd_13centres", "lr_first", "cgd", "treat", None),
}


@pytest.mark.parametrize("kind", ["logrank", "peto_peto"])
@pytest.mark.parametrize("cut", ["one site", "sites are strata", "by chance"])
@pytest.mark.parametrize("name", SHARED)
def test_log_rank_and_peto_peto(reference_data: Path, name: str, cut: str, kind: str) -> None:
    file, entry, data, by, strata = SHARED[name]
    frame = _frame(reference_data, data)
    if strata:
        frame = frame.drop_nulls(strata)
    if cut == "sites are strata" and strata is None:
        pytest.skip("there are no strata")
    expected = json.loads((reference_data / "reference" / f"{file}.json").read_text())[entry][kind]
    frames: Any = frame
    if cut == "sites are strata":
        frames = [*frame.partition_by(str(strata)), frame.clear()]
    elif cut == "by chance":
        frames = [frame.filter(pl.int_range(pl.len()) % 7 == k) for k in range(7)]
    options = {"time": "time", "event": "event", "by": by, "strata": strata}
    forms = [{"test": kind.replace("_", "-")}]
    forms += [{"test": "fleming-harrington", "rho": 1.0}] if kind == "peto_peto" else []
    for form in forms:
        test = logrank(frames, **options, **form)  # type: ignore[arg-type]
        assert test.statistic == pytest.approx(expected["chisq"], rel=TEST, abs=TEST)
        assert test.df == expected["df"]
        assert test.p_value == pytest.approx(expected["p"], rel=1e-9)
        assert test.to_frame()["n"].to_list() == expected["n"]
        assert test.to_frame()["observed"].to_list() == pytest.approx(expected["observed"], rel=TEST)
        assert test.to_frame()["expected"].to_list() == pytest.approx(expected["expected"], rel=TEST)
        assert test.estimate.covariance == pytest.approx(np.array(expected["var"]), rel=1e-9, abs=1e-12)


WEIGHTED = {
    "gamma1": {"test": "fleming-harrington", "gamma": 1.0},
    "rho1gamma1": {"test": "fleming-harrington", "rho": 1.0, "gamma": 1.0},
    "rho0.5gamma2": {"test": "fleming-harrington", "rho": 0.5, "gamma": 2.0},
    "prentice": {"test": "peto-prentice"},
    "tarone": {"test": "tarone-ware"},
    "gehan": {"test": "gehan-breslow"},
}


@pytest.mark.parametrize("weight", WEIGHTED)
@pytest.mark.parametrize(("data", "by"), [("lung", "sex"), ("veteran", "celltype")])
def test_other_weights(reference_data: Path, extra: dict[str, Any], data: str, by: str, weight: str) -> None:
    frame = _frame(reference_data, data)
    test = logrank(frame, time="time", event="event", by=by, **WEIGHTED[weight])  # type: ignore[arg-type]
    expected = extra["weighted_tests"][data][weight]
    assert test.statistic == pytest.approx(expected["chisq"], rel=TEST)
    assert test.p_value == pytest.approx(expected["p"], rel=1e-9)
    assert test.to_frame()["observed"].to_list() == pytest.approx(expected["observed"], rel=TEST)
    assert test.to_frame()["expected"].to_list() == pytest.approx(expected["expected"], rel=TEST)


def test_a_power_of_survival(reference_data: Path, extra: dict[str, Any]) -> None:
    """With strata the weights follow the survival of each stratum, as in survdiff."""
    veteran = _frame(reference_data, "veteran")
    half = {"time": "time", "event": "event", "test": "fleming-harrington", "rho": 0.5}
    found = logrank(veteran, by="celltype", **half)  # type: ignore[arg-type]
    assert found.statistic == pytest.approx(extra["half"]["chisq"], rel=TEST)
    for frames in (veteran, veteran.partition_by("celltype"), [veteran[:50], veteran[50:]]):
        found = logrank(frames, by="trt", strata="celltype", **half)  # type: ignore[arg-type]
        assert found.statistic == pytest.approx(extra["half_strata"]["chisq"], rel=TEST)


TRENDS = {
    "trend": {"trend": True},
    "trend_scores": {"trend": [0, 1, 5, 2]},
    "trend_peto": {"trend": True, "test": "peto-peto"},
    "trend_strata": {"trend": True, "strata": "trt"},
}


@pytest.mark.parametrize("name", TRENDS)
def test_trend(reference_data: Path, extra: dict[str, Any], name: str) -> None:
    veteran = _frame(reference_data, "veteran")
    for frames in (veteran, [veteran[:60], veteran[60:]], veteran.partition_by("trt")):
        found = logrank(frames, time="time", event="event", by="celltype", **TRENDS[name])  # type: ignore[arg-type]
        assert found.trend is not None
        assert found.trend.statistic == pytest.approx(extra[name]["chisq"], rel=1e-9)
        assert found.trend.p_value == pytest.approx(extra[name]["p"], rel=1e-9)


@pytest.mark.parametrize("test", ["logrank", "peto-peto"])
def test_pairs(reference_data: Path, extra: dict[str, Any], test: str) -> None:
    veteran = _frame(reference_data, "veteran")
    expected = extra["pairs" if test == "logrank" else "pairs_peto"]
    for frames in (veteran, [veteran[:60], veteran[60:]]):
        found = logrank(frames, time="time", event="event", by="celltype", test=test, pairwise=True).pairwise  # type: ignore[arg-type]
        assert found["first"].to_list() == expected["first"]
        assert found["second"].to_list() == expected["second"]
        assert found["statistic"].to_list() == pytest.approx(expected["chisq"], rel=TEST)
        assert found["p_value"].to_list() == pytest.approx(expected["p"], rel=1e-9)
        assert found["p_holm"].to_list() == pytest.approx(expected["holm"], rel=1e-9)


def test_left_truncation_is_the_exact_score_test(reference_data: Path, extra: dict[str, Any]) -> None:
    """`survdiff` takes no entry; the score test of coxph with exact ties has the same hypergeometric moments."""
    heart = _frame(reference_data, "heart")
    options = {"time": "time", "event": "event", "by": "transplant", "entry": "start"}
    for frames in (heart, [heart[:50], heart[50:]]):
        found = logrank(frames, **options)  # type: ignore[arg-type]
        assert found.statistic == pytest.approx(extra["truncated_test"]["chisq"], rel=EXACT)
        found = logrank(frames, strata="surgery", **options)  # type: ignore[arg-type]
        assert found.statistic == pytest.approx(extra["truncated_test"]["strata"], rel=EXACT)
