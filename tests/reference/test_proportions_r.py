"""Agreement of proportions and of tables over strata with base R."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from cohortium.estimators.comparisons.contingency import pearson
from cohortium.estimators.comparisons.fisher import fisher_exact
from cohortium.estimators.proportions.contrasts import TwoGroups, difference_limits
from cohortium.estimators.proportions.intervals import proportion_limits
from cohortium.estimators.proportions.stratified import exact_conditional, mantel_haenszel

# Sums of a few terms in another order; R prints 15 digits.
CLOSE = 1e-11
# Quantiles of beta distributions are found by iteration in both, in R's qbeta to a relative 1e-13 of the quantile or 3e-10
# of the probability, whichever comes first.
QUANTILE = 1e-9
# The exact distribution is a convolution of some 18 hypergeometric ones, in R by multiplication, here by logarithms.
SUMS_OF_TABLES = 1e-10
# R finds exact odds ratios and limits, or where they are above 1 their reciprocals, with uniroot to 1.22e-4.
UNIROOT = 1.3e-4
# Expected counts of the script are found by uniroot to 1e-14 of the count.
EXPECTED = 1e-10
# The article prints four decimals.
PRINTED = 5e-5
R = json.loads((Path(__file__).parent / "proportions.json").read_text())


@pytest.mark.parametrize("name", list(R["stratified"]))
def test_tables_over_strata(name: str) -> None:
    expected = R["stratified"][name]
    tables = np.array(expected["tables"], np.int64)
    found, exact = mantel_haenszel(tables), exact_conditional(tables)
    assert [found.statistic, found.p_value] == pytest.approx(expected["plain"], rel=CLOSE)
    assert [found.corrected, found.p_corrected] == pytest.approx(expected["corrected"], rel=CLOSE)
    assert [found.odds_ratio, found.lower, found.upper] == pytest.approx(expected["ratio"], rel=CLOSE)
    assert [found.breslow_day, found.df, found.p_homogeneity] == pytest.approx(expected["breslow_day"], rel=EXPECTED)
    assert exact.p_value == pytest.approx(expected["exact_p"], rel=SUMS_OF_TABLES)
    in_r = [math.inf if value == "Inf" else value for value in expected["exact_ratio"]]
    for ours, theirs in zip((exact.odds_ratio, exact.lower, exact.upper), in_r, strict=True):
        assert min(abs(ours - theirs), abs(1 / ours - 1 / theirs)) < UNIROOT


@pytest.mark.parametrize("pair", R["compared"], ids=lambda pair: str(pair["counts"]))
def test_two_proportions(pair: dict) -> None:
    x1, n1, x0, n0 = pair["counts"]
    table = np.array([[x1, n1 - x1], [x0, n0 - x0]])
    assert pearson(table).p_value == pytest.approx(pair["pearson"], rel=CLOSE)
    assert fisher_exact(table) == pytest.approx(pair["fisher"], rel=SUMS_OF_TABLES)
    assert list(difference_limits(TwoGroups(x1, n1, x0, n0))) == pytest.approx(pair["newcombe"], rel=CLOSE)


@pytest.mark.parametrize("one", R["single"], ids=lambda one: str(one["counts"]))
def test_one_proportion(one: dict) -> None:
    x, n = one["counts"]
    for confidence, limits in zip((0.95, 0.8), one["exact"], strict=True):
        assert list(proportion_limits(x, n, "exact", confidence)) == pytest.approx(limits, rel=QUANTILE)
    assert list(proportion_limits(x, n, "wilson")) == pytest.approx(one["wilson"], rel=CLOSE, abs=1e-16)
    assert list(proportion_limits(x, n, "jeffreys")) == pytest.approx(one["jeffreys"], rel=QUANTILE)


def test_a_published_comparison() -> None:
    """94/193 v 118/192: 0.0119 without correction, 0.0158 by Yates, 0.0139 by Fisher."""
    pair = next(pair for pair in R["compared"] if pair["counts"] == [94, 193, 118, 192])
    table = np.array([[94, 99], [118, 74]])
    assert pearson(table).p_value == pytest.approx(0.0119, abs=PRINTED)
    assert pair["yates"] == pytest.approx(0.0158, abs=PRINTED)
    assert fisher_exact(table) == pytest.approx(0.0139, abs=PRINTED)
