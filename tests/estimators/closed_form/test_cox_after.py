"""Hand-worked micro-data for what follows a Cox fit, with the answer as algebra in r = exp(beta).

The data of Therneau and Grambsch 2000, appendix E: six subjects with tied deaths, a death tied with a censoring, a lone
death and a lone censoring; ten rows with late entry.
"""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from cohortium import cox
from cohortium.api.cox_result import CoxResult
from cohortium.estimators.cox.after.concordance_rounds import uno_weights
from cohortium.estimators.cox.after.curves import limits
from cohortium.estimators.cox.after.transforms import TimeCounts, transformed

# Closed forms are evaluated in doubles at the fitted coefficient: a few roundings.
EXACT = 1e-13
# The covariance is that of the last evaluation, one Newton step of less than 1e-9 standard errors before the estimate.
COVARIANCE = 1e-10

SIX = pl.DataFrame({"time": [1, 1, 6, 6, 8, 9], "event": [1, 0, 1, 1, 0, 1], "x": [1, 1, 1, 0, 0, 0]})
LATE = pl.DataFrame(
    {
        "start": [1, 2, 5, 2, 1, 7, 3, 4, 8, 8],
        "stop": [2, 3, 6, 7, 8, 9, 9, 9, 14, 17],
        "event": [1, 1, 1, 1, 1, 1, 1, 0, 0, 0],
        "x": [1, 0, 0, 1, 0, 1, 1, 1, 0, 0],
    }
)
BRESLOW = (3 + math.sqrt(33)) / 2
# The root of r^3 - 23 r - 30 = 0, where the score 2 - r/(r+1) - r/(r+3) - r/(r+5) is zero.
EFRON = 2 * math.sqrt(23 / 3) * math.cos(math.acos(45 / 23 * math.sqrt(3 / 23)) / 3)
ROOTS = {"breslow": BRESLOW, "efron": EFRON}
TIES = pytest.mark.parametrize("ties", ROOTS)


def six(ties: str) -> tuple[CoxResult, float]:
    fit = cox(SIX, time="time", event="event", covariates=["x"], ties=ties)  # type: ignore[arg-type]
    r = ROOTS[ties]
    assert math.exp(fit.coefficients["x"]) == pytest.approx(r, rel=EXACT)
    return fit, r


def jumps(ties: str, r: float) -> tuple[float, float, float]:
    """Hazard at days 1, 6 and 9, of a patient with x = 0."""
    at_6 = 2 / (r + 3) if ties == "breslow" else 1 / (r + 3) + 2 / (r + 5)
    return 1 / (3 * r + 3), at_6, 1.0


@TIES
def test_baseline_hazard(ties: str) -> None:
    fit, r = six(ties)
    found = fit.baseline_hazard()
    assert found["time"].to_list() == [1, 6, 9]
    assert found["hazard"].to_list() == pytest.approx(np.cumsum(jumps(ties, r)), rel=EXACT)
    # x is 0 or 1 alone, so that R's centered patient has x = 0 as well.
    assert fit.baseline_hazard(centered=True).equals(found)


@TIES
def test_martingale_and_deviance_residuals(ties: str) -> None:
    """Events less expected events; of two deaths tied at day 6 each bears all of one jump and half of the other."""
    fit, r = six(ties)
    first, second, third = jumps(ties, r)
    tied = second if ties == "breslow" else 1 / (r + 3) + 1 / (r + 5)
    expected = [
        r * first,
        r * first,
        r * (first + tied),
        first + tied,
        first + second,
        first + second + third,
    ]
    martingale = np.array(SIX["event"]) - np.array(expected)
    assert fit.residuals()["residual"].to_list() == pytest.approx(martingale, rel=EXACT)  # type: ignore[call-overload]
    inner = [m + (math.log(d - m) if d else 0.0) for d, m in zip(SIX["event"], martingale, strict=True)]
    deviance = np.sign(martingale) * np.sqrt(-2 * np.array(inner))
    assert fit.residuals("deviance")["residual"].to_list() == pytest.approx(deviance, rel=EXACT)  # type: ignore[call-overload]


@TIES
def test_schoenfeld_residuals(ties: str) -> None:
    """x less its mean in the risk set: r/(r+1) at day 1, at day 6 r/(r+3) or its mean with r/(r+5), 0 at day 9."""
    fit, r = six(ties)
    at_6 = r / (r + 3) if ties == "breslow" else (r / (r + 3) + r / (r + 5)) / 2
    found = fit.residuals("schoenfeld")
    assert found["row"].to_list() == [0, 2, 3, 5]  # type: ignore[call-overload]
    assert found["time"].to_list() == [1, 6, 6, 9]  # type: ignore[call-overload]
    expected = [1 / (r + 1), 1 - at_6, -at_6, 0.0]
    assert found["x"].to_list() == pytest.approx(expected, rel=EXACT, abs=EXACT)  # type: ignore[call-overload]


