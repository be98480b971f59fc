"""Agreement with R survival 3.5.3 and cmprsk 2.2-11: cumulative incidence, Gray's test, cause-specific hazards.

The shared reference files hold `cuminc` (Aalen's variance); `competing.json` holds multi-state `survfit` (the
infinitesimal jackknife, which without late entry is Greenwood's form) with its limits.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from cohortium import cox, cumulative_incidence, gray_test, kaplan_meier
from reference.competing_data import competing_frame, made_by_r

# Curves are sums of a few hundred products.
CURVE = 1e-12
# Variances come from differences of sums of such products.
VARIANCE = 1e-12
TEST = 1e-9
# The shared files hold R's default coxph, which stops up to 1e-8 standard errors from the optimum.
DEFAULT = 1e-8

CURVES = {
    "mgus2_competing": ("cif", "mgus2", "sex"),
    "bmtcrr_scrucca": ("cif_D", "crr", "D"),
    "bmt_4hospitals": ("cif", "bmt", "group"),
    "pbc3_6hospitals": ("cif", "pbc3", "tment"),
    "pbc": ("cif", "pbc", "trt"),
}
GRAY = {
    "gray mgus2 rho 1": ("mgus2", {"by": "sex", "rho": 1.0}),
    "gray bmt rho 2": ("bmt", {"by": "group", "rho": 2.0}),
    "gray pbc3 by unit, rho 1": ("pbc3", {"by": "tment", "strata": "unit", "rho": 1.0}),
    "gray bmt by hospital": ("bmt", {"by": "group", "strata": "z9"}),
}


def _shared(folder: Path, name: str) -> dict[str, Any]:
    return dict(json.loads((folder / "reference" / f"{name}.json").read_text()))


@pytest.mark.parametrize("name", CURVES)
def test_cuminc(reference_data: Path, name: str) -> None:
    """Curves and Aalen's variance at every event time, as R's cuminc prints them."""
    key, data, by = CURVES[name]
    found = cumulative_incidence(
        competing_frame(reference_data, data), time="time", event="end", by=by, variance="aalen"
    )
    compared = 0
    for curve, r in _shared(reference_data, name)[key]["curves"].items():
        group, cause = curve.rsplit(" ", 1)
        # R lists the corners of the steps: of two entries at a time, the second is the value at it.
        at = [i for i, time in enumerate(r["time"]) if r["time"][i + 1 : i + 2] != [time]]
        mine = found.at([r["time"][i] for i in at]).filter(group=group, cause=cause)
        assert mine["incidence"].to_numpy() == pytest.approx([r["est"][i] for i in at], rel=CURVE, abs=CURVE)
        variance = mine["standard_error"].to_numpy() ** 2
        assert variance == pytest.approx([r["var"][i] for i in at], rel=VARIANCE, abs=1e-20)
        compared += len(at)
    assert compared > 20


@pytest.mark.parametrize("name", CURVES)
def test_gray(reference_data: Path, name: str) -> None:
    """Gray's statistic of each cause, as R's cuminc gives it."""
    key, data, by = CURVES[name]
    r = _shared(reference_data, name)[key]["gray"]
    found = gray_test(competing_frame(reference_data, data), time="time", event="end", by=by)
    for cause, statistic, p, df in zip(r["cause"], r["stat"], r["p"], r["df"], strict=True):
        test = found.tests[cause]
        assert (test.statistic, test.df) == (pytest.approx(statistic, rel=TEST), df)
        assert test.p_value == pytest.approx(p, rel=1e-8)


def test_stratified_gray(reference_data: Path) -> None:
    r = _shared(reference_data, "pbc3_6hospitals")["cif_strat"]["gray"]
    frame = competing_frame(reference_data, "pbc3")
    hospitals = [frame.filter(unit=unit) for unit in frame["unit"].unique().to_list()]
    for given in (frame, hospitals):
        found = gray_test(given, time="time", event="end", by="tment", strata="unit")
        assert [test.statistic for test in found.tests.values()] == pytest.approx(r["stat"], rel=TEST)


@pytest.mark.parametrize("name", GRAY)
def test_weighted_gray(reference_data: Path, name: str) -> None:
    data, given = GRAY[name]
    found = gray_test(competing_frame(reference_data, data), time="time", event="end", **given)  # type: ignore[arg-type]
    assert [test.statistic for test in found.tests.values()] == pytest.approx(made_by_r()[name]["statistic"], rel=TEST)


@pytest.mark.parametrize("form", ["plain", "log", "log-log"])
@pytest.mark.parametrize(("name", "by"), [("mgus2", "sex"), ("bmt", "group")])
def test_survfit(reference_data: Path, name: str, by: str, form: str) -> None:
    """Estimates, standard errors, limits and numbers at risk of R's multi-state survfit."""
    r = made_by_r()[f"{name} {form}"]
    found = cumulative_incidence(
        competing_frame(reference_data, name),
        time="time",
        event="end",
        by=by,
        interval=form,  # type: ignore[arg-type]
    )
    for row in _beside(r, found.table):
        pairs = [("incidence", "value"), ("standard_error", "error"), ("lower", "lower_r"), ("upper", "upper_r")]
        for ours, theirs in pairs:
            if row[theirs] is None:
                assert np.isnan(row[ours])
            else:
                assert row[ours] == pytest.approx(row[theirs], rel=1e-10, abs=CURVE)
        assert row["n_risk"] == row["n_risk_r"]


