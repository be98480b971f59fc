"""Agreement of propensity scores, weights, balance and weighted survival with R, on the lalonde and veteran data."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from cohortium import cox, e_value, kaplan_meier, match, propensity

# R's glm stops when the deviance settles; what is left of a coefficient is some 1e-12. The file has 15 digits.
SCORE = 1e-10
# Its standard errors are those of the iteration before the last.
ERROR = 1e-8
# Weighted means over standard deviations, near 0 after overlap weighting: absolute.
DIFFERENCE = 1e-10
# The largest weight is found by counting, to 1e-13 of it.
LARGEST = 1e-12
# A Cox model at a tight stopping rule, on weights that agree to some 1e-12.
COX = 1e-9
CURVE = 1e-11
NORMAL = 1.959963984540054
R = json.loads((Path(__file__).parent / "weighting.json").read_text())
KINDS: dict[str, dict[str, Any]] = {
    "ate": {},
    "stabilized": {"stabilized": True},
    "att": {"estimand": "att"},
    "atc": {"estimand": "atc"},
    "overlap": {"estimand": "overlap"},
    "truncated": {"truncate": 0.95},
    "att_truncated": {"estimand": "att", "truncate": 0.9},
}


@pytest.fixture(scope="module")
def veteran(reference_data: Path) -> pl.DataFrame:
    return pl.read_csv(reference_data / "survival" / "veteran.csv").with_columns(
        new=(pl.col("trt") == 2).cast(pl.Int64)
    )


@pytest.fixture(scope="module")
def lalonde(reference_data: Path) -> pl.DataFrame:
    frame = pl.read_csv(reference_data / "logistic" / "MatchIt_lalonde.csv", infer_schema_length=None)
    race = {f"{name[:6]}": (pl.col("race") == name).cast(pl.Int64) for name in ("black", "hispan")}
    return frame.with_columns(**race)


@pytest.fixture(scope="module")
def published(reference_data: Path) -> dict[str, Any]:
    return json.loads((reference_data / "reference" / "propensity_lalonde.json").read_text())


def test_the_data_are_those_of_the_script(reference_data: Path) -> None:
    for name, digest in zip(("survival/veteran.csv", "logistic/MatchIt_lalonde.csv"), R["_meta"]["md5"], strict=True):
        assert hashlib.md5((reference_data / name).read_bytes()).hexdigest() == digest  # noqa: S324 - R's own checksum


def test_lalonde_score(lalonde: pl.DataFrame, published: dict[str, Any]) -> None:
    found = propensity(lalonde, treatment="treat", covariates=published["smd_unweighted"]["vars"])
    expected = published["ps_glm"]
    assert list(found.coefficients.values()) == pytest.approx(expected["coef"], rel=SCORE)
    assert list(found.standard_errors.values()) == pytest.approx(expected["se"], rel=ERROR)
    assert found.scores[0][:10].tolist() == pytest.approx(published["ps_first10"], rel=SCORE)
    assert found.balance["difference"].to_list() == pytest.approx(published["smd_unweighted"]["smd"], abs=DIFFERENCE)


@pytest.mark.parametrize(
    ("name", "kind"), [("w_ate", "ate"), ("w_att", "att"), ("w_sate", "stabilized"), ("w_ato", "overlap")]
)
def test_lalonde_weights(lalonde: pl.DataFrame, published: dict[str, Any], name: str, kind: str) -> None:
    expected, names = published[name], published["smd_unweighted"]["vars"]
    found = propensity(lalonde, treatment="treat", covariates=names, **KINDS[kind])
    assert found.groups["weight_sum"].sum() == pytest.approx(expected["sum_w"], rel=SCORE)
    ess = [expected["ess_control"], expected["ess_treated"]]
    assert found.groups["effective_sample_size"].to_list() == pytest.approx(ess, rel=SCORE)
    assert found.groups["largest_weight"].max() == pytest.approx(expected["max_w"], rel=LARGEST)
    assert found.balance["weighted_difference"].to_list() == pytest.approx(expected["smd"], abs=DIFFERENCE)
    w, y, z = found.weights[0], lalonde["re78"].to_numpy(), lalonde["treat"].to_numpy() == 1
    effect = np.average(y[z], weights=w[z]) - np.average(y[~z], weights=w[~z])
    assert effect == pytest.approx(expected["effect"], rel=SCORE)


def test_trimmed(lalonde: pl.DataFrame) -> None:
    expected = R["trimmed"]
    found = propensity(lalonde, treatment="treat", covariates=["age", "black", "married", "re74"], trim=0.1)
    assert found.groups["trimmed"].to_list() == expected["n"]
    assert found.groups["weight_sum"].to_list() == pytest.approx(expected["sum"], rel=SCORE)
    assert found.groups["effective_sample_size"].to_list() == pytest.approx(expected["ess"], rel=SCORE)
    assert found.balance["weighted_difference"].to_list() == pytest.approx(expected["smd"], abs=DIFFERENCE)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n_sites", [1, 3])
def test_veteran(veteran: pl.DataFrame, kind: str, n_sites: int) -> None:
    expected = R["weights"][kind]
    frames = [veteran[i::n_sites] for i in range(n_sites)]
    names = ["karno", "age", "diagtime", "celltype"]
    found = propensity(frames, treatment="new", covariates=names, **KINDS[kind])
    for column, key in (("weight_sum", "sum"), ("effective_sample_size", "ess")):
        assert found.groups[column].to_list() == pytest.approx(expected[key], rel=SCORE)
    assert found.groups["largest_weight"].to_list() == pytest.approx(expected["largest"], rel=LARGEST)
    assert found.balance["weighted_difference"].to_list() == pytest.approx(expected["smd"], abs=DIFFERENCE)
    ratios = found.balance["weighted_variance_ratio"].to_list()[:3]
    assert ratios == pytest.approx(expected["variance_ratio"], rel=SCORE)
    _check_survival(found.frames(), expected)


def _check_survival(frames: list[pl.DataFrame], expected: dict[str, Any]) -> None:
    follow = {"time": "time", "event": "status", "weight": "weight"}
    models = {
        "efron": {"covariates": ["new"]},
        "breslow": {"covariates": ["new"], "ties": "breslow"},
        "adjusted": {"covariates": ["new", "karno"], "strata": "celltype"},
    }
    for name, arguments in models.items():
        fit = cox(frames, **follow, **arguments)
        assert list(fit.coefficients.values()) == pytest.approx(np.atleast_1d(expected[name]["coefficients"]), abs=COX)
        assert list(fit.standard_errors.values()) == pytest.approx(np.atleast_1d(expected[name]["errors"]), rel=COX)
        assert list(fit.log_likelihood) == pytest.approx(expected[name]["log_likelihood"], rel=SCORE)
    curves = kaplan_meier(frames, **follow, by="new").curves.values()
    assert np.concatenate([curve.survival for curve in curves]).tolist() == pytest.approx(
        expected["curve"]["surv"], rel=CURVE, abs=CURVE
    )


def test_weighted_limits(veteran: pl.DataFrame) -> None:
    """Limits of the curves are those of R's robust standard errors."""
    found = propensity(veteran, treatment="new", covariates=["karno", "age", "diagtime", "celltype"])
    weighted = {"time": "time", "event": "status", "weight": "weight", "by": "new", "interval": "plain"}
    curves = kaplan_meier(found.frames(), **weighted).curves.values()
    lower, upper = (np.concatenate([getattr(curve, side) for curve in curves]) for side in ("lower", "upper"))
    # Limits end at 0 and 1.
    inside = (lower > 0) & (upper < 1)
    errors = np.array(R["weights"]["ate"]["curve"]["error"])[inside]
    assert ((upper - lower)[inside] / (2 * NORMAL)).tolist() == pytest.approx(errors.tolist(), rel=COX)
    assert inside.sum() > 80


