"""Hand-worked micro-data: six subjects and fewer, with the answer as algebra."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from cohortium import baseline_table, cox, kaplan_meier, logrank
from cohortium.errors import EstimationError
from cohortium.estimators.baseline.summaries import summary_of
from cohortium.estimators.cox.summaries import SUMS, prepare, summarize
from cohortium.estimators.cox.ties import SERIES_RATIO, risk_terms
from cohortium.totals import Params
from estimators.cases import GRID

# Closed forms are evaluated in doubles: a few roundings.
EXACT = 1e-14

# Therneau and Grambsch 2000, appendix E: tied deaths, a death tied with a censoring, a lone death, a lone censoring.
SIX = pl.DataFrame({"time": [1, 1, 6, 6, 8, 9], "event": [1, 0, 1, 1, 0, 1], "x": [1, 1, 1, 0, 0, 0]})


def _partial_likelihood(ties: str, beta: float) -> tuple[float, float, float]:
    from cohortium.estimators.contract import Rows
    from cohortium.estimators.cox.spec import CoxSpec, NumberTerm

    columns = {name: SIX[name].cast(pl.Float64).to_numpy() for name in SIX.columns}
    spec = CoxSpec("time", "event", GRID, (NumberTerm("x"),), nested=True, ties=ties)  # type: ignore[arg-type]
    params = Params({"phase": SUMS, "beta": np.array([beta]), "center": np.zeros(1)})
    totals = summarize(prepare(Rows(SIX.height, columns, {}), spec), params)
    return float(totals["log_likelihood"]), float(totals["score"][0]), float(totals["information"][0, 0])


@pytest.mark.parametrize("beta", [-1.3, 0.0, 0.7, 1.4752849])
def test_cox_breslow(beta: float) -> None:
    """log L = 2 beta - log(3r + 3) - 2 log(r + 3), r = exp(beta)."""
    r = math.exp(beta)
    log_likelihood = 2 * beta - math.log(3 * r + 3) - 2 * math.log(r + 3)
    score = 2 - r / (r + 1) - 2 * r / (r + 3)
    information = r / (r + 1) ** 2 + 6 * r / (r + 3) ** 2
    assert _partial_likelihood("breslow", beta) == pytest.approx((log_likelihood, score, information), rel=EXACT)


@pytest.mark.parametrize("beta", [-1.3, 0.0, 0.7, 1.6768575])
def test_cox_efron(beta: float) -> None:
    """log L = 2 beta - log(3r + 3) - log(r + 3) - log((r + 5) / 2)."""
    r = math.exp(beta)
    log_likelihood = 2 * beta - math.log(3 * r + 3) - math.log(r + 3) - math.log((r + 5) / 2)
    score = 2 - r / (r + 1) - r / (r + 3) - r / (r + 5)
    information = r / (r + 1) ** 2 + 3 * r / (r + 3) ** 2 + 5 * r / (r + 5) ** 2
    assert _partial_likelihood("efron", beta) == pytest.approx((log_likelihood, score, information), rel=EXACT)


def test_cox_breslow_estimate() -> None:
    """The score is zero at r = (3 + sqrt(33)) / 2."""
    fit = cox(SIX, time="time", event="event", covariates=["x"], ties="breslow")
    assert fit.coefficients["x"] == pytest.approx(math.log((3 + math.sqrt(33)) / 2), rel=EXACT)


def test_cox_efron_estimate() -> None:
    """The score is zero at the positive root of r^3 - 23 r - 30."""
    (root,) = [z.real for z in np.roots([1, 0, -23, -30]) if z.real > 0]
    fit = cox(SIX, time="time", event="event", covariates=["x"])
    assert fit.coefficients["x"] == pytest.approx(math.log(root), rel=1e-13)


def test_efron_series_equals_direct_sums() -> None:
    """Where deaths are a small share of those at risk, the series gives what the direct sums give."""
    rng = np.random.default_rng(3)
    n_deaths = rng.integers(1, 300, 40)
    deaths = np.column_stack([rng.normal(0, 1, (40, 2)), rng.uniform(0.5, 2, 40)]) * n_deaths[:, None]
    censored = deaths[:, -1].max() / SERIES_RATIO
    rows = deaths + np.array([0.0, 0.0, censored])
    by_series = risk_terms(rows, deaths, n_deaths, np.array([0, 40]), "efron")
    direct = _direct_sums(rows, deaths, n_deaths)
    assert by_series.log_sum == pytest.approx(direct[0], rel=1e-14)
    assert by_series.mean_sum == pytest.approx(direct[1], rel=1e-12)
    assert by_series.outer == pytest.approx(direct[2], rel=1e-12, abs=1e-14)


def _direct_sums(rows: np.ndarray, deaths: np.ndarray, n_deaths: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    at_risk = np.cumsum(rows[::-1], axis=0)[::-1]
    log_sum, mean, outer = 0.0, np.zeros(2), np.zeros((2, 2))
    for s, d, count in zip(at_risk, deaths, n_deaths, strict=True):
        for k in range(count):
            left = s - k / count * d
            log_sum += math.log(left[-1])
            mean += left[:-1] / left[-1]
            outer += np.outer(left[:-1], left[:-1]) / left[-1] ** 2
    return log_sum, mean, outer


def test_kaplan_meier() -> None:
    """S(1) = 5/6, S(6) = 5/6 x 1/2, S(9) = 0; Greenwood at 1 is S sqrt(1 / (6 x 5))."""
    table = kaplan_meier(SIX, time="time", event="event").table
    assert table["n_risk"].to_list() == [6, 4, 2, 1]
    assert table["survival"].to_list() == pytest.approx([5 / 6, 5 / 12, 5 / 12, 0.0], rel=EXACT, abs=0)
    greenwood = math.sqrt(1 / 30 + 2 / (4 * 2))
    assert table["standard_error"][0] == pytest.approx(5 / 6 * math.sqrt(1 / 30), rel=EXACT)
    assert table["standard_error"][1] == pytest.approx(5 / 12 * greenwood, rel=EXACT)
    assert math.isnan(table["standard_error"][3])
    assert math.isnan(table["lower"][3])


def test_median_on_a_flat_step_is_its_middle() -> None:
    """Survival is exactly 1/2 from day 2 to day 4: the median is day 3; with no later drop, the last follow-up counts."""
    flat = pl.DataFrame({"t": [1, 2, 4, 9], "e": [1, 1, 1, 0]})
    assert kaplan_meier(flat, time="t", event="e").median["all"].value == 3
    to_the_end = pl.DataFrame({"t": [1, 2, 4, 9], "e": [1, 1, 0, 0]})
    assert kaplan_meier(to_the_end, time="t", event="e").median["all"].value == 5.5
    never = pl.DataFrame({"t": [1, 2, 4, 9], "e": [1, 0, 0, 0]})
    assert math.isnan(kaplan_meier(never, time="t", event="e").median["all"].value)


def test_logrank() -> None:
    """Two against two: E(A) = 1/2 + 1/3, V = 1/4 + 2/9, so chi-square is (2 - 5/6)^2 / (17/36)."""
    frame = pl.DataFrame({"t": [1, 2, 3, 4], "e": [1, 1, 1, 0], "arm": ["A", "A", "B", "B"]})
    test = logrank(frame, time="t", event="e", by="arm")
    assert test.to_frame()["expected"].to_list() == pytest.approx([5 / 6, 13 / 6], rel=EXACT)
    assert test.statistic == pytest.approx((7 / 6) ** 2 / (17 / 36), rel=EXACT)
    assert test.df == 1


def test_logrank_strata_add_up() -> None:
    """A stratum copied once doubles O - E and V, and so the statistic."""
    one = pl.DataFrame({"t": [1, 2, 3, 4], "e": [1, 1, 1, 0], "arm": ["A", "A", "B", "B"]})
    two = pl.concat([one.with_columns(where=pl.lit("x")), one.with_columns(where=pl.lit("y"))])
    single = logrank(one, time="t", event="e", by="arm").statistic
    assert logrank(two, time="t", event="e", by="arm", strata="where").statistic == pytest.approx(2 * single, rel=EXACT)


def test_logrank_equals_the_score_test_without_ties() -> None:
    """Without ties the log-rank test is the score test of the Cox model."""
    rng = np.random.default_rng(8)
    frame = pl.DataFrame({"t": rng.permutation(60) + 1, "e": rng.integers(0, 2, 60), "x": rng.integers(0, 2, 60)})
    score = cox(frame, time="t", event="e", covariates=["x"]).score.statistic
    assert logrank(frame, time="t", event="e", by="x").statistic == pytest.approx(score, rel=1e-12)


def test_quartiles_are_of_type_7() -> None:
    """1, 2, 2, 4: quartiles at positions 0.75, 1.5 and 2.25 of 0 .. 3."""
    found = summary_of(np.array([1.0, 2.0, 4.0]), np.array([1, 2, 1]), 0)
    assert (found.q1, found.median, found.q3) == (1.75, 2.0, 2.5)
    assert found.sd == pytest.approx(math.sqrt(19 / 12), rel=EXACT)


def test_baseline_counts_what_is_missing_apart() -> None:
    frame = pl.DataFrame({"age": [60.0, None, 70.0], "sex": ["F", None, "F"], "arm": ["A", "A", "B"]})
    table = baseline_table(frame, variables=["age", "sex"], by="arm").to_frame()
    missing = table.filter(statistic="missing", group="A")
    assert missing["value"].to_list() == [1.0, 1.0]
    percent = table.filter(statistic="percent", group="Overall")
    assert percent["value"].to_list() == [100.0]


def test_separation_is_named() -> None:
    """All with x die first: the coefficient has no finite estimate, the other one has."""
    frame = pl.DataFrame(
        {"t": [1, 2, 3, 4, 5, 6, 7, 8], "e": [1, 1, 1, 1, 0, 1, 0, 1], "x": [1, 1, 1, 0, 0, 0, 0, 0],
         "z": [1, 0, 1, 0, 1, 1, 0, 0]}
    )  # fmt: skip
    fit = cox(frame, time="t", event="e", covariates=["x", "z"], penalty="none")
    assert math.isnan(fit.coefficients["x"])
    assert fit.warnings == ("x: separation: the coefficient has no finite maximum-likelihood estimate",)
    assert math.isfinite(fit.coefficients["z"])
    assert "not estimated (separation" in repr(fit)


def test_a_dependent_covariate_is_named() -> None:
    frame = SIX.with_columns(twice=2 * pl.col("x"))
    fit = cox(frame, time="time", event="event", covariates=["x", "twice"])
    alone = cox(SIX, time="time", event="event", covariates=["x"])
    assert fit.coefficients["x"] == pytest.approx(alone.coefficients["x"], rel=1e-12)
    assert fit.warnings == ("twice: no information beyond the covariates before it",)


def test_no_events_is_an_error_with_the_reason() -> None:
    quiet = SIX.with_columns(event=pl.lit(0))
    with pytest.raises(EstimationError, match="Cox model: no events"):
        cox(quiet, time="time", event="event", covariates=["x"])
    with pytest.raises(EstimationError, match="log-rank test: no events"):
        logrank(quiet, time="time", event="event", by="x")