def _beside(r: dict[str, Any], table: pl.DataFrame) -> list[dict[str, Any]]:
    """R's rows of both causes with ours."""
    rows: list[dict[str, Any]] = []
    for cause in ("1", "2"):
        columns = {name: pl.Series(r[f"{name}{cause}"], dtype=pl.Float64) for name in ("value", "error")}
        limits = {f"{name}_r": pl.Series(r[f"{name}{cause}"], dtype=pl.Float64) for name in ("lower", "upper")}
        theirs = pl.DataFrame(
            {
                "group": pl.Series(r["group"], dtype=pl.String),
                "time": pl.Series(r["time"], dtype=pl.Float64),
                "n_risk_r": r["n_risk"],
                **columns,
                **limits,
            }
        )
        joined = theirs.join(table.filter(cause=cause), on=["group", "time"], how="left")
        assert joined["incidence"].null_count() == 0
        rows += joined.iter_rows(named=True)
    return rows


@pytest.mark.parametrize("cause", [1, 2])
def test_late_entry(reference_data: Path, cause: int) -> None:
    """Estimates as R's; the standard error is Greenwood's, where R gives the infinitesimal jackknife.

    The two are one without late entry. With it, rows that enter later are not among those whose influence cancels, so
    that they differ slightly. Both are computed here from their definition.
    """
    frame = competing_frame(reference_data, "mgus2").with_columns(begin=(pl.col("age") * 7) % 40)
    r = made_by_r()["mgus2 late plain"]
    found = cumulative_incidence(frame, time="time", event="end", by="sex", entry="begin", interval="plain")
    late = frame.filter(pl.col("begin") < pl.col("time"))
    for sex in ("F", "M"):
        mine = found.table.filter(group=sex, cause=str(cause))
        rows = late.filter(sex=sex)
        jackknife, greenwood = _spreads(
            rows["begin"].to_numpy(), rows["time"].to_numpy(), rows["end"].to_numpy(), cause
        )
        times = np.unique(rows["time"])
        assert mine["standard_error"].to_numpy() == pytest.approx(np.sqrt(greenwood), rel=1e-10, abs=1e-15)
        for group, time, n, value, error in zip(
            r["group"], r["time"], r["n_risk"], r[f"value{cause}"], r[f"error{cause}"], strict=True
        ):
            if group == sex:
                at = int(np.searchsorted(times, time))
                assert mine["incidence"][at] == pytest.approx(value, rel=1e-11, abs=CURVE)
                assert mine["n_risk"][at] == n
                assert np.sqrt(jackknife[at]) == pytest.approx(error, rel=1e-9, abs=1e-9)


