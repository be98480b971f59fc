"""Agreement of meta-analyses over sites and of adjusted p-values with survival, metafor and base R."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from cohortium import adjust, meta_analysis, site_meta_analysis
from cohortium.estimators.between_sites.own import ALL_EVENTS, NO_EVENTS
from cohortium.estimators.between_sites.proportions import two_by_two

# Both fits end where the score is zero to rounding; coxph stops at 1e-14 of its log-likelihood.
COEFFICIENT = 1e-8
# Closed forms, and sums of a few terms; R prints 15 digits.
CLOSED = 1e-11
# metafor solves for tau squared by iteration; the slope of a flat restricted likelihood is known to some 1e-9.
ITERATED = 1e-7
R = json.loads((Path(__file__).parent / "between_sites.json").read_text())
MODELS = {"FE": "common", "DL": "dersimonian-laird", "REML": "reml"}
MEASURES = {"OR": "odds-ratio", "RR": "risk-ratio", "RD": "risk-difference", "PETO": "peto-odds-ratio"}


def _read(path: Path, name: str) -> pl.DataFrame:
    assert hashlib.md5(path.read_bytes()).hexdigest() == R["_meta"]["md5"][name]  # noqa: S324 - R's own checksum
    return pl.read_csv(path, null_values="NA", infer_schema_length=None)


@pytest.fixture(scope="module")
def hospitals(reference_data: Path) -> pl.DataFrame:
    frame = _read(reference_data / "multicentre" / "pec_Pbc3.csv", "pec_Pbc3.csv")
    made = frame.with_columns(event=pl.col("status") > 0, logbili=pl.col("bili").log())
    return made.drop_nulls(["tment", "alb", "logbili"])


@pytest.fixture(scope="module")
def indomethacin(reference_data: Path) -> pl.DataFrame:
    frame = _read(reference_data / "logistic" / "medicaldata_indo_rct.csv", "medicaldata_indo_rct.csv")
    return frame.with_columns(pancreatitis=pl.col("outcome") == "1_yes")


def _cox(frame: pl.DataFrame, **options):
    columns = {"time": "days", "event": "event", "effect": "tment", "covariates": ["alb", "logbili"], "site": "unit"}
    return site_meta_analysis(frame, **columns, **options)


def test_every_hospital_is_what_coxph_gives(hospitals: pl.DataFrame) -> None:
    found = _cox(hospitals).sites
    assert found["n"].to_list() == R["cox"]["n"]
    assert found["events"].to_list() == R["cox"]["events"]
    assert found["estimate"].to_list()[:5] == pytest.approx(R["cox"]["estimate"][:5], rel=COEFFICIENT)
    errors = np.sqrt(R["cox"]["variance"][:5])
    assert found["standard_error"].to_list()[:5] == pytest.approx(errors, rel=COEFFICIENT)
    # coxph gives a number of no meaning where the effect runs away.
    assert found["estimate"][5] is None
    assert found["reason"][5].startswith("separation")
    assert abs(R["cox"]["estimate"][5]) > 10


@pytest.mark.parametrize("key", ["FE z", "DL z", "DL knha", "REML z", "REML knha"])
def test_pooled_hospitals(hospitals: pl.DataFrame, key: str) -> None:
    name, test = key.split()
    found = _cox(hospitals, pooling=MODELS[name], hartung_knapp=test == "knha").pooled
    expected = R["cox_pooled"][key]
    assert found.estimate == pytest.approx(expected["estimate"], rel=ITERATED)
    assert found.standard_error == pytest.approx(expected["se"], rel=ITERATED)
    assert [found.lower, found.upper] == pytest.approx(expected["ci"], rel=ITERATED)
    assert found.p_value == pytest.approx(expected["p"], rel=ITERATED)
    assert found.tau2 == pytest.approx(expected["tau2"], rel=ITERATED)
    assert [found.q, found.q_p] == pytest.approx(expected["q"], rel=COEFFICIENT)
    assert found.weights == pytest.approx(expected["weights"], rel=ITERATED)


def test_prediction_and_all_hospitals_but_each(hospitals: pl.DataFrame) -> None:
    expected = R["cox_pooled"]
    assert _cox(hospitals, hartung_knapp=False).pooled.prediction == pytest.approx(expected["prediction"], rel=ITERATED)
    without, r = _cox(hospitals).leave_one_out, expected["without"]
    assert without["estimate"].to_list() == pytest.approx(r["estimate"], rel=ITERATED)
    assert without["standard_error"].to_list() == pytest.approx(r["se"], rel=ITERATED)
    assert without["p_value"].to_list() == pytest.approx(r["p"], rel=ITERATED)
    # With DerSimonian and Laird's estimator metafor's I-squared is that from Q.
    by_moments, r = (
        _cox(hospitals, pooling="dersimonian-laird", hartung_knapp=False).leave_one_out,
        expected["without_dl"],
    )
    assert by_moments["estimate"].to_list() == pytest.approx(r["estimate"], rel=COEFFICIENT)
    assert by_moments["i2"].to_list() == pytest.approx(r["i2"], rel=COEFFICIENT, abs=CLOSED)


def test_observed_minus_expected(hospitals: pl.DataFrame) -> None:
    """Each hospital is its own log-rank test; pooled as a common effect they are the stratified one."""
    columns = {"time": "days", "event": "event", "by": "tment", "site": "unit", "pooling": "common"}
    found = site_meta_analysis(hospitals, model="logrank", **columns)
    difference, variance = (np.array(R["logrank"][name]) for name in ("difference", "variance"))
    assert found.sites["estimate"].to_numpy() == pytest.approx(difference / variance, rel=CLOSED, abs=CLOSED)
    assert found.sites["standard_error"].to_numpy() == pytest.approx(variance**-0.5, rel=CLOSED)
    z = found.pooled.estimate / found.pooled.standard_error
    assert z * z == pytest.approx(R["logrank"]["stratified"], rel=CLOSED)


@pytest.mark.parametrize("name", MEASURES)
def test_proportions_by_site(indomethacin: pl.DataFrame, name: str) -> None:
    columns = {"by": "rx", "outcome": "pancreatitis", "reference": "0_placebo", "site": "site"}
    found = site_meta_analysis(indomethacin, model="proportions", measure=MEASURES[name], **columns).sites
    expected = R["effects"][name]
    for i, (estimate, reason) in enumerate(zip(found["estimate"], found["reason"], strict=True)):
        if reason:
            # Nobody in the three patients of the fourth site has the outcome; metafor adds halves to that too.
            assert (i, reason) == (3, "no events")
            continue
        assert estimate == pytest.approx(expected["y"][i], rel=CLOSED)
        assert found["standard_error"][i] ** 2 == pytest.approx(expected["v"][i], rel=CLOSED)


@pytest.mark.parametrize("name", MEASURES)
@pytest.mark.parametrize("i", range(4))
def test_tables_with_a_zero(name: str, i: int) -> None:
    own = two_by_two(*R["zeros"][i], MEASURES[name])
    if own.reason:
        assert own.reason in (NO_EVENTS, ALL_EVENTS)
        return
    expected = R["zero_effects"][name]
    assert own.estimate == pytest.approx(expected["y"][i], rel=CLOSED)
    assert own.variance == pytest.approx(expected["v"][i], rel=CLOSED)


def test_pooled_odds_ratios(indomethacin: pl.DataFrame) -> None:
    kept = [0, 1, 2]
    y, v = (np.array(R["effects"]["OR"][name])[kept] for name in ("y", "v"))
    columns = {"by": "rx", "outcome": "pancreatitis", "reference": "0_placebo", "site": "site", "model": "proportions"}
    found = site_meta_analysis(indomethacin, **columns).pooled
    direct = meta_analysis(y.tolist(), v.tolist())
    assert found.estimate == pytest.approx(direct.estimate, rel=CLOSED)
    assert found.q == pytest.approx(direct.q, rel=CLOSED)
    peto = site_meta_analysis(indomethacin, **columns, measure="peto-odds-ratio", pooling="common").pooled
    assert [peto.estimate, peto.standard_error, peto.p_value] == pytest.approx(R["peto"], rel=CLOSED)


@pytest.mark.parametrize("method", ["holm", "benjamini-hochberg", "bonferroni"])
def test_adjusted_p_values(method: str) -> None:
    assert adjust(R["p"], method=method).tolist() == pytest.approx(R["adjusted"][method], rel=CLOSED)
