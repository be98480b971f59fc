"""Agreement of logistic models with R: glm, clogit, pROC, and logistf in the shared files.

`logistic.R` runs each model at a tight stopping rule; its rows stand in its output.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from cohortium import logistic
from cohortium.estimators.contract import Rows
from cohortium.estimators.distributions import chi_square_tail
from cohortium.estimators.logistic.spec import LogisticSpec
from cohortium.estimators.logistic.sums import logistic_sums
from cohortium.estimators.logistic.usable import usable_rows
from cohortium.estimators.regression.terms import NumberTerm

# What is left is rounding, of coefficients in units of their standard errors; R prints 15 digits.
COEFFICIENT = 1e-9
STANDARD_ERROR = 1e-9
LOG_LIKELIHOOD = 1e-12
TEST = 1e-9
# R's root finding ends within its tolerance of 1e-14, but sees the deviance rounded.
LIMIT = 1e-7
# glm's standard errors are those of the step before its last, and its default rule of the shared files stops early.
GLM_ERROR = 5e-6
# logistf stops when coefficients move by less than 1e-12, its limits by less than 1e-10.
LOGISTF = 1e-8
# confint interpolates the profile by a spline.
CONFINT = 5e-5

HERE = Path(__file__).parent
R: dict[str, Any] = json.loads((HERE / "logistic.json").read_text())
FRAME = pl.DataFrame(R["rows"])


def _agrees(fit: Any, found: dict[str, Any], *, constant: bool = True) -> None:
    values, errors = list(fit.coefficients.values()), list(fit.standard_errors.values())
    if constant:
        values, errors = [fit.constant.value, *values], [fit.constant.standard_error, *errors]
    se = np.array(found["se"])
    assert np.abs((np.array(values) - found["coef"]) / se).max() <= COEFFICIENT
    assert np.abs(np.array(errors) / se - 1).max() <= STANDARD_ERROR
    assert list(fit.log_likelihood) == pytest.approx(found["loglik"], rel=LOG_LIKELIHOOD)
    if "score" in found:
        assert fit.score.statistic == pytest.approx(found["score"], rel=TEST)
    gain = 2 * (found["loglik"][1] - found["loglik"][0])
    assert fit.likelihood_ratio.statistic == pytest.approx(gain, rel=TEST)


def _has_limits(fit: Any, limits: list[list[float]], *, constant: bool = True) -> None:
    profile = fit.estimate.profile
    start = 0 if constant else 1
    found = np.stack([profile.lower, profile.upper], axis=1)[start:]
    assert np.abs(found - np.array(limits)).max() <= LIMIT


def _has_tests(fit: Any, terms: list[str], expected: list[float]) -> None:
    tests = {row["term"]: row["likelihood_ratio"] for row in fit.term_tests().iter_rows(named=True)}
    assert [tests[term] for term in terms] == pytest.approx(expected, rel=TEST)


def test_interactions_limits_and_tests() -> None:
    covariates = ["age", "sex", "stage", "marker"]
    fit = logistic(FRAME, outcome="y", covariates=covariates, interactions=[["sex", "stage"]], interval="profile")
    _agrees(fit, R["plain"])
    _has_limits(fit, R["plain"]["limits"])
    _has_tests(fit, ["age", "marker", "sex x stage"], R["plain"]["lr"])


def test_area_under_the_curve() -> None:
    covariates = ["age", "sex", "stage", "marker"]
    fit = logistic(FRAME, outcome="y", covariates=covariates, interactions=[["sex", "stage"]])
    found = fit.discrimination()
    limits = [found.area, found.standard_error, found.lower, found.upper]
    assert limits == pytest.approx(R["plain"]["auc"], rel=TEST)
    in_steps = fit.discrimination(exact=False)
    assert in_steps.area == pytest.approx(found.area, abs=5e-4)


def test_spline() -> None:
    fit = logistic(FRAME, outcome="y", covariates=["age", "sex"], splines={"age": [42, 54, 63, 77]})
    _agrees(fit, R["spline"])
    _has_tests(fit, ["age"], [R["spline"]["lr"]])


def test_weights() -> None:
    fit = logistic(FRAME, outcome="y", covariates=["age", "stage", "marker"], weight="weight", interval="profile")
    _agrees(fit, R["weights"])
    _has_limits(fit, R["weights"]["limits"])
    _has_tests(fit, ["age", "stage", "marker"], R["weights"]["lr"])


def test_offset() -> None:
    fit = logistic(FRAME, outcome="y", covariates=["age", "marker", "sex"], offset="offset", interval="profile")
    _agrees(fit, R["offset"])
    _has_limits(fit, R["offset"]["limits"])
    _has_tests(fit, ["age", "marker", "sex"], R["offset"]["lr"])


@pytest.mark.parametrize("cut", [False, True], ids=["one frame", "a frame a site"])
def test_a_constant_for_each_site(cut: bool) -> None:
    """The site without events is left out by hand in R; here it says nothing of the covariates, and is counted."""
    frames = list(FRAME.partition_by("site")) if cut else FRAME
    fit = logistic(
        frames, outcome="y", covariates=["age", "marker", "sex"], strata="site", offset="offset", interval="profile"
    )
    _agrees(fit, R["site"], constant=False)
    _has_limits(fit, R["site"]["limits"], constant=False)
    assert fit.n == FRAME.height
    assert fit.estimate.strata_left_out == FRAME.filter(pl.col("site") == "f").height


def test_conditional_likelihood() -> None:
    frames = list(FRAME.partition_by("site"))
    fit = logistic(frames, outcome="y", covariates=["age", "marker", "sex"], strata="site", conditional=True)
    _agrees(fit, R["clogit"], constant=False)
    assert fit.wald.statistic == pytest.approx(R["clogit"]["wald"], rel=TEST)
    small = logistic(
        FRAME, outcome="y", covariates=["age", "marker"], strata=["site", "stage"], offset="offset", conditional=True
    )
    _agrees(small, R["clogit_offset"], constant=False)


def _indomethacin(folder: Path) -> pl.DataFrame:
    frame = pl.read_csv(folder / "logistic" / "medicaldata_indo_rct.csv")
    return frame.with_columns(
        y=pl.col("outcome").str.starts_with("1").cast(pl.Int64), trt=pl.col("rx").str.starts_with("1").cast(pl.Int64)
    )


def test_indomethacin_trial(reference_data: Path) -> None:
    """The multi-center trial: unadjusted, adjusted, with a constant for each center (one of which has no events)."""
    found = json.loads((reference_data / "reference" / "logistic_multicentre.json").read_text())
    frame = _indomethacin(reference_data)
    covariates = ["trt", "age", "risk", "gender"]
    for names, key in ((["trt"], "glm_trt"), (covariates, "glm_adj")):
        fit, expected = logistic(frame, outcome="y", covariates=names, interval="profile"), found[key]
        values = [fit.constant.value, *fit.coefficients.values()]
        errors = [fit.constant.standard_error, *fit.standard_errors.values()]
        assert values == pytest.approx(expected["coef"], rel=COEFFICIENT)
        assert errors == pytest.approx(expected["se"], rel=GLM_ERROR)
        assert -2 * fit.log_likelihood.fitted == pytest.approx(expected["deviance"], rel=LOG_LIKELIHOOD)
        assert -2 * fit.log_likelihood.null == pytest.approx(expected["null_deviance"], rel=LOG_LIKELIHOOD)
        limits = np.stack([fit.estimate.profile.lower, fit.estimate.profile.upper], axis=1)
        assert np.abs(limits - np.array(expected["profile_ci"])).max() <= CONFINT
    fit, expected = logistic(frame, outcome="y", covariates=covariates, strata="site"), found["glm_site"]
    assert list(fit.coefficients.values()) == pytest.approx(expected["coef"][1:5], rel=COEFFICIENT)
    assert list(fit.standard_errors.values()) == pytest.approx(expected["se"][1:5], rel=GLM_ERROR)
    # glm stops while the constant of the center without events still runs, so that its log likelihood is behind.
    assert fit.log_likelihood.fitted == pytest.approx(expected["loglik"], abs=1e-9)


def test_parts_of_sites(reference_data: Path) -> None:
    """Each site's log likelihood, score and information, at zero and at the estimate."""
    found = json.loads((reference_data / "reference" / "logistic_multicentre.json").read_text())
    frame = _indomethacin(reference_data).with_columns(male=pl.col("gender").str.starts_with("2").cast(pl.Int64))
    names = ("trt", "age", "risk", "male")
    spec = LogisticSpec("y", tuple(map(NumberTerm, names)))
    for key, beta in (("site_parts_at0", np.zeros(5)), ("site_parts_athat", np.array(found["glm_adj"]["coef"]))):
        for site, expected in found[key].items():
            own = frame.filter(pl.col("site") == site)
            rows = Rows(own.height, {name: own[name].cast(pl.Float64).to_numpy() for name in ("y", *names)}, {})
            sums = logistic_sums(usable_rows(rows, spec, slice(None)), beta[None], np.zeros(4), None)
            assert rows.n == expected["n"]
            assert sums.log_likelihood[0] == pytest.approx(expected["loglik"], rel=1e-12)
            scale = np.sqrt(np.diag(np.array(expected["info"])) + 1e-12)
            assert np.abs((sums.score[0] - expected["score"]) / scale).max() <= 1e-11
            assert np.abs((sums.information[0] - expected["info"]) / np.outer(scale, scale)).max() <= 1e-11


