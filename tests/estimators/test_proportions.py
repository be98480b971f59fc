"""Intervals of proportions, differences and ratios against published tables and identities."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohortium.estimators.comparisons.fisher import fisher_exact
from cohortium.estimators.proportions.contrasts import TwoGroups, difference_limits, ratio_limits
from cohortium.estimators.proportions.intervals import proportion_limits
from cohortium.estimators.proportions.stratified import exact_conditional

# Newcombe 1998 (Statistics in Medicine 17:873) prints four decimals.
PRINTED = 5.1e-5
# Roots are found to rounding.
ROUNDING = 1e-9

# His table II: contrasts (a) to (h), method 10 and the method of Miettinen and Nurminen.
NEWCOMBE = {
    TwoGroups(56, 70, 48, 80): ((0.0524, 0.3339), (0.0528, 0.3382)),
    TwoGroups(9, 10, 3, 10): ((0.1705, 0.8090), (0.1700, 0.8406)),
    TwoGroups(6, 7, 2, 7): ((0.0582, 0.8062), (0.0342, 0.8534)),
    TwoGroups(5, 56, 0, 29): ((-0.0381, 0.1926), (-0.0326, 0.1933)),
    TwoGroups(0, 10, 0, 20): ((-0.1611, 0.2775), (-0.1658, 0.2844)),
    TwoGroups(0, 10, 0, 10): ((-0.2775, 0.2775), (-0.2879, 0.2879)),
    TwoGroups(10, 10, 0, 20): ((0.6791, 1.0), (0.7156, 1.0)),
    TwoGroups(10, 10, 0, 10): ((0.6075, 1.0), (0.6636, 1.0)),
}


@pytest.mark.parametrize(("counts", "printed"), NEWCOMBE.items(), ids=str)
def test_differences_as_printed(counts: TwoGroups, printed: tuple[tuple[float, float], ...]) -> None:
    for interval, limits in zip(("newcombe", "miettinen-nurminen"), printed, strict=True):
        assert tuple(difference_limits(counts, interval)) == pytest.approx(limits, abs=PRINTED)  # type: ignore[arg-type]


groups = st.tuples(st.integers(1, 60), st.integers(1, 60)).flatmap(
    lambda n: st.tuples(st.integers(0, n[0]), st.just(n[0]), st.integers(0, n[1]), st.just(n[1]))
)


@given(groups)
def test_exchanging_the_groups_turns_the_interval_around(given_counts: tuple[int, int, int, int]) -> None:
    counts = TwoGroups(*given_counts)
    other = TwoGroups(counts.x0, counts.n0, counts.x1, counts.n1)
    p1, p0 = counts.proportions
    for interval in ("newcombe", "miettinen-nurminen"):
        lower, upper = difference_limits(counts, interval)  # type: ignore[arg-type]
        turned = difference_limits(other, interval)  # type: ignore[arg-type]
        assert (-turned.upper, -turned.lower) == pytest.approx((lower, upper), abs=ROUNDING)
        assert lower - ROUNDING <= p1 - p0 <= upper + ROUNDING
    if counts.x1 and counts.x0:
        low, high = ratio_limits(counts)
        turned_ratio = ratio_limits(other)
        assert (1 / turned_ratio.upper, 1 / turned_ratio.lower) == pytest.approx((low, high), rel=1e-7)
        assert low <= p1 / p0 * (1 + ROUNDING)
        assert p1 / p0 <= high * (1 + ROUNDING)


@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_every_interval_holds_the_proportion(given_counts: tuple[int, int]) -> None:
    x, n = given_counts
    for interval in ("exact", "wilson", "jeffreys"):
        lower, upper = proportion_limits(x, n, interval)  # type: ignore[arg-type]
        assert 0 <= lower <= x / n <= upper <= 1


def test_nobody_gives_no_interval() -> None:
    assert all(math.isnan(limit) for limit in proportion_limits(0, 0))
    assert all(math.isnan(limit) for limit in ratio_limits(TwoGroups(0, 5, 0, 6)))
    assert ratio_limits(TwoGroups(3, 5, 0, 6)).upper == math.inf


@given(groups)
def test_one_stratum_is_fishers_test(given_counts: tuple[int, int, int, int]) -> None:
    """The conditional analysis of a single table and Fisher's test are the same."""
    x1, n1, x0, n0 = given_counts
    table = np.array([[x1, n1 - x1], [x0, n0 - x0]])
    if (table.sum(0) > 0).all():
        expected = fisher_exact(table)
        assert exact_conditional(table[None]).p_value == pytest.approx(expected, rel=1e-9)


def test_tea_tasting() -> None:
    """Fisher 1935: 3 of 4 cups told apart; p = (16 + 1) / 70 one-sided, twice that two-sided."""
    assert fisher_exact(np.array([[3, 1], [1, 3]])) == pytest.approx(34 / 70, rel=1e-12)
