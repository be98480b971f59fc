"""Hand-worked micro-data of competing risks, with the answer as fractions and algebra."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import polars as pl
import pytest

from cohortium import cox, cumulative_incidence, fine_gray, gray_test, kaplan_meier, logrank
from cohortium.estimators.contract import Rows
from cohortium.estimators.cox.spec import NumberTerm
from cohortium.estimators.fine_gray.prepare import prepare
from cohortium.estimators.fine_gray.spec import FineGraySpec
from cohortium.estimators.fine_gray.summaries import SUMS, summarize
from cohortium.totals import Params
from estimators.cases import GRID

# Closed forms are evaluated in doubles: a few roundings.
EXACT = 1e-14
# Sums of a few hundred terms, and Newton's last step.
ROUNDED = 1e-11

EIGHT = pl.DataFrame({"day": [1, 2, 3, 4, 4, 6, 7, 8], "end": [1, 2, 0, 1, 2, 0, 1, 0]})
"""Two causes, a tie of both, censorings between and at the end."""


def test_incidence() -> None:
    """F1 is 1/8, then + (3/4)(1/5), then + (9/20)(1/2); F2 is 1/8, then + (3/4)(1/5); what is left is 9/40."""
    (curves,) = cumulative_incidence(EIGHT, time="day", event="end").estimate.groups
    first, second = curves.causes
    assert curves.n_risk.tolist() == [8, 7, 6, 5, 3, 2, 1]
    assert curves.survival[-1] == pytest.approx(9 / 40, rel=EXACT)
    assert first.incidence == pytest.approx([1 / 8, 1 / 8, 1 / 8, 11 / 40, 11 / 40, 1 / 2, 1 / 2], rel=EXACT)
    assert second.incidence == pytest.approx([0, 1 / 8, 1 / 8, 11 / 40, 11 / 40, 11 / 40, 11 / 40], rel=EXACT)


def test_variance() -> None:
    """On day 4, an event of the cause on day 1 has added 1 - 6/35 of its step, another event on day 2 taken 1/5."""
    spread = Fraction(29, 35) ** 2
    greenwood = Fraction(7, 512) * spread + Fraction(1, 64) * Fraction(1, 25) * Fraction(6, 7) + Fraction(9, 500)
    aalen = Fraction(1, 64) * spread + Fraction(1, 64) * Fraction(1, 25) + Fraction(9, 400)
    for form, variance in (("greenwood", greenwood), ("aalen", aalen)):
        found = cumulative_incidence(EIGHT, time="day", event="end", variance=form).at([4])  # type: ignore[arg-type]
        assert found["standard_error"][0] ** 2 == pytest.approx(float(variance), rel=EXACT)


def test_greenwood_without_censoring_is_binomial() -> None:
    """Without censoring the incidence is a proportion F, with variance F (1 - F) / n."""
    frame = pl.DataFrame({"day": [1, 1, 2, 3, 3, 5, 8], "end": [1, 2, 1, 1, 1, 2, 2]})
    table = cumulative_incidence(frame, time="day", event="end").table
    share = table["incidence"].to_numpy()
    assert share[:5] == pytest.approx([1 / 7, 2 / 7, 4 / 7, 4 / 7, 4 / 7], rel=EXACT)
    assert table["standard_error"].to_numpy() ** 2 == pytest.approx(share * (1 - share) / 7, rel=1e-12)


def test_limits() -> None:
    """Log-log limits of F = 1/8 are F raised to exp(-+ z se / (F log F))."""
    found = cumulative_incidence(EIGHT, time="day", event="end").at([1]).row(0, named=True)
    power = math.exp(1.959963984540054 * math.sqrt(7 / 512) / (1 / 8 * math.log(1 / 8)))
    assert found["lower"] == pytest.approx((1 / 8) ** (1 / power), rel=1e-12)
    assert found["upper"] == pytest.approx((1 / 8) ** power, rel=1e-12)


def test_gray() -> None:
    """Two against two. Scores 1 - 1/2 and 0 - 1/3; what an event adds to the score is 5/6, -13/12, then 1, -1.

    Day 1: cause 1 in A. Day 2: cause 2 in A, cause 1 in B. Day 3: B is censored. Every variance is 1/8.
    """
    frame = pl.DataFrame({"day": [1, 2, 2, 3], "end": [1, 2, 1, 0], "arm": ["A", "A", "B", "B"]})
    test = gray_test(frame, time="day", event="end", by="arm").tests["1"]
    variance = Fraction(1, 8) * (Fraction(5, 6) ** 2 + Fraction(13, 12) ** 2 + 1 + 1)
    assert test.score.tolist() == pytest.approx([1 / 6, -1 / 6], rel=EXACT)
    assert test.covariance[0, 0] == pytest.approx(float(variance), rel=EXACT)
    assert test.statistic == pytest.approx(float(Fraction(1, 36) / variance), rel=EXACT)


def test_gray_score_of_one_cause_is_the_logrank() -> None:
    """Without competing events the rows at risk of the subdistribution are the rows at risk."""
    rng = np.random.default_rng(4)
    frame = pl.DataFrame({"t": rng.integers(1, 40, 90), "e": rng.integers(0, 2, 90), "x": rng.integers(0, 3, 90)})
    score = gray_test(frame, time="t", event="e", by="x").tests["1"].score
    table = logrank(frame, time="t", event="e", by="x").to_frame()
    assert score == pytest.approx((table["observed"] - table["expected"]).to_numpy(), rel=ROUNDED, abs=ROUNDED)


SIX = pl.DataFrame({"t": [1, 2, 3, 4, 5, 6], "e": [1, 2, 0, 1, 2, 1], "x": [1, 1, 0, 0, 0, 1]})
"""One of four is censored on day 3: a row with another event on day 2 then weighs 3/4, one on day 5 weighs 1."""


def _partial_likelihood(beta: float) -> tuple[float, float, float]:
    columns = {name: SIX[name].cast(pl.Float64).to_numpy() for name in SIX.columns}
    spec = FineGraySpec("t", "e", GRID, (NumberTerm("x"),), nested=True, censoring_nested=True)
    params = Params({"phase": SUMS, "beta": np.array([beta]), "center": np.zeros(1)})
    totals = summarize(prepare(Rows(SIX.height, columns, {}), spec), params)
    return float(totals["log_likelihood"]), float(totals["score"][0]), float(totals["information"][0, 0])


@pytest.mark.parametrize("beta", [0.0, -1.3, 0.7])
def test_fine_gray(beta: float) -> None:
    """log L = 2 beta - log(3r + 3) - log(2 + 7r/4) - log(1 + 7r/4), r = exp(beta)."""
    r = math.exp(beta)
    log_likelihood = 2 * beta - math.log(3 * r + 3) - math.log(2 + 7 * r / 4) - math.log(1 + 7 * r / 4)
    shares = [r / (r + 1), 7 * r / (8 + 7 * r), 7 * r / (4 + 7 * r)]
    score, information = 2 - sum(shares), sum(p * (1 - p) for p in shares)
    assert _partial_likelihood(beta) == pytest.approx((log_likelihood, score, information), rel=1e-13)


def test_fine_gray_at_zero() -> None:
    """At beta = 0 the shares are 1/2, 7/15 and 7/11: score 2 less their sum, information 1/4 + 56/225 + 28/121."""
    _, score, information = _partial_likelihood(0.0)
    assert score == pytest.approx(float(2 - Fraction(1, 2) - Fraction(7, 15) - Fraction(7, 11)), rel=1e-13)
    assert information == pytest.approx(float(Fraction(1, 4) + Fraction(56, 225) + Fraction(28, 121)), rel=1e-13)


def test_fine_gray_estimate_has_score_zero() -> None:
    fit = fine_gray(SIX, time="t", event="e", covariates=["x"])
    assert abs(_partial_likelihood(fit.coefficients["x"])[1]) < 1e-12


def _simulated(n_causes: int) -> pl.DataFrame:
    rng = np.random.default_rng(12)
    n = 240
    return pl.DataFrame(
        {
            "t": rng.integers(1, 60, n),
            "e": rng.integers(0, n_causes + 1, n),
            "x": rng.normal(size=n),
            "g": rng.choice(["a", "b", "c"], n),
        }
    )


def test_incidences_and_survival_add_up_to_one() -> None:
    found = cumulative_incidence(_simulated(3), time="t", event="e", by="g")
    for curves in found.groups.values():
        total = curves.survival + sum(cause.incidence for cause in curves.causes)
        assert total == pytest.approx(np.ones(curves.time.size), rel=1e-13)


def test_one_cause_is_one_minus_kaplan_meier() -> None:
    """With its standard error too: Greenwood's."""
    frame = _simulated(1)
    found = cumulative_incidence(frame, time="t", event="e").table
    curve = kaplan_meier(frame, time="t", event="e").table
    assert found["incidence"].to_numpy() == pytest.approx(1 - curve["survival"].to_numpy(), rel=1e-12)
    known = ~np.isnan(curve["standard_error"].to_numpy())
    errors = found["standard_error"].to_numpy()[known]
    assert errors == pytest.approx(curve["standard_error"].to_numpy()[known], rel=1e-10)