def test_two_by_two_table(reference_data: Path) -> None:
    """The published 27 of 295 against 52 of 307: the standard error is the root of the sum of reciprocals."""
    fit = logistic(_indomethacin(reference_data), outcome="y", covariates=["trt"])
    assert fit.coefficients["trt"] == pytest.approx(np.log(27 * 255 / (268 * 52)), rel=1e-12)
    assert fit.standard_errors["trt"] == pytest.approx(np.sqrt(1 / 27 + 1 / 268 + 1 / 52 + 1 / 255), rel=1e-12)
    assert round(float(fit.to_frame()["p_value"][0]), 3) == 0.005


def test_beitler_landis(reference_data: Path) -> None:
    """Eight centers: a constant for each, and the conditional likelihood."""
    found = json.loads((reference_data / "reference" / "logistic_multicentre.json").read_text())["beitler_landis"]
    rows: list[dict[str, int]] = []
    for i, center in enumerate(found["data"]["centre"]):
        for drug, arm in ((1, "drug"), (0, "ctl")):
            events, n = found["data"][f"s_{arm}"][i], found["data"][f"n_{arm}"][i]
            rows += [{"centre": center, "drug": drug, "y": int(k < events)} for k in range(n)]
    frame = pl.DataFrame(rows).with_columns(pl.col("centre").cast(pl.String))
    for conditional, key in ((False, "glm_drug"), (True, "clogit")):
        fit = logistic(frame, outcome="y", covariates=["drug"], strata="centre", conditional=conditional)
        assert fit.coefficients["drug"] == pytest.approx(found[key][0], rel=1e-8)
        assert fit.standard_errors["drug"] == pytest.approx(found[key][1], rel=GLM_ERROR)


