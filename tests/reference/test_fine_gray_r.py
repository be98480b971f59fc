"""Agreement with R cmprsk 2.2-11: Fine-Gray models, by group of censoring, and with strata against finegray and coxph.

R's default crr stops at a gradient of 1e-6 of the log-likelihood, up to 1e-3 standard errors from the optimum;
`competing.json` holds the same models at a tight rule. Both are compared, the default ones where they converged.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from cohortium import fine_gray
from reference.competing_data import competing_frame, made_by_r

# Coefficients in standard errors, and standard errors, against R at a tight rule. Of two models R's search for a
# smaller value ends in rounding, 3e-9 standard errors from the optimum.
TIGHT = 1e-8
# The same against R at its default rule.
DEFAULT = 1e-7
LOG_LIKELIHOOD = 1e-10
# A sum over rows and event times, made one by one.
DENSE = 1e-10

COVARIATES = {
    "mgus2": ["age", "male", "mspike"],
    "bmt": ["g2", "g3", "z8", "z1c"],
    "pbc3": ["tment", "alb", "logbili"],
    "crr": ["Age", "SexF", "AML", "CR1", "CR2", "CR3", "PB"],
}
SHARED = {
    ("mgus2", 1): ("mgus2_competing", "fg_pcm"),
    ("mgus2", 2): ("mgus2_competing", "fg_death"),
    ("crr", 1): ("bmtcrr_scrucca", "fg_relapse"),
    ("crr", 2): ("bmtcrr_scrucca", "fg_trm"),
    ("bmt", 1): ("bmt_4hospitals", "fg_relapse"),
    ("pbc3", 1): ("pbc3_6hospitals", "fg_transplant"),
}
MODELS = [(data, cause) for data in COVARIATES for cause in (1, 2)]


def _fit(frame: Any, data: str, cause: int, **given: Any) -> Any:
    return fine_gray(frame, time="time", event="end", covariates=COVARIATES[data], cause=cause, **given)


def _assert_agrees(found: Any, r: dict[str, Any], tolerance: float) -> None:
    estimate = found.estimate
    assert np.abs((estimate.coefficients - r["coef"]) / estimate.standard_errors).max() < tolerance
    assert estimate.standard_errors == pytest.approx(r["se"], rel=tolerance)


@pytest.mark.parametrize(("data", "cause"), MODELS)
def test_crr(reference_data: Path, data: str, cause: int) -> None:
    r = made_by_r()[f"fine-gray {data} {cause}"]
    found = _fit(competing_frame(reference_data, data), data, cause)
    _assert_agrees(found, r, TIGHT)
    assert found.log_likelihood == pytest.approx(r["loglik"], rel=LOG_LIKELIHOOD)
    assert found.n == r["n"]


@pytest.mark.parametrize(("data", "cause"), SHARED)
def test_default_crr(reference_data: Path, data: str, cause: int) -> None:
    """The shared reference, at R's default rule: equal but for where R stops."""
    file, key = SHARED[data, cause]
    r = json.loads((reference_data / "reference" / f"{file}.json").read_text())[key]
    frame = competing_frame(reference_data, data)
    if data == "mgus2":
        frame = frame.drop_nulls(["hgb", "creat"])
    found = _fit(frame, data, cause)
    _assert_agrees(found, r, DEFAULT)
    assert found.log_likelihood == pytest.approx((r["loglik_null"], r["loglik"]), rel=LOG_LIKELIHOOD)


@pytest.mark.parametrize(("data", "cause", "by"), [("pbc3", 2, "unit"), ("mgus2", 1, "sex")])
def test_censoring_by_group(reference_data: Path, data: str, cause: int, by: str) -> None:
    """Coefficients and likelihood are R's; the standard errors are not, see the next test."""
    frame = competing_frame(reference_data, data)
    r = made_by_r()[f"fine-gray {data} {cause} by {by}"]
    for given in (frame, frame.partition_by(by)):
        found = _fit(given, data, cause, censoring_by=by)
        estimate = found.estimate
        assert np.abs((estimate.coefficients - r["coef"]) / estimate.standard_errors).max() < TIGHT
        assert found.log_likelihood == pytest.approx(r["loglik"], rel=LOG_LIKELIHOOD)