def _spreads(begin: np.ndarray, end: np.ndarray, state: np.ndarray, cause: int) -> tuple[np.ndarray, np.ndarray]:
    """Squared influences of the rows added up, and the recursion of the covariance of (survival, incidence)."""
    times = np.unique(end)
    survival, incidence = 1.0, 0.0
    of_survival, of_incidence = np.zeros(end.size), np.zeros(end.size)
    covariance = np.zeros((2, 2))
    jackknife, greenwood = [], []
    for t in times:
        here = (begin < t) & (end >= t)
        n = here.sum()
        own, any_event = here & (end == t) & (state == cause), here & (end == t) & (state > 0)
        d, d_own = any_event.sum(), own.sum()
        of_incidence = of_incidence + of_survival * d_own / n + survival * (own - here * d_own / n) / n
        of_survival = of_survival * (1 - d / n) - survival * (any_event - here * d / n) / n
        move = np.array([[1 - d / n, 0.0], [d_own / n, 1.0]])
        within = np.array([[d * (n - d), -d_own * (n - d)], [-d_own * (n - d), d_own * (n - d_own)]]) / n**3
        covariance = move @ covariance @ move.T + survival**2 * within
        incidence += survival * d_own / n
        survival *= 1 - d / n
        jackknife.append(of_incidence @ of_incidence)
        greenwood.append(covariance[1, 1])
    return np.array(jackknife), np.array(greenwood)


CAUSE_SPECIFIC = {
    "mgus2 1": ("mgus2_competing", "cs_pcm", "mgus2", ["age", "male", "mspike"], 1),
    "mgus2 2": ("mgus2_competing", "cs_death", "mgus2", ["age", "male", "mspike"], 2),
    "crr 1": ("bmtcrr_scrucca", "cs_relapse", "crr", ["Age", "SexF", "AML", "CR1", "CR2", "CR3", "PB"], 1),
    "pbc3 1": ("pbc3_6hospitals", "cs_transplant", "pbc3", ["tment", "alb", "logbili"], 1),
    "pbc3 2": ("pbc3_6hospitals", "cs_death", "pbc3", ["tment", "alb", "logbili"], 2),
}


@pytest.mark.parametrize("name", CAUSE_SPECIFIC)
def test_cause_specific_cox(reference_data: Path, name: str) -> None:
    """A Cox model of one cause, with follow-up that ends with another one censored, as R's coxph gives it."""
    file, key, data, covariates, cause = CAUSE_SPECIFIC[name]
    r = _shared(reference_data, file)[key]
    frame = competing_frame(reference_data, data)
    if data == "mgus2":
        frame = frame.drop_nulls(["hgb", "creat"])
    fit = cox(frame, time="time", event="end", cause=cause, covariates=covariates)
    errors = np.array(list(fit.standard_errors.values()))
    assert np.abs((np.array(list(fit.coefficients.values())) - r["coef"]) / errors).max() < DEFAULT
    assert errors == pytest.approx(r["se"], rel=DEFAULT)
    assert fit.log_likelihood == pytest.approx((r["loglik_null"], r["loglik"]), rel=1e-10)


def test_event_free_survival_is_kaplan_meier(reference_data: Path) -> None:
    """Of any cause, one minus the sum of the incidences is the Kaplan-Meier curve of the composite."""
    frame = competing_frame(reference_data, "bmt")
    found = cumulative_incidence(frame, time="time", event="end", by="group")
    composite = kaplan_meier(frame.with_columns(any=pl.col("end") > 0), time="time", event="any", by="group")
    for group, curves in found.groups.items():
        together = sum(curve.incidence for curve in curves.causes)
        assert np.array_equal(curves.survival, composite.curves[group].survival)
        assert 1.0 - together == pytest.approx(curves.survival, abs=CURVE)
