"""Agreement with R survival 3.5.3 of what is made of a Cox model after its fit.

`cox_after.R` runs each model at a tight stopping rule; `test_cox_after_shared_r.py` compares with R's default.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
import pytest

from cohortium.estimators.contract import Factor, Rows
from cohortium.estimators.cox.after.concordance import Concordance
from cohortium.estimators.cox.after.points import scaled_points
from cohortium.estimators.cox.after.prediction import Prediction
from cohortium.estimators.cox.after.proportional import ProportionalHazards
from cohortium.estimators.cox.prepare import prepare
from cohortium.estimators.cox.residuals import event_residuals, row_residuals
from cohortium.estimators.cox.solve import CoxEstimate
from cohortium.estimators.cox.spec import CoxSpec, FactorTerm, NumberTerm
from cohortium.estimators.grid import Grid
from estimators.cases import Case, rounds, take

# Tests of proportional hazards, relative: R's coefficients are at the rounding of its score, to which the test of a
# term without a trend is most sensitive.
TEST = 1e-9
# Smoothed residuals, of the size of the largest.
SMOOTH = 1e-9
# Hazards, survival and limits: sums over some hundred event times. R has 15 digits in the file.
CURVE = 1e-12
# Concordance, standard error and pairs, relative.
CONCORDANCE = 1e-12
# Residuals, of the size of the largest of their kind.
RESIDUAL = 1e-11
# A federated result against the pooled one.
SPLIT = 1e-10

HERE = Path(__file__).parent
LUNG = ("age", "sex", "ph.ecog")
HEART = ("age", "year", "surgery", "transplant")


class Model(NamedTuple):
    """A model: its data, columns, options, and patients to predict for."""

    data: str
    terms: tuple[str, ...]
    options: dict[str, Any] = {}
    profiles: tuple[tuple[float, ...], ...] = ()


LUNG_PROFILES = ((50.0, 2.0, 0.0), (75.0, 1.0, 2.0))
VETERAN = ("trt", "celltype", "karno", "diagtime", "age", "prior")
MODELS = {
    "lung_efron": Model("lung", LUNG, {}, LUNG_PROFILES),
    "lung_breslow": Model("lung", LUNG, {"ties": "breslow"}, LUNG_PROFILES),
    "lung_weighted": Model("lung", LUNG, {"weight": "w"}, LUNG_PROFILES),
    "lung_weighted_breslow": Model("lung", LUNG, {"weight": "w", "ties": "breslow"}, LUNG_PROFILES),
    "lung_offset": Model("lung", ("sex", "ph.ecog"), {"offset": "o"}),
    "lung_by_institution": Model("lung, inside", LUNG, {"strata": "inst"}, LUNG_PROFILES),
    "lung_cluster": Model("lung, inside", LUNG, {"cluster": "inst"}),
    "veteran": Model("veteran", VETERAN, {}),
    "veteran_by_cell": Model(
        "veteran", ("trt", "karno", "age"), {"strata": "celltype"}, ((1.0, 60.0, 50.0), (2.0, 90.0, 65.0))
    ),
    "heart_efron": Model("heart", HEART, {"entry": "start"}, ((5.0, 3.0, 1.0, 1.0),)),
    "heart_breslow": Model("heart", HEART, {"entry": "start", "ties": "breslow"}, ((5.0, 3.0, 1.0, 1.0),)),
    "cgd_by_center": Model(
        "cgd", ("treated", "age", "linked"), {"entry": "tstart", "strata": "center"}, ((1.0, 10.0, 1.0),)
    ),
}
TIME = {
    "lung": ("time", "event"),
    "veteran": ("time", "status"),
    "heart": ("stop", "event"),
    "cgd": ("tstop", "status"),
}
EVERY = pytest.mark.parametrize("name", MODELS)
NESTED = pytest.mark.parametrize("nested", [True, False], ids=["strata inside sites", "shared risk sets"])


@cache
def tight() -> dict[str, Any]:
    return dict(json.loads((HERE / "cox_after.json").read_text()))


def frame_of(folder: Path, data: str) -> pl.DataFrame:
    name, _, part = data.partition(", ")
    frame = pl.read_csv(folder / "survival" / f"{name}.csv", null_values=["", "NA"], infer_schema_length=None)
    if name == "lung":
        position = pl.int_range(1, pl.len() + 1)
        frame = frame.with_columns(event=pl.col("status") - 1, w=1 + (position % 4) / 2, o=(pl.col("age") - 60) / 50)
        frame = frame.filter(pl.col("ph.ecog").is_not_null())
        return frame.filter(pl.col("inst").is_not_null()) if part else frame
    if name == "cgd":
        return frame.with_columns(treated=(pl.col("treat") == "rIFN-g"), linked=(pl.col("inherit") == "X-linked"))
    return frame


def fitted(folder: Path, name: str, *, nested: bool, **more: Any) -> tuple[CoxEstimate, Rows, CoxSpec]:
    """A model of `cox_after.R` with what follows its fit, on all rows at one site."""
    model = MODELS[name]
    frame = frame_of(folder, model.data)
    columns = {n: frame[n].cast(pl.Float64).fill_null(np.nan).to_numpy() for n in frame.columns if _is_number(frame[n])}
    options = dict(model.options)
    levels = {"celltype": ("squamous", "smallcell", "adeno", "large")}
    factors = {}
    for factor in filter(None, (options.pop("strata", None), "celltype" if "celltype" in model.terms else None)):
        names = levels.get(factor) or tuple(map(str, frame[factor].unique().sort().to_list()))
        factors[factor] = Factor(factor, names, names)
    codes = {
        n: frame[n].cast(pl.String).replace_strict(f.codes, range(len(f.codes)), return_dtype=pl.Int64).to_numpy()
        for n, f in factors.items()
    }
    time, event = TIME[model.data.partition(",")[0]]
    clocks = [columns[n] for n in (time, options.get("entry")) if n]
    spec = CoxSpec(
        time=time,
        event=event,
        grid=Grid.of(clocks, tied=True),
        terms=tuple(FactorTerm(factors[n]) if n in factors else NumberTerm(n) for n in model.terms),
        strata=tuple(f for n, f in factors.items() if n not in model.terms),
        nested=nested,
        **options,
        **more,
    )
    rows = Rows(frame.height, columns, codes)
    return estimate_of(spec, [rows]), rows, spec


def _is_number(series: pl.Series) -> bool:
    return series.dtype.is_numeric() or series.dtype == pl.Boolean


def estimate_of(spec: CoxSpec, parts: list[Rows]) -> CoxEstimate:
    found: CoxEstimate = rounds(Case("r", "cox", spec), parts)[0]
    return found


def test_inputs_are_those_of_the_script(reference_data: Path) -> None:
    for name, md5 in tight()["_meta"]["md5"].items():
        assert hashlib.md5((reference_data / name).read_bytes()).hexdigest() == md5, name  # noqa: S324


@EVERY
@NESTED
def test_proportional_hazards(reference_data: Path, name: str, nested: bool) -> None:
    expected = tight()[name]["zph"]
    for transform, test in expected["tests"].items():
        asked = ProportionalHazards(transform)
        found = fitted(reference_data, name, nested=nested, proportional=asked)[0].after["proportional"]
        assert [t.df for t in found.tests] == test["df"]
        assert [t.statistic for t in found.tests] == pytest.approx(test["chisq"], rel=TEST, abs=TEST)
        assert [t.p_value for t in found.tests] == pytest.approx(test["p"], rel=TEST, abs=TEST)
        for curve, r in zip(found.curves, expected["smooth"].get(transform, ()), strict=False):
            scale = np.abs(r["value"]).max()
            assert curve.value == pytest.approx(r["value"], rel=0, abs=SMOOTH * scale), (transform, curve.column)
            assert curve.lower == pytest.approx(r["lower"], rel=0, abs=SMOOTH * scale), (transform, curve.column)


PREDICTED = [name for name, model in MODELS.items() if model.profiles]


@pytest.mark.parametrize("name", PREDICTED)
@NESTED
def test_baseline_hazard_and_predicted_survival(reference_data: Path, name: str, nested: bool) -> None:
    expected = tight()[name]["survival"]
    estimate = fitted(reference_data, name, nested=nested, prediction=Prediction())[0]
    baseline = estimate.after["prediction"]
    strata = np.repeat(np.arange(len(expected["strata"])), expected["strata"])
    at = np.searchsorted(baseline.times, np.array(expected["time"]) + 1e-9) - 1
    assert baseline.at_origin("zero")[strata, at] == pytest.approx(expected["hazard"], rel=CURVE)
    assert baseline.at_origin("mean")[strata, at] == pytest.approx(expected["centered"], rel=CURVE)
    for position, profile in enumerate(MODELS[name].profiles):
        for interval, prefix in (("log", ""), ("log-log", "loglog_")):
            curves = [baseline.curve(s, profile, estimate.covariance, 0.95, interval) for s in range(strata[-1] + 1)]
            survival, lower, upper, error = (
                np.stack([getattr(curve, part) for curve in curves])[strata, at]
                for part in ("survival", "lower", "upper", "standard_error")
            )
            assert survival == pytest.approx(expected["surv"][position], abs=CURVE)
            assert error == pytest.approx(expected["std.err"][position], rel=1e-10, abs=CURVE)
            # R has no log-log limits where survival is 1; here they are 1.
            for ours, theirs in ((lower, f"{prefix}lower"), (upper, f"{prefix}upper")):
                r = np.array([np.nan if v is None else v for v in expected[theirs][position]])
                known = ~np.isnan(r)
                assert ours[known] == pytest.approx(r[known], abs=10 * CURVE)
                assert (ours[~known] == 1.0).all()


@EVERY
def test_concordance(reference_data: Path, name: str) -> None:
    expected = tight()[name]
    for suffix, tau in (("", None), ("_tau", 500.0)):
        asked = Concordance(("harrell", "uno"), nested=True, tau=tau)
        found = fitted(reference_data, name, nested=True, concordance=asked)[0].after["concordance"]
        for index in found:
            r = expected.get(f"{index.kind}{suffix}")
            if r is None:
                continue
            # R counts by the predictor, so that a higher risk and a later event are discordant; the shares are ours.
            pairs = [index.concordant, index.discordant, index.tied_risk, index.tied_time, index.tied_both]
            assert pairs == pytest.approx(r["count"], rel=CONCORDANCE)
            assert index.value == pytest.approx(r["value"][0], rel=CONCORDANCE)
            assert index.standard_error == pytest.approx(r["se"][0], rel=CONCORDANCE)


def test_uno_is_refused_with_late_entry(reference_data: Path) -> None:
    asked = Concordance(("uno", "harrell"), nested=True)
    uno, harrell = fitted(reference_data, "heart_efron", nested=True, concordance=asked)[0].after["concordance"]
    assert np.isnan(uno.value)
    assert "come under observation at different times" in uno.problem
    assert np.isfinite(harrell.value)


@pytest.mark.parametrize("name", ["lung_efron", "lung_weighted", "heart_efron"])
@NESTED
def test_residuals(reference_data: Path, name: str, nested: bool) -> None:
    expected = tight()[name]["residuals"]
    estimate, rows, spec = fitted(reference_data, name, nested=nested)
    prepared = [prepare(rows, spec)]
    for kind, r in expected.items():
        if "schoenfeld" in kind:
            found = event_residuals(prepared, spec, estimate.fit, kind)[0].values
        else:
            (found,) = row_residuals(prepared, spec, estimate.fit, kind)
        values = np.array(r)
        assert found == pytest.approx(values, rel=0, abs=RESIDUAL * max(1.0, np.abs(values).max())), kind


@pytest.mark.parametrize(
    ("name", "nested"),
    [(name, nested) for name in ("lung_by_institution", "cgd_by_center") for nested in (True, False)]
    + [("lung_weighted", False), ("heart_efron", False)],
)
def test_sites_give_what_one_gives(reference_data: Path, name: str, nested: bool) -> None:
    """Every number after the fit over sites, one of them empty, against one site."""
    asked = {"proportional": ProportionalHazards(), "prediction": Prediction()}
    if nested:
        asked["concordance"] = Concordance(("harrell",), nested=True)
    whole, rows, spec = fitted(reference_data, name, nested=nested, **asked)
    home = rows.codes[spec.strata[0].name] % 4 if spec.strata else np.arange(rows.n) % 5
    parts = [take(rows, np.flatnonzero(home == site)) for site in range(6)]
    found = estimate_of(spec, parts)
    for one, other in zip(found.after["proportional"].tests, whole.after["proportional"].tests, strict=True):
        assert one.statistic == pytest.approx(other.statistic, rel=SPLIT)
    for one, other in zip(found.after["proportional"].curves, whole.after["proportional"].curves, strict=True):
        assert one.value == pytest.approx(other.value, rel=SPLIT, abs=SPLIT)
        assert one.upper == pytest.approx(other.upper, rel=SPLIT, abs=SPLIT)
    one, other = (estimate.after["prediction"] for estimate in (found, whole))
    for ours, theirs in zip(one.sums, other.sums, strict=True):
        assert ours == pytest.approx(theirs, rel=SPLIT, abs=SPLIT)
    if nested:
        (one,), (other,) = (estimate.after["concordance"] for estimate in (found, whole))
        assert (one.concordant, one.discordant, one.tied_risk) == (other.concordant, other.discordant, other.tied_risk)
        assert one.standard_error == pytest.approx(other.standard_error, rel=SPLIT)
    pieces, pooled = ([prepare(part, spec) for part in some] for some in (parts, [rows]))
    for kind in ("martingale", "dfbeta"):
        cut = row_residuals(pieces, spec, found.fit, kind)
        (uncut,) = row_residuals(pooled, spec, whole.fit, kind)
        for site, values in enumerate(cut):
            assert values == pytest.approx(uncut[home == site], rel=SPLIT, abs=SPLIT)


@NESTED
def test_points_where_a_covariate_is_constant_in_a_stratum(reference_data: Path, nested: bool) -> None:
    """Some centers have patients of one treatment or inheritance only: there R has no residual for it, nor have we."""
    asked = ProportionalHazards()
    estimate, rows, spec = fitted(reference_data, "cgd_by_center", nested=nested, proportional=asked)
    information = estimate.after["proportional"].mean_information
    (found,) = scaled_points([prepare(rows, spec)], spec, estimate.fit, information)
    assert np.isnan(found.values).any()
    for ours, r in zip(found.values.T, tight()["cgd_by_center"]["points"], strict=True):
        known = np.sort([v for v in r if v is not None])
        assert np.sort(ours[~np.isnan(ours)]) == pytest.approx(known, rel=0, abs=RESIDUAL * np.abs(known).max())


def test_no_concordance_across_sites(reference_data: Path) -> None:
    """Pairs over sites are refused by name; nothing is asked of a site."""
    estimate = fitted(reference_data, "lung_efron", nested=False, concordance=Concordance())[0]
    assert "concordance" not in estimate.after


def test_a_compared_stratum_of_its_own(reference_data: Path) -> None:
    """Risk sets of everybody, pairs within institutions."""
    estimate, rows, spec = fitted(
        reference_data, "lung_by_institution", nested=True, concordance=Concordance(nested=True)
    )
    pooled = replace(spec, strata=(), nested=False, concordance=Concordance(("harrell",), spec.strata, nested=True))
    (index,) = estimate_of(pooled, [rows]).after["concordance"]
    (within,) = estimate.after["concordance"]
    assert index.tied_time == within.tied_time
    assert index.value != within.value
    compared = index.concordant + index.discordant + index.tied_risk
    assert compared == within.concordant + within.discordant + within.tied_risk
