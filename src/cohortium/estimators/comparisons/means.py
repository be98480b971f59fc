"""Tests of means by group, from numbers, means and variances."""

from __future__ import annotations

import math

import numpy as np

from cohortium.estimators.comparisons.comparison import Comparison, refused
from cohortium.estimators.contract import Reals
from cohortium.estimators.distributions import f_tail, student_two_sided

T_TEST, ANOVA = "t test", "analysis of variance"
WELCH_T, WELCH_ANOVA = "Welch's t test", "Welch's analysis of variance"
_TOO_FEW = "fewer than two groups have enough patients"


def compare_means(n: Reals, mean: Reals, variance: Reals, *, welch: bool = False) -> Comparison:
    """Student's t test of two groups or the analysis of variance of more, each in Welch's form if asked.

    n, mean, variance   shape (groups,); variances have divisor n - 1
    welch               True: variances may differ between groups

    References: Student 1908; Fisher 1925; Welch 1947 and 1951.
    """
    enough = (n > 1) if welch else (n > 0)
    n, mean, variance = n[enough], mean[enough], np.where(n > 1, variance, 0.0)[enough]
    test = _welch if welch else _equal_variances
    return test(n, mean, variance)


def _equal_variances(n: Reals, mean: Reals, variance: Reals) -> Comparison:
    k, df = n.size, float(n.sum()) - n.size
    name = T_TEST if k == 2 else ANOVA
    if k < 2 or df < 1:
        return refused(name, _TOO_FEW)
    within = float((n - 1) @ variance) / df
    if not within > 0:
        return refused(name, "the values do not vary within groups")
    if k == 2:
        t = float(mean[0] - mean[1]) / math.sqrt(within * float((1 / n).sum()))
        return Comparison(name, t, (df, math.inf), student_two_sided(t, df))
    between = float(n @ (mean - n @ mean / n.sum()) ** 2) / (k - 1)
    return Comparison(name, between / within, (k - 1, df), f_tail(between / within, k - 1, df))


def _welch(n: Reals, mean: Reals, variance: Reals) -> Comparison:
    k = n.size
    name = WELCH_T if k == 2 else WELCH_ANOVA
    if k < 2:
        return refused(name, _TOO_FEW)
    if not (variance > 0).all():
        return refused(name, "the values of a group do not vary")
    weight = n / variance
    total = float(weight.sum())
    spread = float(((1 - weight / total) ** 2 / (n - 1)).sum())
    if k == 2:
        t = float(mean[0] - mean[1]) / math.sqrt(float((1 / weight).sum()))
        df = float((1 / weight).sum()) ** 2 / float((1 / (weight * weight * (n - 1))).sum())
        return Comparison(name, t, (df, math.inf), student_two_sided(t, df))
    between = float(weight @ (mean - weight @ mean / total) ** 2) / (k - 1)
    statistic = between / (1 + 2 * (k - 2) / (k * k - 1) * spread)
    df = (k * k - 1) / (3 * spread)
    return Comparison(name, statistic, (k - 1, df), f_tail(statistic, k - 1, df))
