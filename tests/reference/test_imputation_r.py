"""Imputation against R's mice: pooling of its imputed sets to rounding, our own imputations in distribution."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from cohortium import cox, impute, pool
from cohortium.api.impute import Imputed
from cohortium.api.pooled import PooledResult, pooled
from cohortium.estimators.contract import Rows
from cohortium.estimators.grid import Grid
from cohortium.estimators.imputation.hazard import hazard_counts, nelson_aalen, outcome_columns
from cohortium.estimators.imputation.pooling import joint_wald
from cohortium.estimators.imputation.spec import FollowUp
from cohortium.totals import Totals

# coxph stops at a relative change of 1e-9 of the log-likelihood, which leaves some 1e-9 in coefficients.
COXPH = 1e-8
CLOSE = 1e-10
M = 100
# A mean over 100 imputations of ours and 300 of R differs by sqrt(B / 100 + B / 300) by chance; nine are looked at.
DEVIATIONS = 4.0
# A ratio of two variances with 99 and 299 degrees of freedom is within this factor but for one time in 10,000.
FACTOR = 1.9
R = json.loads((Path(__file__).parent / "imputation.json").read_text())
ROWS = pl.DataFrame(R["rows"], infer_schema_length=None).with_row_index("id")


def test_cox_models_of_mice_sets_pooled(reference_data: Path) -> None:
    """Our fits of R's imputed sets, pooled by our rules, are mice's `pool`."""
    expected = json.loads((reference_data / "reference" / "multiple_imputation.json").read_text())["pbc_cox"]
    files = sorted((reference_data / "missing" / "mi_sets").glob("pbc_pmm_*.csv"))
    fits = []
    for file in files:
        frame = pl.read_csv(file).with_columns(pl.col("bili", "protime", "chol").cast(pl.Float64).log())
        covariates = ["age", "bili", "albumin", "protime", "chol", "stage"]
        fits.append(cox(frame, time="time", event="ev", covariates=covariates).estimate)
    found = pool(
        [fit.coefficients for fit in fits], [fit.covariance for fit in fits], complete_df=fits[0].counts.n_events - 6
    ).to_frame()
    mice = expected["mice_pool"]
    assert found["estimate"].to_list() == pytest.approx(mice["estimate"], rel=COXPH)
    assert found["standard_error"].to_list() == pytest.approx(mice["se"], rel=COXPH)
    assert found["df"].to_list() == pytest.approx(mice["df"], rel=COXPH)
    assert found["fraction_missing_information"].to_list() == pytest.approx(mice["fmi"], rel=1e-6)


def test_linear_models_of_mice_sets_pooled(reference_data: Path) -> None:
    """Any analysis can be pooled: least squares from the sums of each imputed set."""
    expected = json.loads((reference_data / "reference" / "multiple_imputation.json").read_text())["nhanes_lm"]
    estimates, variances = [], []
    for file in sorted((reference_data / "missing" / "mi_sets").glob("nhanes_norm_*.csv")):
        frame = pl.read_csv(file)
        x = np.column_stack([np.ones(frame.height), frame["age"], frame["bmi"]])
        y = frame["chl"].to_numpy()
        inverse = np.linalg.inv(x.T @ x)
        beta = inverse @ x.T @ y
        estimates.append(beta)
        variances.append(np.diag(inverse) * float(np.square(y - x @ beta).sum()) / (frame.height - 3))
    found, mice = pool(estimates, variances, complete_df=25 - 3).to_frame(), expected["mice_pool"]
    pairs = (("estimate", "estimate"), ("standard_error", "se"), ("df", "df"), ("lower", "lower"), ("upper", "upper"))
    for ours, theirs in pairs:
        assert found[ours].to_list() == pytest.approx(mice[theirs], rel=CLOSE), ours


def test_cumulative_hazard_differs_from_that_of_mice_by_ties() -> None:
    """mice's `nelsonaalen` takes the null Cox model with Efron's ties: 1/Y + 1/(Y - 1) where Nelson and Aalen have 2/Y."""
    columns = {name: ROWS[name].cast(pl.Float64).to_numpy() for name in ("time", "event")}
    rows, outcome = Rows(ROWS.height, columns, {}), FollowUp("time", "event", Grid.whole(60))
    used, time = np.arange(rows.n), columns["time"].astype(int)
    counts = Totals(hazard_counts(rows, outcome, used))
    found = outcome_columns(rows, outcome, used, nelson_aalen(counts))[:, 1]
    at_risk = np.array([(time >= day).sum() for day in range(61)])
    events = counts["events"][0]
    by_definition = np.cumsum([d / max(y, 1) for d, y in zip(events, at_risk, strict=True)])
    assert found == pytest.approx(by_definition[time], rel=CLOSE)
    by_efron = np.cumsum([sum(1 / (y - k) for k in range(d)) for d, y in zip(events, at_risk, strict=True)])
    assert by_efron[time] == pytest.approx(ROWS["cumh"].to_numpy(), rel=CLOSE)


def test_joint_test_is_that_of_mitml() -> None:
    joint = R["joint"]
    found = joint_wald(np.array(joint["estimates"]), np.array(joint["covariances"]))
    statistic, df1, df2, p_value, _ = joint["test"]
    assert (found.statistic, found.df1, found.df2) == pytest.approx((statistic, df1, df2), rel=1e-9)
    assert found.p_value == pytest.approx(p_value, rel=1e-9)


@cache
def _imputed() -> Imputed:
    return impute(
        ROWS,
        variables=["ldh", "sex", "stage"],
        helpers=["age"],
        categories=["sex", "stage"],
        time="time",
        event="event",
        id="id",
        m=M,
    )


@cache
def _model() -> PooledResult:
    """The Cox model of mice's script, with means and shares before its coefficients."""
    fits = []
    for i in range(M):
        (frame,) = _imputed().frames(i)
        frame = frame.with_columns(pl.col("stage").cast(pl.String))
        fit = cox(frame, time="time", event="event", covariates=["ldh", "sex", "stage"], penalty="none").estimate
        shares = [(frame["stage"] == str(k)).mean() for k in (1, 2, 3)]
        start = [frame["ldh"].mean(), (frame["sex"] == 1).mean(), *shares]
        fits.append(([*start, *fit.coefficients], [*np.ones(5), *np.diag(fit.covariance)]))
    return pool([fit[0] for fit in fits], [fit[1] for fit in fits], names=R["names"])