def test_matching_is_nearer_than_matchit(lalonde: pl.DataFrame) -> None:
    """MatchIt 4.5.1 leaves nearer free controls unused, so the effect differs; see docs/validation, Where R differs."""
    names = ["age", "educ", "race", "married", "nodegree", "re74", "re75"]
    found = match(lalonde, treatment="treat", covariates=names).frames()[0].sort("set", "treat")
    expected = R["matching"]["nearest"]
    treated, controls = found.filter(pl.col("treat") == 1), found.filter(pl.col("treat") == 0)
    assert [controls.height, treated.height] == expected["n"]
    assert float((treated["score"] - controls["score"]).abs().sum()) < expected["total"]
    assert treated["re78"].mean() - controls["re78"].mean() == pytest.approx(894.3674802702699, rel=SCORE)
    assert expected["effect"] == pytest.approx(770.3901678378)


def test_matching_keeps_its_caliper(lalonde: pl.DataFrame) -> None:
    """MatchIt 4.5.1 was asked for a caliper of 0.05 and gives pairs further apart."""
    names = ["age", "educ", "race", "married", "nodegree", "re74", "re75"]
    found = match(lalonde, treatment="treat", covariates=names, caliper=0.05, caliper_unit="absolute").frames()[0]
    spans = found.group_by("set").agg((pl.col("score").max() - pl.col("score").min()).alias("span"))["span"]
    assert spans.max() <= 0.05
    assert R["matching"]["caliper"]["farthest"] > 0.05


@pytest.mark.parametrize(
    ("given", "measure", "expected"),
    [((3.9, 1.8, 8.7), "risk-ratio", (7.26, 3.00)), ((0.8, 0.71, 0.91), "risk-ratio", (1.81, 1.43))],
)
def test_published_e_values(given: tuple[float, float, float], measure: Any, expected: tuple[float, float]) -> None:
    """VanderWeele and Ding 2017, the examples of their text."""
    found = e_value(*given, measure=measure)
    assert (round(found.estimate, 2), round(found.limit, 2)) == expected
