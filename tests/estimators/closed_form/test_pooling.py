"""Rubin's rules for rates and tests, worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cohortium.estimators.between_sites.own import NO_EVENTS, SEPARATION, Own, without
from cohortium.estimators.distributions import chi_square_tail, student_quantile
from cohortium.estimators.imputation.lines import count, effect, middle, pooled_lines, refused
from cohortium.estimators.imputation.pooled_rates import pooled_rate
from cohortium.estimators.imputation.pooled_sites import pooled_own
from cohortium.estimators.imputation.pooling import pooled_chi_square
from cohortium.estimators.imputation.scales import LOG, PLAIN, PROBABILITY
from cohortium.results import Statistic

# A handful of roundings.
CLOSE = 1e-12


def test_equal_statistics_are_a_chi_square_test() -> None:
    found = pooled_chi_square(np.full(5, 7.5), 3)
    assert (found.statistic, found.df2) == (2.5, math.inf)
    assert found.p_value == pytest.approx(chi_square_tail(7.5, 3), rel=1e-9)


def test_two_statistics_by_hand() -> None:
    """Roots 2 and 4 differ by a variance of 2; with m = 2, r = 1.5 x 2 = 3 and D2 = (10 - 3 x 3) / 4."""
    found = pooled_chi_square(np.array([4.0, 16.0]), 1)
    assert found.statistic == pytest.approx(0.25, rel=CLOSE)
    assert found.df2 == pytest.approx((4 / 3) ** 2, rel=CLOSE)


def test_a_negative_value_is_zero() -> None:
    assert pooled_chi_square(np.array([0.0, 9.0]), 1).p_value == 1.0


def test_limits_of_a_rate_solve_their_equation() -> None:
    x, n = np.array([12.0, 15.0, 11.0]), np.full(3, 40.0)
    rate = pooled_rate(x, n)
    mean, increase = float((x / n).mean()), float(rate.rubin.increase[0])
    t = student_quantile(0.975, float(rate.rubin.df[0]))
    for p in rate.limits:
        assert (mean - p) ** 2 == pytest.approx(t * t * (1 + increase) * p * (1 - p) / 40, rel=1e-10)


@pytest.mark.parametrize(("x", "end"), [(0.0, 0), (20.0, 1)])
def test_nobody_or_everybody_in_every_imputation(x: float, end: int) -> None:
    limits = pooled_rate(np.full(4, x), np.full(4, 20.0)).limits
    assert limits[end] == end
    assert 0.15 < abs(limits[1 - end] - end) < 0.2


def _row(value: float | None, lower: float | None, upper: float | None, **others: object) -> Statistic:
    confidence = None if lower is None else 0.95
    return Statistic("a", "m", "x", value, lower=lower, upper=upper, confidence=confidence, **others)  # type: ignore[arg-type]


def test_an_effect_is_pooled_on_its_scale() -> None:
    each = [[_row(math.exp(b), math.exp(b - 0.4), math.exp(b + 0.4))] for b in (0.1, 0.3)]
    ratio, df, share = pooled_lines(each, {"x": effect(LOG)})
    se = 0.4 / 1.959963984540054
    total = se * se + 1.5 * 0.02
    assert ratio.value == pytest.approx(math.exp(0.2), rel=CLOSE)
    assert df.value == pytest.approx((total / 0.03) ** 2, rel=1e-9)
    half = student_quantile(0.975, float(df.value or 0)) * math.sqrt(total)
    assert ratio.upper == pytest.approx(math.exp(0.2 + half), rel=1e-9)
    assert 0 < (share.value or 0) < 1


def test_one_without_an_estimate_refuses_all() -> None:
    each = [[_row(1.0, 0.5, 2.0)], [_row(None, None, None, warning="separation")]]
    (ratio,) = pooled_lines(each, {"x": effect(LOG)})
    assert (ratio.value, ratio.warning) == (None, "not estimated in 1 of 2 imputations: separation")


def test_survival_of_one_in_some_imputations_has_no_limits() -> None:
    found = pooled_lines([[_row(1.0, None, None)], [_row(0.8, 0.6, 0.9)]], {"x": effect(PROBABILITY["log-log"])})
    assert (found[0].value, found[0].lower) == (pytest.approx(0.9), None)
    assert "no limits" in found[0].warning
    same = pooled_lines([[_row(1.0, None, None)]] * 2, {"x": effect(PROBABILITY["log-log"])})
    assert same == [_row(1.0, None, None)]


@pytest.mark.parametrize("name", PROBABILITY)
def test_scales_go_there_and_back(name: str) -> None:
    scale = PROBABILITY[name]
    assert [scale.back(scale.there(p)) for p in (0.1, 0.5, 0.9)] == pytest.approx([0.1, 0.5, 0.9], rel=CLOSE)
    assert not scale.holds(0.0)
    assert not scale.holds(1.0)


def test_counts_medians_and_what_has_no_form() -> None:
    each = [[_row(float(value), None, None, n=value)] for value in (3, 4, 8)]
    assert [row.value for row in pooled_lines(each, {"x": count})] == [5]
    assert [row.value for row in pooled_lines(each, {"x": middle})] == [4.0]
    assert [row.warning for row in pooled_lines(each, {"x": refused("no form")})] == ["no form"]
    assert pooled_lines(each, {}) == []
    assert pooled_lines(each, {"x": effect(PLAIN)})[0].warning.startswith("without a standard error")


def test_a_site_is_pooled_before_the_sites() -> None:
    own = pooled_own([Own(0.1, 0.04, 20, 7, 1, 0), Own(0.3, 0.04, 20, 8, 0, 0)])
    assert (own.estimate, own.variance) == (pytest.approx(0.2), pytest.approx(0.04 + 1.5 * 0.02))
    assert pooled_own([Own(0.1, 0.04, 20, 7, 1, 0), without(SEPARATION, 20, 5)]).reason == SEPARATION
    assert pooled_own([without(NO_EVENTS, 20)] * 2).reason == NO_EVENTS
