"""Meta-analyses over sites, control limits and adjusted p-values that can be worked by hand."""

from __future__ import annotations

from math import comb, exp, factorial, log, sqrt

import numpy as np
import polars as pl
import pytest

from cohortium import adjust, cox, logrank, meta_analysis, site_meta_analysis
from cohortium.errors import UsageError
from cohortium.estimators.between_sites.control import binomial_control, poisson_control, poisson_limits
from cohortium.estimators.between_sites.own import ALL_EVENTS, NO_EVENTS, NOBODY, ONE_GROUP, ZERO_CELL
from cohortium.estimators.between_sites.proportions import two_by_two

# A handful of sums and one logarithm.
ROUNDING = 1e-12
# Two of scipy's special functions against sums of a few terms.
SPECIAL = 1e-10

ONE_SITE = pl.DataFrame(
    {
        "day": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
        "died": [1, 1, 0, 1, 1, 0, 1, 1, 0, 0],
        "arm": ["A", "B", "A", "A", "B", "B", "A", "B", "A", "B"],
        "age": [50, 61, 47, 70, 55, 64, 58, 49, 66, 72],
    }
)


def test_two_sites_by_hand() -> None:
    """Estimates 0 and 1 with variances 1 and 1: Q = 1/2; with variances 1/10: Q = 5, tau2 = 4/10."""
    alike = meta_analysis([0.0, 1.0], [1.0, 1.0], pooling="dersimonian-laird", hartung_knapp=False)
    assert (alike.estimate, alike.q, alike.tau2, alike.i2) == (0.5, 0.5, 0.0, 0.0)
    assert alike.standard_error == pytest.approx(sqrt(1 / 2), rel=ROUNDING)
    # tau2 = (Q - 1) / (20 - 200 / 20) = 4 / 10; every weight is 1 / (0.1 + 0.4) = 2.
    unlike = meta_analysis([0.0, 1.0], [0.1, 0.1], pooling="dersimonian-laird", hartung_knapp=False)
    assert (unlike.q, unlike.tau2, unlike.i2) == pytest.approx((5.0, 0.4, 80.0), rel=ROUNDING)
    assert unlike.standard_error == pytest.approx(0.5, rel=ROUNDING)
    assert unlike.weights.tolist() == [50.0, 50.0]
    # Hartung and Knapp: 0.5 sqrt(2 (1/4 + 1/4) / 1) = 0.5, with t on 1 degree of freedom, whose 97.5% is tan(0.475 pi).
    knapp = meta_analysis([0.0, 1.0], [0.1, 0.1], pooling="dersimonian-laird")
    assert knapp.standard_error == pytest.approx(0.5, rel=ROUNDING)
    assert knapp.upper == pytest.approx(0.5 + 0.5 * np.tan(0.475 * np.pi), rel=SPECIAL)
    # With equal variances the restricted likelihood is largest at the variance of the estimates less theirs.
    reml = meta_analysis([0.0, 1.0], [0.1, 0.1])
    assert reml.tau2 == pytest.approx(0.5 - 0.1, rel=SPECIAL)


@pytest.mark.parametrize("pooling", ["common", "dersimonian-laird", "reml"])
def test_one_site_is_its_own_estimate(pooling: str) -> None:
    site = {"time": "day", "event": "died"}
    alone = cox(ONE_SITE, **site, covariates=["arm", "age"], penalty="none")
    found = site_meta_analysis([ONE_SITE], **site, effect="arm", covariates=["arm", "age"], pooling=pooling).pooled
    assert found.estimate == pytest.approx(alone.coefficients["arm[B]"], rel=ROUNDING)
    assert found.standard_error == pytest.approx(alone.standard_errors["arm[B]"], rel=ROUNDING)
    row = alone.to_frame().row(0, named=True)
    assert exp(found.lower) == pytest.approx(row["lower"], rel=1e-10)
    assert found.weights.tolist() == [100.0]
    assert np.isnan(found.q_p)
    test = logrank(ONE_SITE, **site, by="arm")
    peto = site_meta_analysis([ONE_SITE], **site, model="logrank", by="arm", pooling=pooling).pooled
    assert (peto.estimate / peto.standard_error) ** 2 == pytest.approx(test.statistic, rel=ROUNDING)


def test_sites_that_cannot_contribute_are_named() -> None:
    quiet = ONE_SITE.with_columns(died=pl.lit(0))
    one_arm = ONE_SITE.filter(pl.col("arm") == "A")
    frames = [ONE_SITE, quiet, one_arm, ONE_SITE.head(0), ONE_SITE.head(1)]
    columns = {"time": "day", "event": "died", "labels": ["one", "quiet", "one arm", "empty", "single"]}
    found = site_meta_analysis(frames, **columns, effect="arm", covariates=["age"])
    assert found.warnings == (
        "quiet: no events",
        "one arm: the covariate has no information of its own",
        "empty: no patients",
        "single: too few patients",
    )
    assert found.pooled.q_df == 0
    by_ranks = site_meta_analysis(frames, **columns, model="logrank", by="arm")
    assert [text.partition(": ")[2] for text in by_ranks.warnings] == [
        "no events",
        "patients of one group only",
        "no patients",
        "too few patients",
    ]


