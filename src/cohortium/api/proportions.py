"""`proportion_interval` and `difference_of_proportions`: one proportion, and two compared, from counts."""

from __future__ import annotations

import math
import operator
from typing import NamedTuple

import numpy as np

from cohortium.api.arguments import require_choice, require_level
from cohortium.errors import UsageError
from cohortium.estimators.comparisons.contingency import compare_categories
from cohortium.estimators.proportions.contrasts import (
    DifferenceInterval,
    TwoGroups,
    difference_limits,
    ratio_limits,
)
from cohortium.estimators.proportions.intervals import ProportionInterval, proportion_limits


class Proportion(NamedTuple):
    """A proportion with its limits, all of 0 to 1."""

    estimate: float
    lower: float
    upper: float


class ComparedProportions(NamedTuple):
    """Two proportions compared: difference and ratio of the first to the second, with limits, and a test."""

    difference: float
    lower: float
    upper: float
    ratio: float
    ratio_lower: float
    ratio_upper: float
    p_value: float
    test: str


def proportion_interval(
    x: int, n: int, *, interval: ProportionInterval = "exact", confidence: float = 0.95
) -> Proportion:
    """Estimate a proportion with its confidence interval.

    x           how many have the outcome
    n           of how many, 1 or more
    interval    `exact` (Clopper and Pearson), `wilson` or `jeffreys`
    confidence  confidence level

    Returns a `Proportion`.

    Raises
        UsageError: x is not a whole number from 0 to n, or n is below 1.

    References: Clopper and Pearson 1934; Wilson 1927; Brown, Cai and DasGupta 2001.

    >>> from cohortium import proportion_interval
    >>> [round(limit, 4) for limit in proportion_interval(7, 21)]
    [0.3333, 0.1459, 0.5697]
    """
    require_choice("interval", interval, ProportionInterval)
    require_level(confidence)
    x, n = _counts("x", x, "n", n)
    return Proportion(x / n, *proportion_limits(x, n, interval, confidence))


def difference_of_proportions(
    x1: int, n1: int, x0: int, n0: int, *, interval: DifferenceInterval = "newcombe", confidence: float = 0.95
) -> ComparedProportions:
    """Compare two proportions by their difference, their ratio and a test.

    x1, n1      how many have the outcome, of how many, in the group of interest
    x0, n0      the same in the group that it is compared with
    interval    of the difference: `newcombe` or `miettinen-nurminen`; the ratio has Miettinen and Nurminen's
    confidence  confidence level

    Returns a `ComparedProportions`; p is of Pearson's chi-square test without continuity correction, or of Fisher's
    exact test where an expected count is below 5. What is not defined (a ratio to 0) is not a number.

    Raises
        UsageError: an x is not a whole number from 0 to its n, or an n is below 1.

    References: Newcombe 1998; Miettinen and Nurminen 1985.

    >>> from cohortium import difference_of_proportions
    >>> found = difference_of_proportions(94, 193, 118, 192)
    >>> round(found.difference, 4), round(found.p_value, 4), found.test
    (-0.1275, 0.0119, 'Pearson chi-square test')
    """
    require_choice("interval", interval, DifferenceInterval)
    require_level(confidence)
    counts = TwoGroups(*_counts("x1", x1, "n1", n1), *_counts("x0", x0, "n0", n0))
    p1, p0 = counts.proportions
    test = compare_categories(np.array([[counts.x1, counts.n1 - counts.x1], [counts.x0, counts.n0 - counts.x0]]))
    return ComparedProportions(
        p1 - p0,
        *difference_limits(counts, interval, confidence),
        p1 / p0 if p0 else math.nan,
        *ratio_limits(counts, confidence),
        test.p_value,
        test.name,
    )


def _counts(name: str, x: int, of: str, n: int) -> tuple[int, int]:
    try:
        x, n = operator.index(x), operator.index(n)
    except TypeError as error:
        raise UsageError(f"{name}, {of}: expected whole numbers") from error
    if not 0 <= x <= n or n < 1:
        raise UsageError(f"{name}, {of}: expected 0 <= {name} <= {of} and {of} of 1 or more, got {x} and {n}")
    return x, n