@TIES
def test_score_residuals_and_dfbeta(ties: str) -> None:
    """d (x - mean) less the sum over event times of (x - mean) r^x times the jump of the hazard."""
    fit, r = six(ties)
    first, m1 = 1 / (3 * r + 3), r / (r + 1)
    if ties == "breslow":
        at_6 = tied_6 = [(2 / (r + 3), r / (r + 3))]
        m6 = r / (r + 3)
    else:
        at_6 = [(1 / (r + 3), r / (r + 3)), (2 / (r + 5), r / (r + 5))]
        tied_6 = [(1 / (r + 3), r / (r + 3)), (1 / (r + 5), r / (r + 5))]
        m6 = (r / (r + 3) + r / (r + 5)) / 2
    later = sum(m * jump for jump, m in at_6)
    score = np.array(
        [
            (1 - m1) * (1 - r * first),
            -(1 - m1) * r * first,
            1 - m6 - r * ((1 - m1) * first + sum((1 - m) * jump for jump, m in tied_6)),
            -m6 + m1 * first + sum(m * jump for jump, m in tied_6),
            m1 * first + later,
            m1 * first + later,
        ]
    )
    assert fit.residuals("score")["x"].to_list() == pytest.approx(score, rel=EXACT)  # type: ignore[call-overload]
    assert score.sum() == pytest.approx(0.0, abs=EXACT)
    information = r / (r + 1) ** 2
    information += 6 * r / (r + 3) ** 2 if ties == "breslow" else 3 * r / (r + 3) ** 2 + 5 * r / (r + 5) ** 2
    dfbeta, dfbetas = (fit.residuals(kind)["x"].to_list() for kind in ("dfbeta", "dfbetas"))  # type: ignore[call-overload]
    assert dfbeta == pytest.approx(score / information, rel=COVARIANCE)
    assert dfbetas == pytest.approx(score / math.sqrt(information), rel=COVARIANCE)


@TIES
def test_proportional_hazards(ties: str) -> None:
    """Score u and information a, b, c for powers 0, 1, 2 of time: u^2 / (c - b^2 / a)."""
    fit, r = six(ties)
    v1 = r / (r + 1) ** 2
    if ties == "breslow":
        v6, m6 = 6 * r / (r + 3) ** 2, 2 * r / (r + 3)
    else:
        v6, m6 = 3 * r / (r + 3) ** 2 + 5 * r / (r + 5) ** 2, r / (r + 3) + r / (r + 5)
    for transform, (g1, g6) in {
        "identity": (1, 6),
        "log": (0, math.log(6)),
        "km": (0, 1 / 6),
        "rank": (1.5, 3.5),
    }.items():
        score = g1 * (1 - r / (r + 1)) + g6 * (1 - m6)
        a, b, c = v1 + v6, g1 * v1 + g6 * v6, g1**2 * v1 + g6**2 * v6
        test = fit.ph_test(transform=transform, smooth_df=0).to_frame()  # type: ignore[arg-type]
        assert test["term"].to_list() == ["x", "GLOBAL"]
        assert test["chi_square"].to_list() == pytest.approx([score**2 / (c - b**2 / a)] * 2, rel=EXACT), transform


def test_a_curve_needs_event_times() -> None:
    """Three event times cannot carry a curve of four degrees of freedom; the test is made all the same."""
    tests = six("efron")[0].ph_test().tests
    assert np.isfinite(tests.tests[0].statistic)
    assert "fewer distinct event times" in tests.curves[0].problem


@TIES
def test_predicted_survival(ties: str) -> None:
    """x = 1: exp(-r H); its variance r^2 (sum of squared jumps + d^2 / I), d the sum of (1 - mean) times the jumps."""
    fit, r = six(ties)
    first, second, third = jumps(ties, r)
    if ties == "breslow":
        parts = [(2 / (r + 3), r / (r + 3))]
        squares, information = 2 / (r + 3) ** 2, r / (r + 1) ** 2 + 6 * r / (r + 3) ** 2
    else:
        parts = [(1 / (r + 3), r / (r + 3)), (2 / (r + 5), r / (r + 5))]
        squares = 1 / (r + 3) ** 2 + 4 / (r + 5) ** 2
        information = r / (r + 1) ** 2 + 3 * r / (r + 3) ** 2 + 5 * r / (r + 5) ** 2
    hazard = r * np.cumsum([first, second, third])
    own = np.cumsum([first**2, squares, 1.0])
    away = np.cumsum([first / (r + 1), sum(jump * (1 - m) for jump, m in parts), 1.0])
    error = r * np.sqrt(own + away**2 / information)
    found = fit.predict([{"x": 1}])
    assert found["survival"].to_list() == pytest.approx(np.exp(-hazard), rel=EXACT)
    assert found["standard_error"].to_list() == pytest.approx(error, rel=COVARIANCE)
    z = 1.959963984540054
    assert found["lower"].to_list() == pytest.approx(np.exp(-hazard - z * error), rel=COVARIANCE)
    assert found["upper"].to_list() == pytest.approx(np.minimum(np.exp(z * error - hazard), 1), rel=COVARIANCE)


