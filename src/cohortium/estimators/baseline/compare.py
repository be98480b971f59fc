"""How the groups of a baseline table compare, from the counts that the table itself shows."""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

import numpy as np

from cohortium.estimators.baseline.spec import BaselineSpec, Number
from cohortium.estimators.comparisons.comparison import Comparison
from cohortium.estimators.comparisons.contingency import compare_categories, trend
from cohortium.estimators.comparisons.differences import (
    standardized_difference,
    standardized_difference_of_levels,
)
from cohortium.estimators.comparisons.means import compare_means
from cohortium.estimators.comparisons.ranks import compare_ranks
from cohortium.estimators.contract import Factor, Integers, Reals


class Compared(NamedTuple):
    """One variable over the groups.

    test         None when tests are not asked for
    difference   size of the standardized mean difference of two groups, of more groups its mean over pairs; NaN when
                 it cannot be made; None when not asked for
    n            patients with a known group and value
    """

    test: Comparison | None
    difference: float | None
    n: int


def compare(spec: BaselineSpec, variable: Factor | Number, counts: Integers) -> Compared:
    """Compare the groups that are shown.

    counts   shape (groups, values): patients with a known group and value
    """
    test = _test(spec, variable, counts) if spec.tests else None
    difference = _difference(variable, counts) if spec.differences else None
    return Compared(test, difference, int(counts.sum()))


def _test(spec: BaselineSpec, variable: Factor | Number, counts: Integers) -> Comparison:
    if isinstance(variable, Factor):
        return trend(counts) if variable.name in spec.trend else compare_categories(counts)
    if spec.number_test == "rank":
        return compare_ranks(counts)
    n, mean, variance = _moments(variable.grid.values, counts)
    return compare_means(n, mean, variance, welch=spec.number_test == "welch")


def _difference(variable: Factor | Number, counts: Integers) -> float:
    seen = np.flatnonzero(counts.sum(1) > 0)
    if seen.size < 2:
        return float("nan")
    if isinstance(variable, Factor):
        shares = counts / np.maximum(counts.sum(1), 1)[:, None]
        sizes = [standardized_difference_of_levels(shares[a], shares[b]) for a, b in combinations(seen, 2)]
        return float(np.mean(sizes))
    _, mean, variance = _moments(variable.grid.values, counts)
    found = [standardized_difference(mean[a], mean[b], variance[a], variance[b]) for a, b in combinations(seen, 2)]
    return float(np.mean(np.abs(found)))


def _moments(values: Reals, counts: Integers) -> tuple[Reals, Reals, Reals]:
    """Patients, means and variances (divisor n - 1, 0 for a single patient) of each group, shape (groups,) each."""
    n = counts.sum(1).astype(np.float64)
    center = float((counts.sum(0) * values).sum()) / max(float(n.sum()), 1.0)
    away = values - center
    mean = (counts * away).sum(1) / np.maximum(n, 1)
    variance = ((counts * (away * away)).sum(1) - n * mean * mean) / np.maximum(n - 1, 1)
    return n, mean + center, np.maximum(variance, 0.0)
