"""Likelihood-ratio tests of terms: what a fit without the term gives, also where columns run away or depend."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cohortium.estimators.contract import Factor, Rows
from cohortium.estimators.cox.spec import CoxSpec, FactorTerm, NumberTerm
from cohortium.estimators.grid import Grid
from estimators.cases import GRADE, GRID, Case, rounds, simulated_rows, split

# Two fits of one likelihood, along different paths: both end within 1e-18 of the maximum.
SAME = 1e-12
# On the way to infinity the likelihood is followed down to 1e-10 of the information.
LIMIT = 1e-6

AGE, MARKER, LEVELS = NumberTerm("age"), NumberTerm("marker"), FactorTerm(GRADE)


def _fit(spec: CoxSpec, *parts: Rows) -> Any:
    return rounds(Case("cox", "cox", spec), parts)[0]


@pytest.mark.parametrize("nested", [False, True])
def test_a_test_of_a_term_is_a_fit_without_it(nested: bool) -> None:
    rows = simulated_rows(21, 300)
    spec = CoxSpec("time", "event", GRID, (AGE, MARKER, LEVELS), nested=nested, term_tests=True, entry="entry")
    # The fit without a term leaves the same rows out.
    complete = ~np.isnan(rows.numbers["age"])
    rows = Rows(
        int(complete.sum()),
        {name: values[complete] for name, values in rows.numbers.items()},
        {name: values[complete] for name, values in rows.codes.items()},
    )
    found = _fit(spec, rows)
    for term in spec.terms:
        without = _fit(replace(spec, terms=tuple(t for t in spec.terms if t is not term), term_tests=False), rows)
        test = found.term_tests[term.name]
        assert test.log_likelihood == pytest.approx(without.log_likelihood, rel=SAME)
        assert test.statistic == pytest.approx(2 * (found.log_likelihood - without.log_likelihood), abs=1e-9)
        assert test.df == (2 if term is LEVELS else 1)
    federated = _fit(spec, *split(rows, 3)) if not nested else found
    for name, test in found.term_tests.items():
        assert federated.term_tests[name].statistic == pytest.approx(test.statistic, rel=1e-10)


def test_the_only_term_is_tested_by_the_test_of_the_model() -> None:
    rows = simulated_rows(22, 150)
    found = _fit(CoxSpec("time", "event", GRID, (LEVELS,), term_tests=True), rows)
    assert found.term_tests["grade"].statistic == pytest.approx(found.likelihood_ratio, rel=SAME)
    assert found.term_tests["grade"].df == found.df == 2


def test_a_column_that_depends_on_the_term_takes_its_place() -> None:
    """The second of two equal columns has no information of its own; without the first it has all of it."""
    rows = simulated_rows(23, 150)
    twice = Rows(rows.n, {**rows.numbers, "again": 3 * rows.numbers["marker"] + 1}, rows.codes)
    spec = CoxSpec("time", "event", GRID, (MARKER, AGE, NumberTerm("again")), term_tests=True)
    tests = _fit(spec, twice).term_tests
    for name in ("marker", "again"):
        assert (tests[name].df, tests[name].statistic) == (0, pytest.approx(0.0, abs=1e-9))
    assert tests["age"].df == 1


@pytest.mark.parametrize("n_sites", [1, 3])
def test_a_coefficient_that_runs_away(n_sites: int) -> None:
    """The test of a separated term compares with the limit of the likelihood; that of another term has one as well."""
    rng = np.random.default_rng(4)
    n = 120
    numbers = {
        "time": rng.integers(1, 40, n).astype(float),
        "event": (rng.random(n) < 0.6).astype(float),
        "marker": rng.normal(0, 1, n),
    }
    group = np.where(numbers["event"] == 1, 0, rng.integers(0, 2, n))
    factor = Factor("group", ("a", "b"), ("A", "B"))
    rows = Rows(n, numbers, {"group": group})
    spec = CoxSpec("time", "event", Grid.whole(40), (MARKER, FactorTerm(factor)), term_tests=True)
    found = _fit(spec, *(split(rows, 1, n_parts=n_sites) if n_sites > 1 else [rows]))
    assert set(found.refusals) == {"group[B]"}
    # In the limit nobody of group B is at risk.
    only_a = Rows(int((group == 0).sum()), {k: v[group == 0] for k, v in numbers.items()}, {})
    alone = _fit(CoxSpec("time", "event", Grid.whole(40), (MARKER,)), only_a)
    marker_alone = _fit(CoxSpec("time", "event", Grid.whole(40), (MARKER,)), rows)
    assert found.log_likelihood == pytest.approx(alone.log_likelihood, abs=LIMIT)
    group_test, marker_test = found.term_tests["group"], found.term_tests["marker"]
    assert group_test.log_likelihood == pytest.approx(marker_alone.log_likelihood, rel=SAME)
    assert group_test.df == 1
    assert marker_test.statistic == pytest.approx(alone.likelihood_ratio, abs=10 * LIMIT)
    statistic, df = found.wald(np.array([False, True]))
    assert math.isnan(statistic)
    assert df == 1


def test_wald_statistic_of_several_coefficients() -> None:
    found = _fit(CoxSpec("time", "event", GRID, (AGE, MARKER, LEVELS)), simulated_rows(24, 200))
    all_of_them, df = found.wald(np.ones(4, bool))
    assert (all_of_them, df) == (pytest.approx(found.wald_test, rel=1e-9), 4)
    one, df = found.wald(np.array([False, True, False, False]))
    assert (one, df) == (pytest.approx((found.coefficients[1] / found.standard_errors[1]) ** 2, rel=1e-12), 1)