@pytest.mark.parametrize("strata", [None, "g"])
def test_fine_gray_without_competing_events_is_cox(strata: str | None) -> None:
    """With Breslow's ties; its standard errors are then the robust ones of the Cox model."""
    frame = _simulated(1)
    fit = fine_gray(frame, time="t", event="e", covariates=["x"], strata=strata)
    other = cox(frame, time="t", event="e", covariates=["x"], strata=strata, ties="breslow", robust=True)
    assert fit.coefficients["x"] == pytest.approx(other.coefficients["x"], rel=ROUNDED)
    assert fit.standard_errors["x"] == pytest.approx(other.standard_errors["x"], rel=ROUNDED)
    assert fit.log_likelihood == pytest.approx(other.log_likelihood, rel=1e-13)


def test_without_censoring_who_had_another_event_stays() -> None:
    """Without censoring, the model is that of Cox with other events as follow-up to the end."""
    frame = _simulated(2).filter(pl.col("e") > 0)
    stayed = frame.with_columns(t=pl.when(pl.col("e") == 2).then(99).otherwise("t"), e=pl.col("e") == 1)
    fit = fine_gray(frame, time="t", event="e", covariates=["x", "g"])
    other = cox(stayed, time="t", event="e", covariates=["x", "g"], ties="breslow", robust=True)
    assert list(fit.coefficients.values()) == pytest.approx(list(other.coefficients.values()), rel=ROUNDED)
    assert list(fit.standard_errors.values()) == pytest.approx(list(other.standard_errors.values()), rel=ROUNDED)
