"""Rank tests of a number by group, from counts on its declared values: equal to those of the pooled rows."""

from __future__ import annotations

import math

import numpy as np

from cohortium.estimators.comparisons.comparison import Comparison, refused
from cohortium.estimators.contract import Integers
from cohortium.estimators.distributions import chi_square_tail, normal_two_sided

WILCOXON = "Wilcoxon rank sum test"
KRUSKAL_WALLIS = "Kruskal-Wallis test"


def compare_ranks(counts: Integers) -> Comparison:
    """Wilcoxon's rank sum test of two groups, Kruskal and Wallis' test of more.

    counts   shape (groups, values), patients at each value, values ascending; groups without patients drop out
    """
    return wilcoxon(counts) if (counts.sum(1) > 0).sum() == 2 else kruskal_wallis(counts)


def kruskal_wallis(counts: Integers) -> Comparison:
    """The test of Kruskal and Wallis (1952) with correction for ties."""
    kept = counts[counts.sum(1) > 0]
    if kept.shape[0] < 2:
        return refused(KRUSKAL_WALLIS, "fewer than two groups have patients")
    ranks, ties = _ranks(kept)
    n, size = float(kept.sum()), kept.sum(1)
    if ties == n**3 - n:
        return refused(KRUSKAL_WALLIS, "all patients have the same value")
    away = (kept * (ranks - (n + 1) / 2)).sum(1) ** 2 / size
    statistic = 12 / (n * (n + 1)) * float(away.sum()) / (1 - ties / (n**3 - n))
    df = kept.shape[0] - 1
    return Comparison(KRUSKAL_WALLIS, statistic, (df, math.inf), chi_square_tail(statistic, df))


def wilcoxon(counts: Integers) -> Comparison:
    """The rank sum test of Wilcoxon (1945), normal approximation with correction for ties and for continuity.

    The statistic is z of the first group. The correction of one half is that of R's wilcox.test.
    """
    kept = counts[counts.sum(1) > 0]
    if kept.shape[0] != 2:
        return refused(WILCOXON, "not exactly two groups have patients")
    ranks, ties = _ranks(kept)
    n, (n1, n2) = float(kept.sum()), (float(size) for size in kept.sum(1))
    away = float((kept[0] * (ranks - (n + 1) / 2)).sum())
    variance = n1 * n2 / 12 * (n + 1 - ties / (n * (n - 1)))
    if variance <= 0:
        return refused(WILCOXON, "all patients have the same value")
    z = math.copysign(max(abs(away) - 0.5, 0.0), away) / math.sqrt(variance) if away else 0.0
    return Comparison(WILCOXON, z, (math.nan, math.nan), normal_two_sided(z))


def _ranks(counts: Integers) -> tuple[np.ndarray, float]:
    """Mean rank of each value, shape (values,), and the sum of t^3 - t over ties."""
    at = counts.sum(0).astype(np.float64)
    return np.cumsum(at) - (at - 1) / 2, float((at**3 - at).sum())