FIRTH = {
    "endometrial_firth": ("brglm2_endometrial.csv", "HG", ["NV", "PI", "EH"]),
    "sex2_firth": ("logistf_sex2.csv", "case", ["age", "oc", "vic", "vicl", "vis", "dia"]),
}


@pytest.mark.parametrize("key", FIRTH)
def test_firth(reference_data: Path, key: str) -> None:
    """Coefficients, both standard errors, limits, tests and log likelihoods of logistf; the fallback finds them too."""
    found = json.loads((reference_data / "reference" / "firth.json").read_text())[key]
    file, outcome, covariates = FIRTH[key]
    frame = pl.read_csv(reference_data / "logistic" / file)
    for penalty in ("firth", "if-needed"):
        fit = logistic(frame, outcome=outcome, covariates=covariates, penalty=penalty)  # type: ignore[arg-type]
        assert fit.is_penalized
        estimate = fit.estimate
        values = [fit.constant.value, *fit.coefficients.values()]
        errors = [fit.constant.standard_error, *fit.standard_errors.values()]
        assert values == pytest.approx(found["coef"], rel=LOGISTF)
        assert errors == pytest.approx(found["se_inverse_fisher_info"], rel=LOGISTF)
        assert np.sqrt(np.diag(estimate.augmented)) == pytest.approx(found["se"], rel=LOGISTF)
        assert estimate.profile.lower == pytest.approx(found["pl_ci"]["lower"], rel=LOGISTF)
        assert estimate.profile.upper == pytest.approx(found["pl_ci"]["upper"], rel=LOGISTF)
        p_values = [chi_square_tail(statistic, 1) for statistic in estimate.profile.statistics]
        assert p_values == pytest.approx(found["pl_p"], rel=LOGISTF)
        full, null = found["penloglik_full_null"]
        assert list(fit.log_likelihood) == pytest.approx([null, full], rel=LOG_LIKELIHOOD)
        assert fit.likelihood_ratio.statistic == pytest.approx(found["plr_test"]["chisq"], rel=TEST)
    augmented = logistic(frame, outcome=outcome, covariates=covariates, penalty="firth", firth_errors="augmented")
    assert list(augmented.standard_errors.values()) == pytest.approx(found["se"][1:], rel=LOGISTF)


def test_separation_is_named(reference_data: Path) -> None:
    """The coefficients that maximum likelihood has agree with R's; the one that it has not is empty with its reason."""
    found = json.loads((reference_data / "reference" / "firth.json").read_text())["endometrial_ml_separated"]
    frame = pl.read_csv(reference_data / "logistic" / "brglm2_endometrial.csv")
    fit = logistic(frame, outcome="HG", covariates=["NV", "PI", "EH"], penalty="none")
    assert np.isnan(fit.coefficients["NV"])
    assert [fit.coefficients["PI"], fit.coefficients["EH"]] == pytest.approx(found["coef"][2:], rel=1e-7)
    assert [fit.standard_errors["PI"], fit.standard_errors["EH"]] == pytest.approx(found["se"][2:], rel=1e-7)
    assert fit.log_likelihood.fitted == pytest.approx(found["loglik"], abs=1e-7)
    assert any("separation" in text for text in fit.warnings)