def test_two_by_two_by_hand() -> None:
    """8 of 10 and 5 of 10: odds 4 and 1, proportions 0.8 and 0.5."""
    odds = two_by_two(8, 2, 5, 5, "odds-ratio")
    assert (odds.estimate, odds.variance) == pytest.approx((log(4), 1 / 8 + 1 / 2 + 1 / 5 + 1 / 5), rel=ROUNDING)
    ratio = two_by_two(8, 2, 5, 5, "risk-ratio")
    assert (ratio.estimate, ratio.variance) == pytest.approx((log(1.6), 1 / 8 - 0.1 + 1 / 5 - 0.1), rel=ROUNDING)
    difference = two_by_two(8, 2, 5, 5, "risk-difference")
    assert (difference.estimate, difference.variance) == pytest.approx((0.3, 0.016 + 0.025), rel=ROUNDING)
    # O - E = 8 - 10 x 13 / 20 = 1.5; V = 10 x 10 x 13 x 7 / (400 x 19).
    peto = two_by_two(8, 2, 5, 5, "peto-odds-ratio")
    v = 9100 / 7600
    assert (peto.estimate, peto.variance) == pytest.approx((1.5 / v, 1 / v), rel=ROUNDING)
    # A half is added to all four cells of a table with a zero.
    assert two_by_two(0, 9, 4, 5, "odds-ratio").estimate == pytest.approx(log(0.5 * 5.5 / (9.5 * 4.5)), rel=ROUNDING)
    assert two_by_two(0, 9, 4, 5, "odds-ratio", "leave-out").reason == ZERO_CELL
    reasons = [
        two_by_two(*cells, "odds-ratio").reason for cells in ((0, 4, 0, 5), (4, 0, 5, 0), (1, 1, 0, 0), (0,) * 4)
    ]
    assert reasons == [NO_EVENTS, ALL_EVENTS, ONE_GROUP, NOBODY]
    assert two_by_two(0, 4, 0, 5, "risk-difference").estimate == pytest.approx(0.5 / 5 - 0.5 / 6, rel=ROUNDING)


@pytest.mark.parametrize(("proportion", "n"), [(0.3, 4), (0.5, 12), (0.72, 9), (0.05, 30)])
@pytest.mark.parametrize("confidence", [0.95, 0.998])
def test_a_site_is_outside_when_a_count_like_its_own_is_rare(proportion: float, n: int, confidence: float) -> None:
    def chance(x: int) -> float:
        return comb(n, x) * proportion**x * (1 - proportion) ** (n - x)

    lower, upper = binomial_control(proportion, n, confidence)
    p = (1 - confidence) / 2
    for x in range(n + 1):
        is_low = sum(chance(k) for k in range(x + 1)) < p
        is_high = sum(chance(k) for k in range(x, n + 1)) < p
        assert (x / n < lower - SPECIAL, x / n > upper + SPECIAL) == (is_low, is_high)


def test_binomial_control_by_hand() -> None:
    """Five patients, half with the outcome: F(0) = 1/32, F(1) = 6/32; 2.5% is reached before the first count."""
    assert binomial_control(0.5, 5, 0.95) == (0.0, 1.0)
    # p = 1/16 lies 1/5 of the way from F(0) to F(1).
    assert binomial_control(0.5, 5, 1 - 2 / 16) == pytest.approx((0.2 / 5, 1 - 0.2 / 5), rel=SPECIAL)
    assert binomial_control(0.0, 5, 0.95) == (0.0, 0.0)
    assert binomial_control(1.0, 5, 0.95) == (1.0, 1.0)


@pytest.mark.parametrize("expected", [0.4, 3.0, 11.5])
def test_poisson_control(expected: float) -> None:
    def chance(x: int) -> float:
        return exp(-expected) * expected**x / factorial(x)

    lower, upper = poisson_control(expected / 2, 2.0, 0.95)
    for x in range(40):
        below = sum(chance(k) for k in range(x + 1))
        is_low, is_high = below < 0.025, 1 - (below - chance(x)) < 0.025
        assert (x / 2 < lower - SPECIAL, x / 2 > upper + SPECIAL) == (is_low, is_high)


def test_poisson_limits_by_hand() -> None:
    """No event in 2 years: the upper limit has exp(-2 rate) = 0.025."""
    assert poisson_limits(0, 2.0) == pytest.approx((0.0, -log(0.025) / 2), rel=SPECIAL)
    assert poisson_limits(1, 1.0).lower == pytest.approx(-log(0.975), rel=SPECIAL)


def test_adjusted_by_hand() -> None:
    p = [0.01, 0.04, 0.03, float("nan")]
    assert adjust(p).tolist()[:3] == pytest.approx([0.03, 0.06, 0.06])
    assert adjust(p, method="benjamini-hochberg").tolist()[:3] == pytest.approx([0.03, 0.04, 0.04])
    assert adjust(p, method="bonferroni").tolist()[:3] == pytest.approx([0.03, 0.12, 0.09])
    assert np.isnan(adjust(p)[3])


def test_arguments_are_judged() -> None:
    with pytest.raises(UsageError, match="as many estimates as variances"):
        meta_analysis([1.0], [1.0, 2.0])
    with pytest.raises(UsageError, match="above 0"):
        meta_analysis([1.0], [0.0])
    with pytest.raises(UsageError, match="expected one of 'holm'"):
        adjust([0.1], method="fdr")
    with pytest.raises(UsageError, match="from 0 to 1"):
        adjust([1.1])
    with pytest.raises(UsageError, match="effect: needed"):
        site_meta_analysis([ONE_SITE], time="day", event="died")
    with pytest.raises(UsageError, match="model: expected one of"):
        site_meta_analysis([ONE_SITE], model="probit")
    three = ONE_SITE.with_columns(arm=pl.Series(["A", "B", "C", "A", "B", "C", "A", "B", "C", "A"]))
    with pytest.raises(UsageError, match="say which one is compared with A"):
        site_meta_analysis([three], model="logrank", time="day", event="died", by="arm")
    with pytest.raises(UsageError, match="has no level"):
        site_meta_analysis([three], model="logrank", time="day", event="died", by="arm", level="D")