def test_standard_errors_by_group_of_censoring(reference_data: Path) -> None:
    """R's crr takes, for the influence of a group's censoring, the events of that group alone.

    The rows of a group that had another event are at risk at the events of every group, so that all belong in the sum.
    Written out row by row, the sum over all events is ours, and that over the group's own is R's.
    """
    frame = competing_frame(reference_data, "pbc3").drop_nulls([*COVARIATES["pbc3"], "time", "end"])
    r = made_by_r()["fine-gray pbc3 2 by unit"]
    found = _fit(frame, "pbc3", 2, censoring_by="unit").estimate
    time, state = frame["time"].to_numpy(), np.array([0, 2, 1])[frame["end"].to_numpy()]
    group = frame["unit"].to_numpy()
    x = frame.select(COVARIATES["pbc3"]).to_numpy()
    ours = _sandwich(time, state, group, x, found.coefficients, own_events_only=False)
    theirs = _sandwich(time, state, group, x, found.coefficients, own_events_only=True)
    assert found.covariance == pytest.approx(ours, rel=DENSE)
    assert np.array(r["var"]).reshape(3, 3) == pytest.approx(theirs, rel=TIGHT)
    assert np.abs(found.standard_errors / r["se"] - 1).max() > 1e-3


def _sandwich(
    time: np.ndarray, state: np.ndarray, group: np.ndarray, x: np.ndarray, beta: np.ndarray, *, own_events_only: bool
) -> np.ndarray:
    """The sandwich of Fine and Gray, by loops; state 1 the cause, 2 another one."""
    n, p = x.shape
    x = x - x.mean(axis=0)
    theta = np.exp(x @ beta)
    events = np.flatnonzero(state == 1)

    def uncensored(g: int, t: float) -> float:
        mine = group == g
        if t > time[mine].max():
            return 0.0
        product = 1.0
        for u in np.unique(time[mine & (state == 0) & (time < t)]):
            product *= 1 - (mine & (state == 0) & (time == u)).sum() / (mine & (time >= u)).sum()
        return product

    own = np.array([uncensored(group[i], time[i]) for i in range(n)])
    at = {(g, t): uncensored(g, t) for g in np.unique(group) for t in np.unique(time[events])}
    weight = {
        t: np.where(time >= t, 1.0, np.where(state == 2, [at[g, t] for g in group] / own, 0.0))
        for t in np.unique(time[events])
    }
    total = {t: weight[t] @ theta for t in weight}
    mean = {t: (weight[t] * theta) @ x / total[t] for t in weight}
    influence, information = np.zeros((n, p)), np.zeros((p, p))
    for j in events:
        t = time[j]
        about = x - mean[t]
        influence[j] += about[j]
        influence -= about * (weight[t] * theta / total[t])[:, None]
        information += (about * (weight[t] * theta / total[t])[:, None]).T @ about
    for u in np.unique(time[state == 0]):
        for g in np.unique(group[(state == 0) & (time == u)]):
            before = (group == g) & (state == 2) & (time < u)
            gain = np.zeros(p)
            for j in events[time[events] >= u]:
                if group[j] == g or not own_events_only:
                    t = time[j]
                    gain += (weight[t] * theta / total[t] * before) @ (x - mean[t])
            at_risk = (group == g) & (time >= u)
            censored = at_risk & (time == u) & (state == 0)
            influence[censored] += gain / at_risk.sum()
            influence[at_risk] -= gain * censored.sum() / at_risk.sum() ** 2
    inverse = np.linalg.inv(information)
    return np.asarray(inverse @ (influence.T @ influence) @ inverse)


@pytest.mark.parametrize("censoring_by", [None, "unit"])
def test_strata(reference_data: Path, censoring_by: str | None) -> None:
    """With a baseline a hospital: R's finegray and a stratified coxph with its weights; from one frame or six."""
    frame = competing_frame(reference_data, "pbc3")
    frame = frame.with_columns(time=1000 * pl.col("days") + 1 + pl.int_range(pl.len()))
    r = made_by_r()["strata pbc3 2" + (" by unit" if censoring_by else "")]
    one = _fit(frame, "pbc3", 2, strata="unit", censoring_by=censoring_by)
    six = _fit(frame.partition_by("unit"), "pbc3", 2, strata="unit", censoring_by=censoring_by)
    for found in (one, six):
        estimate = found.estimate
        naive = np.sqrt(np.diag(estimate.naive_covariance))
        assert np.abs((estimate.coefficients - r["coef"]) / naive).max() < TIGHT
        assert naive == pytest.approx(r["naive_se"], rel=TIGHT)
        assert found.log_likelihood == pytest.approx(r["loglik"], rel=LOG_LIKELIHOOD)
    assert six.estimate.covariance == pytest.approx(one.estimate.covariance, rel=1e-10)


def test_the_input_is_that_of_r(reference_data: Path) -> None:
    for name, digest in made_by_r()["_meta"]["md5"].items():
        assert hashlib.md5((reference_data / name).read_bytes()).hexdigest() == digest  # noqa: S324