def test_estimates_over_imputations_have_the_mean_of_mice() -> None:
    found, between = _model().rubin, np.array(R["between"])
    error = np.sqrt(between / R["m"] + found.between / M)
    assert np.abs((found.estimate - np.array(R["mean"])) / error).max() < DEVIATIONS


def test_estimates_over_imputations_vary_as_those_of_mice() -> None:
    ratio = _model().rubin.between / np.array(R["between"])
    assert ratio.max() < FACTOR
    assert ratio.min() > 1 / FACTOR
    assert _model().rubin.within[5:] == pytest.approx(np.array(R["within"]), rel=0.05)


def test_the_model_without_missing_values_is_recovered() -> None:
    """Within three standard errors of the fit of the values before they were taken away."""
    found = _model().rubin
    assert (np.abs(found.estimate[5:] - np.array(R["truth"])) < 3 * found.standard_error[5:]).all()
    assert (found.standard_error[5:] > np.array(R["truth_se"])).all()


def test_pooled_makes_every_model() -> None:
    imputed = impute(ROWS, variables=["ldh"], helpers=["age"], id="id", time="time", event="event", m=3)
    found = pooled(lambda frames: cox(frames, time="time", event="event", covariates=["age", "ldh"]), imputed)
    assert found.names == ("age", "ldh")
    assert found.joint_test().df1 == 2
