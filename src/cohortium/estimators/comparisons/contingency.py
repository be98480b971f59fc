"""Tests of categories by group, from the table of counts."""

from __future__ import annotations

import math

import numpy as np

from cohortium.estimators.comparisons.comparison import Comparison, refused
from cohortium.estimators.comparisons.fisher import fisher_exact
from cohortium.estimators.contract import Integers, Reals
from cohortium.estimators.distributions import chi_square_tail

SMALLEST_EXPECTED = 5.0
"""Expected count below which Fisher's exact test takes the place of the chi-square test."""

PEARSON = "Pearson chi-square test"
FISHER = "Fisher's exact test"
TREND = "chi-square test for linear trend"
_TOO_LARGE = "expected counts below 5, but the table is too large for Fisher's exact test"


def compare_categories(table: Integers) -> Comparison:
    """Pearson's chi-square test, or Fisher's exact test where an expected count is below 5.

    table   shape (groups, levels); groups and levels that nobody has do not matter
    """
    kept = without_empty(table)
    if min(kept.shape, default=0) < 2:
        return refused(PEARSON, "fewer than two groups or levels have patients")
    if expected_counts(kept).min() >= SMALLEST_EXPECTED:
        return pearson(table)
    p_value = fisher_exact(kept)
    if p_value is None:
        return pearson(table)._replace(problem=_TOO_LARGE)
    return Comparison(FISHER, math.nan, (math.nan, math.nan), p_value)


def pearson(table: Integers) -> Comparison:
    """Pearson's chi-square test without continuity correction.

    table   shape (groups, levels)

    Reference: Pearson 1900.
    """
    kept = without_empty(table)
    if min(kept.shape, default=0) < 2:
        return refused(PEARSON, "fewer than two groups or levels have patients")
    expected = expected_counts(kept)
    statistic = float(((kept - expected) ** 2 / expected).sum())
    df = (kept.shape[0] - 1) * (kept.shape[1] - 1)
    return Comparison(PEARSON, statistic, (df, math.inf), chi_square_tail(statistic, df))


def trend(table: Integers, scores: Reals | None = None) -> Comparison:
    """Chi-square test with one degree of freedom for a linear trend over ordered levels or groups.

    table    shape (groups, levels)
    scores   shape (levels,); 0, 1, 2 ... when absent. Groups are scored 0, 1, 2 ...

    The square of the correlation of the two scores times N: with two groups, the Cochran-Armitage test with its
    binomial variance. References: Cochran 1954; Armitage 1955.
    """
    kept = without_empty(table)
    if min(kept.shape, default=0) < 2:
        return refused(TREND, "fewer than two groups or levels have patients")
    rows = np.arange(table.shape[0], dtype=np.float64)
    columns = np.arange(table.shape[1], dtype=np.float64) if scores is None else scores
    n = float(table.sum())
    x, y = rows - table.sum(1) @ rows / n, columns - table.sum(0) @ columns / n
    spread = float(table.sum(1) @ (x * x)) * float(table.sum(0) @ (y * y))
    if not spread:
        return refused(TREND, "all patients have the same score")
    statistic = n * float(x @ table @ y) ** 2 / spread
    return Comparison(TREND, statistic, (1, math.inf), chi_square_tail(statistic, 1))


def expected_counts(table: Integers) -> Reals:
    """Counts expected if levels did not depend on groups, shape as given."""
    return np.asarray(np.outer(table.sum(1), table.sum(0)) / table.sum())


def without_empty(table: Integers) -> Integers:
    """The table without rows and columns of zeros."""
    return np.asarray(table[table.sum(1) > 0][:, table.sum(0) > 0])
