"""Agreement with R survival and Hmisc: categories, interactions, splines, tests of terms, contrasts in subgroups.

`cox_terms.R` runs each model at a tight stopping rule; Firth's coefficients are those of coxphf in the shared file.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from cohortium import cox, cox_table, subgroup_effects
from cohortium.estimators.distributions import chi_square_tail

# What is left is rounding, of coefficients in units of their standard errors.
COEFFICIENT = 1e-9
STANDARD_ERROR = 1e-9
LOG_LIKELIHOOD = 1e-12
TEST = 1e-9
# coxphf stops when no coefficient moves by 1e-10, after linear steps.
COXPHF = 1e-9

HERE = Path(__file__).parent
KNOTS = [45.0, 58.0, 66.0, 74.0]


@pytest.fixture(scope="module")
def r() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((HERE / "cox_terms.json").read_text())
    return found


@pytest.fixture(scope="module")
def data(reference_data: Path, r: dict[str, Any]) -> dict[str, pl.DataFrame]:
    frames = {}
    for name, digest in r["_meta"]["md5"].items():
        path = reference_data / name
        assert hashlib.md5(path.read_bytes()).hexdigest() == digest  # noqa: S324 - a check of the input, no secret
        frames[path.stem] = pl.read_csv(path, null_values="NA")
    veteran, lung = frames["veteran"], frames["lung"]
    celltype = pl.Enum(["squamous", "smallcell", "adeno", "large"])
    return {
        "heart": frames["heart"],
        "veteran": veteran.with_columns(pl.col("celltype").cast(celltype), pl.col("trt").cast(pl.String)),
        "lung": lung.with_columns(pl.col("sex").cast(pl.String), died=pl.col("status") - 1),
    }


def _agrees(fit: Any, found: dict[str, Any], order: list[int] | None = None) -> None:
    place = np.arange(len(fit.names)) if order is None else np.array(order)
    errors = np.array(found["se"])
    assert np.abs(fit.estimate.coefficients[place] - found["coef"]).max() <= COEFFICIENT * errors.min()
    assert np.abs(fit.estimate.standard_errors[place] / errors - 1).max() <= STANDARD_ERROR
    assert list(fit.log_likelihood) == pytest.approx(found["loglik"], rel=LOG_LIKELIHOOD)
    assert (fit.n, fit.n_events) == (found["n"], found["nevent"])


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_interactions(data: dict[str, pl.DataFrame], r: dict[str, Any], ties: str) -> None:
    fit = cox(
        data["heart"], time="stop", event="event", entry="start", covariates=["age", "surgery", "transplant"],
        interactions=[["age", "transplant"], ["surgery", "transplant"]], ties=ties,  # type: ignore[arg-type]
    )  # fmt: skip
    found = r[f"heart_{ties}"]
    _agrees(fit, found)
    tests = fit.term_tests()
    assert tests["term"].to_list()[3:] == ["age x transplant", "surgery x transplant"]
    assert tests["wald"].to_list()[:3] == [None] * 3
    assert tests["wald"].to_list()[3:] == pytest.approx(found["wald"], rel=TEST)
    assert tests["likelihood_ratio"].to_list()[3:] == pytest.approx(found["lr"], rel=TEST)


def test_categories(data: dict[str, pl.DataFrame], r: dict[str, Any]) -> None:
    fit = cox(data["veteran"], time="time", event="status", covariates=["trt", "celltype", "karno"])
    _agrees(fit, r["veteran"])
    tests = fit.term_tests()
    assert tests["df"].to_list() == [1, 3, 1]
    assert tests["wald"].to_list() == pytest.approx(r["veteran"]["wald"], rel=TEST)
    assert tests["likelihood_ratio"].to_list() == pytest.approx(r["veteran"]["lr"], rel=TEST)


def test_splines(data: dict[str, pl.DataFrame], r: dict[str, Any]) -> None:
    lung = data["lung"]
    model: dict[str, Any] = {"time": "time", "event": "died", "covariates": ["age", "sex", "ph.ecog"]}
    fit = cox(lung, **model, splines={"age": KNOTS})
    assert fit.names == ("age", "age'", "age''", "sex[2]", "ph.ecog")
    found = r["lung_spline"]
    _agrees(fit, found)
    tests = fit.term_tests()
    whole, bends, *others = found["wald"]
    assert tests["wald"].to_list() == pytest.approx([whole, *others], rel=TEST)
    assert tests["nonlinear_wald"][0] == pytest.approx(bends, rel=TEST)
    assert tests["likelihood_ratio"].to_list() == pytest.approx(found["lr"], rel=TEST)
    table = cox_table(lung, **model, splines={"age": KNOTS}).filter(model="multivariable", variable="age")
    assert table["level"].to_list() == ["45", "58", "66", "74"]
    ratios = table.filter(pl.col("note") != "reference")
    assert np.log(ratios["hazard_ratio"].to_numpy()) == pytest.approx(found["contrast"], rel=TEST)
    half = np.log(ratios["upper"].to_numpy() / ratios["lower"].to_numpy()) / 2
    assert half / 1.959963984540054 == pytest.approx(found["contrast_se"], rel=TEST)
    by_sex = cox(lung, **model, splines={"age": KNOTS}, interactions=[["age", "sex"]])
    _agrees(by_sex, r["lung_spline_by_sex"], [0, 1, 2, 3, 4, 5, 6, 7])
    last = by_sex.term_tests().row(-1, named=True)
    assert [last["df"], last["wald"]] == pytest.approx([3, *r["lung_spline_by_sex"]["wald"]], rel=TEST)
    assert last["likelihood_ratio"] == pytest.approx(r["lung_spline_by_sex"]["lr"][0], rel=TEST)


def test_subgroups(data: dict[str, pl.DataFrame], r: dict[str, Any]) -> None:
    found = r["veteran_subgroups"]
    effects = subgroup_effects(
        data["veteran"], time="time", event="status", effect="trt", by="celltype", covariates=["karno"]
    ).to_frame()
    # R's model lists the category before the performance status; the overall effect is another model's.
    levels = effects.filter(variable="celltype")
    assert levels["level"].to_list() == ["squamous", "smallcell", "adeno", "large"]
    assert np.log(levels["hazard_ratio"].to_numpy()) == pytest.approx(found["contrast"], rel=TEST)
    half = np.log(levels["upper"].to_numpy() / levels["lower"].to_numpy()) / 2
    assert half / 1.959963984540054 == pytest.approx(found["contrast_se"], rel=TEST)
    assert levels["n"].to_list() == [35, 48, 27, 27]
    assert levels["interaction_p"][0] == pytest.approx(chi_square_tail(found["lr"][0], 3), rel=TEST)


def test_firth(reference_data: Path) -> None:
    """The standard error is of the information at the penalized maximum, as coxphf's; limits are its profile limits."""
    frame = pl.read_csv(reference_data / "logistic" / "coxphf_breast.csv")
    found = json.loads((reference_data / "reference" / "firth.json").read_text())["breast_firth_cox"]
    model: dict[str, Any] = {"time": "TIME", "event": "CENS", "covariates": ["T", "N", "G", "CD"], "ties": "breslow"}
    fit = cox(frame, **model)
    assert fit.is_penalized
    assert fit.warnings[0].startswith(
        "Firth penalized; the maximum-likelihood estimate of G does not exist: separation"
    )
    table = fit.to_frame()
    for name, expected in (
        ("coefficient", found["coef"]),
        ("standard_error", found["se"]),
        ("lower", found["pl_lower_hr"]),
        ("upper", found["pl_upper_hr"]),
        ("p_value", found["p"]),
    ):
        assert table[name].to_list() == pytest.approx(expected, rel=COXPHF), name
    # coxphf scales the columns before it takes the determinant, which adds a constant to both values.
    null, fitted = found["loglik"]
    assert fit.likelihood_ratio.statistic == pytest.approx(2 * (fitted - null), rel=TEST)
    assert fit.log_likelihood.null == pytest.approx(cox(frame, **model, penalty="none").log_likelihood.null)
    # Whether it was needed or asked for, and however the rows are cut into sites.
    parts = [frame[:37], frame[37:38], frame[38:]]
    for other in (cox(frame, **model, penalty="firth"), cox(parts, **model)):
        assert other.to_frame()["upper"].to_list() == pytest.approx(table["upper"].to_list(), rel=1e-10)