def test_limits_of_survival() -> None:
    hazard, error = np.array([0.0, 0.5]), np.array([0.0, 0.2])
    lower, upper = limits(hazard, error, 0.95, "log-log")
    z = 1.959963984540054
    assert lower == pytest.approx([1.0, math.exp(-0.5 * math.exp(z * 0.4))], rel=EXACT)
    assert upper == pytest.approx([1.0, math.exp(-0.5 * math.exp(-z * 0.4))], rel=EXACT)
    lower, upper = limits(hazard, error, 0.95, "plain")
    assert lower == pytest.approx([1.0, math.exp(-0.5) * (1 - z * 0.2)], rel=EXACT)
    assert upper == pytest.approx([1.0, math.exp(-0.5) * (1 + z * 0.2)], rel=EXACT)


@TIES
def test_martingale_residuals_with_late_entry(ties: str) -> None:
    """Jumps 1/(r+1), 1/(r+2), 1/(3r+2), 1/(3r+1) twice, and two tied deaths among 3 x = 1 and 2 x = 0 at day 9."""
    fit = cox(LATE, time="stop", event="event", entry="start", covariates=["x"], ties=ties)  # type: ignore[arg-type]
    r = math.exp(fit.coefficients["x"])
    at = np.array([2, 3, 6, 7, 8, 9])
    last = 2 / (3 * r + 2) if ties == "breslow" else 1 / (3 * r + 2) + 1 / (2 * r + 2)
    jump = np.array([1 / (r + 1), 1 / (r + 2), 1 / (3 * r + 2), 1 / (3 * r + 1), 1 / (3 * r + 1), last])
    # Of the second jump at day 9 each tied death bears half.
    tied = last if ties == "breslow" else 1 / (3 * r + 2) + 1 / (2 * r + 2) / 2
    expected = []
    for start, stop, event, x in LATE.rows():
        exposed = jump[(start < at) & (at <= stop)].sum()
        if event and stop == 9:
            exposed += tied - last
        expected.append(event - r**x * exposed)
    assert fit.residuals()["residual"].to_list() == pytest.approx(expected, rel=EXACT, abs=EXACT)  # type: ignore[call-overload]


def test_concordance_of_six() -> None:
    """Nine comparable pairs: five with the higher risk earlier, four of equal risk; the deaths at day 6 are tied."""
    found = six("efron")[0].concordance()
    assert found.pairs == {"concordant": 5, "discordant": 0, "tied_risk": 4, "tied_time": 1, "tied_both": 0}
    assert found.value == 7 / 9
    # Twice dfbeta of Somers' d = 5/9 times 9: concordant pairs of each less 5/9 of its comparable ones.
    concordant = np.array([3, 0, 2, 1, 2, 2])
    comparable = np.array([5, 1, 3, 3, 3, 3])
    spread = concordant - 5 / 9 * comparable
    assert found.standard_error == pytest.approx(math.sqrt(spread @ spread) / 18, rel=EXACT)


def test_uno_weights() -> None:
    """Censored: 1 of the 5 left after the death at day 1, and 1 of 2 at day 8; so G is 4/5 at day 6, 2/5 at day 9."""
    leaving, dying = np.zeros(10), np.zeros(10)
    leaving[[1, 6, 8, 9]], dying[[1, 6, 9]] = (2, 2, 1, 1), (1, 2, 1)
    weights = uno_weights(leaving, dying)
    assert weights[[1, 6, 9]] == pytest.approx([1, 25 / 16, 25 / 4], rel=EXACT)
    assert (np.delete(weights, [1, 6, 9]) == 0).all()


def test_scales_of_time() -> None:
    counts = TimeCounts(np.array([0, 2, 0, 2, 1]), np.array([0, 1, 0, 2, 0]), np.array([0, 1, 0, 0, 0]))
    times = np.arange(5.0)
    # One row enters at 1, so that four are at risk at 1 and three at 3.
    assert transformed("km", times, counts)[[1, 3]] == pytest.approx([0, 1 / 4], rel=EXACT)
    assert transformed("rank", times, counts)[[1, 3, 4]] == pytest.approx([1.5, 3.5, 5], rel=EXACT)
    assert transformed("identity", times, counts) is times
    assert transformed("log", times, counts)[0] == -math.inf
