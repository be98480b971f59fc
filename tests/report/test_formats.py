from __future__ import annotations

import math
from decimal import Decimal

import pytest

from cohortium.report import formats


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.0, "<0.001"),
        (1e-300, "<0.001"),
        (0.0005, "<0.001"),
        (0.00095, "<0.001"),
        (0.0009999, "<0.001"),
        (0.001, "0.001"),
        (0.0014, "0.001"),
        (0.0015, "0.002"),
        (0.0095, "0.010"),
        (0.00999, "0.010"),
        (0.01, "0.01"),
        (0.014, "0.01"),
        (0.015, "0.02"),
        (0.044, "0.04"),
        (0.045, "0.045"),
        (0.0494, "0.049"),
        (0.0496, "0.050"),
        (0.05, "0.050"),
        (0.0549, "0.055"),
        (0.055, "0.06"),
        (0.125, "0.13"),
        (0.5, "0.50"),
        (0.994, "0.99"),
        (0.995, ">0.99"),
        (1.0, ">0.99"),
        (None, "NE"),
        (math.nan, "NE"),
    ],
)
def test_p_values(p, text):
    assert formats.p_value(p) == text


@pytest.mark.parametrize("p", [-0.1, 1.1])
def test_a_p_value_outside_0_to_1_is_refused(p):
    with pytest.raises(ValueError, match="between 0 and 1"):
        formats.p_value(p)


def test_p_equations():
    assert formats.p_equation(0.04) == "p = 0.04"
    assert formats.p_equation(0.0001) == "p < 0.001"
    assert formats.p_equation(1.0) == "p > 0.99"
    assert formats.p_equation(None) == "p = NE"


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.045, 2, "0.05"),
        (-0.045, 2, "\u22120.05"),
        (2.675, 2, "2.68"),
        (1.005, 2, "1.01"),
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),
        (-2.5, 0, "\u22123"),
        (-0.4, 0, "0"),
        (0, 1, "0.0"),
        (9999, 0, "9999"),
        (9999.5, 0, "10,000"),
        (1234567.25, 1, "1,234,567.3"),
        (1e22, 0, "10,000,000,000,000,000,000,000"),
        (Decimal("0.125"), 2, "0.13"),
        (None, 1, "NE"),
        (math.inf, 1, "NE"),
    ],
)
def test_numbers_round_half_away_from_zero(value, decimals, text):
    assert formats.number(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(0, 0, "0"), (0.3, 0, "<1"), (0.5, 0, "1"), (0.04, 1, "<0.1"), (99.7, 0, ">99"), (99.96, 1, ">99.9"), (100, 1, "100.0"),
     (60.45, 1, "60.5"), (None, 0, "NE")],
)  # fmt: skip
def test_percentages(value, decimals, text):
    assert formats.percent(value, decimals) == text


def test_percent_decimals_follow_the_largest_column():
    assert [formats.percent_decimals(sizes) for sizes in ([], [0], [99, 98], [40, 100], [20_000])] == [0, 0, 0, 1, 1]


def test_counts_with_percentages():
    assert formats.count_percent(138, 60.526, 1) == "138 (60.5)"
    assert formats.count_percent(138, 60.79, 1, 227) == "138/227 (60.8)"
    assert formats.count_percent(0, None, 1, 0) == "0/0"
    assert formats.count_percent(None, None, 1) == "NE"


@pytest.mark.parametrize(
    ("limits", "text"),
    [
        ((0.588, 0.4237, 0.816), "0.59 (0.42 to 0.82)"),
        ((9.994, 1.2, 70.02), "9.99 (1.20 to 70.02)"),
        ((9.995, 1.24, 70.02), "10.0 (1.2 to 70.0)"),
        ((12.34, 0.02, 4000.0), "12.3 (<0.1 to 4000.0)"),
        ((101.4, 20.0, 500.5), "101 (20 to 501)"),
        ((0.004, 0.001, 1.0), "<0.01 (<0.01 to 1.00)"),
        ((0.0, 0.0, None), "0.00 (0.00 to NE)"),
        ((1.0, None, None), "1.00"),
        ((120.0, 4.0, 1e300), "120 (4 to >9999)"),
        ((1e12, 0.001, math.inf), ">9999 (<1 to NE)"),
        ((None, None, None), "NE"),
    ],
)
def test_ratios_and_their_limits_share_their_decimals(limits, text):
    assert formats.ratio_interval(*limits) == text


@pytest.mark.parametrize(
    ("days", "lower", "upper", "reached", "text"),
    [
        (310, 285, 363, True, "10.2 (9.4 to 11.9)"),
        (310, 285, None, True, "10.2 (9.4 to NR)"),
        (118, None, None, True, "3.9 (NE)"),
        (None, 400, None, False, "NR (13.1 to NR)"),
        (None, None, None, False, "NR"),
        (None, None, None, True, "NE"),
    ],
)
def test_times_in_months(days, lower, upper, reached, text):
    assert formats.months_interval(days, lower, upper, 30.4375, reached=reached) == text


def test_months_round_half_away_from_zero_in_decimal():
    assert formats.months(0.25 * 30.4375, 30.4375) == "0.3"


def test_probabilities_with_limits():
    assert formats.percent_interval(0.4092, 0.345, 0.4725, 1) == "40.9 (34.5 to 47.3)"
    assert formats.percent_interval(0.285, 0.1, 0.5, 0) == "29 (10 to 50)"
    assert formats.percent_interval(0.0, None, None, 0) == "0 (NE)"
    assert formats.percent_interval(None, None, None, 0) == "NE"


def test_words():
    assert formats.confidence(0.95) == "95% CI"
    assert formats.confidence(0.999) == "99.9% CI"
    assert formats.confidence(None) == "CI"
    assert formats.confidence(1 - 1e-12) == ">99.9999% CI"
    assert formats.confidence(1e-300) == "<0.0001% CI"
    assert formats.number_shortest(12.0) == "12"
    assert formats.number_shortest(0.5) == "0.5"
    assert formats.number_shortest(100) == "100"
    assert [formats.plural(n, "query", "queries") for n in (0, 1, 2)] == ["0 queries", "1 query", "2 queries"]
