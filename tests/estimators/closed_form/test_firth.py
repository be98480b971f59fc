"""Firth's penalty where the penalized maximum can be written down.

When all events fall on one day of one risk set, Breslow's likelihood of a binary covariate is that of a binomial
number of events d1 of d with log odds beta + log(n1 / n0), and Jeffreys' penalty adds a half to either count:

    p = (d1 + 1/2) / (d + 1),   exp(beta) = (d1 + 1/2) / (d0 + 1/2) * n0 / n1,   information d p (1 - p),

    2 (l*(beta) - l*(0)) = 2 [(d1 + 1/2) log(p / p0) + (d0 + 1/2) log((1 - p) / (1 - p0))],   p0 = n1 / (n0 + n1).
"""

from __future__ import annotations

from itertools import product

import numpy as np
import polars as pl
import pytest

from cohortium import cox
from cohortium.estimators.contract import Factor
from cohortium.estimators.regression.design import restricted_cubic
from cohortium.estimators.regression.terms import FactorTerm, NumberTerm, ProductTerm, columns_of_term

# The search ends within 1e-9 standard errors; errors and values are then exact to twice as many digits.
COEFFICIENT = 1e-9
VALUE = 1e-12
CHI_SQUARE_95 = 3.841458820694124

TABLES = [(4, 0, 6, 5), (3, 2, 7, 4), (1, 0, 3, 3), (0, 5, 8, 9), (6, 0, 6, 6)]


def _frame(d1: int, d0: int, n1: int, n0: int) -> pl.DataFrame:
    """Everybody leaves on day 5: d1 of n1 exposed and d0 of n0 unexposed with the event."""
    return pl.DataFrame(
        {
            "t": [5] * (n1 + n0),
            "e": [1] * d1 + [0] * (n1 - d1) + [1] * d0 + [0] * (n0 - d0),
            "x": [1] * n1 + [0] * n0,
        }
    )


def _value(p: float, d1: int, d0: int) -> float:
    return (d1 + 0.5) * np.log(p) + (d0 + 0.5) * np.log(1 - p)


@pytest.mark.parametrize(("d1", "d0", "n1", "n0"), TABLES)
def test_one_risk_set(d1: int, d0: int, n1: int, n0: int) -> None:
    fit = cox(_frame(d1, d0, n1, n0), time="t", event="e", covariates=["x"], ties="breslow", penalty="firth")
    d, p0 = d1 + d0, n1 / (n1 + n0)
    p = (d1 + 0.5) / (d + 1)
    assert fit.coefficients["x"] == pytest.approx(np.log((d1 + 0.5) / (d0 + 0.5) * n0 / n1), abs=COEFFICIENT)
    assert fit.standard_errors["x"] == pytest.approx(1 / np.sqrt(d * p * (1 - p)), rel=VALUE * 1e3)
    statistic = 2 * (_value(p, d1, d0) - _value(p0, d1, d0))
    assert fit.likelihood_ratio.statistic == pytest.approx(statistic, abs=VALUE)
    limits = fit.to_frame().row(0, named=True)
    for ratio in (limits["lower"], limits["upper"]):
        odds = ratio * n1 / n0
        fall = 2 * (_value(p, d1, d0) - _value(odds / (1 + odds), d1, d0))
        assert fall == pytest.approx(CHI_SQUARE_95, rel=1e-9)
    assert limits["lower"] < limits["hazard_ratio"] < limits["upper"]


def test_needed_only_where_a_coefficient_runs_away() -> None:
    separated, both = (_frame(*table) for table in TABLES[:2])
    model = {"time": "t", "event": "e", "covariates": ["x"]}
    assert cox(separated, **model).is_penalized
    assert not cox(both, **model).is_penalized
    refused = cox(separated, **model, penalty="none")
    assert np.isnan(refused.coefficients["x"])
    assert refused.warnings == ("x: separation: the coefficient has no finite maximum-likelihood estimate",)


def test_without_the_penalty_the_reason_is_said() -> None:
    weighted = _frame(*TABLES[0]).with_columns(w=pl.lit(1.5))
    fit = cox(weighted, time="t", event="e", covariates=["x"], weight="w")
    assert fit.warnings == (
        "Firth's penalty is not defined with case weights or a robust variance",
        "x: separation: the coefficient has no finite maximum-likelihood estimate",
    )


def test_spline_is_cubic_between_its_knots_and_linear_outside() -> None:
    """With knots 0, 1, 2 the one bend is [x^3 - 2 (x - 1)^3 + (x - 2)^3] / 4 in positive parts."""
    x = np.array([-1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0])
    expected = [0, 0, 1 / 32, 1 / 4, (27 / 8 - 1 / 4) / 4, 6 / 4, 12 / 4, 24 / 4]
    assert restricted_cubic(x, (0.0, 1.0, 2.0), 1) == pytest.approx(expected, abs=1e-14)


def test_columns_of_a_product_are_in_the_order_of_r() -> None:
    grade, arm = Factor("grade", ("1", "2", "3"), ("I", "II", "III")), Factor("arm", ("a", "b"), ("A", "B"))
    term = ProductTerm((FactorTerm(grade), FactorTerm(arm, 1), NumberTerm("age")))
    expected = [f"grade[{g}] x arm[{a}] x age" for a, g in product(["A"], ["II", "III"])]
    assert [column.name for column in columns_of_term(term)] == expected
