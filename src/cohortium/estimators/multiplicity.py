"""P-values adjusted for several tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.estimators.contract import Reals

Adjustment = Literal["holm", "benjamini-hochberg", "bonferroni"]


def holm(p_values: Sequence[float]) -> Reals:
    """P-values adjusted by Holm's step-down method, shape as given; NaN stays NaN and counts as no test.

    The k-th smallest of m p-values is multiplied by m - k + 1; none may be below a smaller one's, nor above 1.
    The chance of any false rejection among the tests is then at most the level.

    References: Holm 1979.

    >>> holm([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.06, 0.06]
    """
    given, order = _ascending(p_values)
    steps = given[order] * np.arange(order.size, 0, -1)
    return _placed(given, order, np.minimum(np.maximum.accumulate(steps), 1.0))


def benjamini_hochberg(p_values: Sequence[float]) -> Reals:
    """P-values adjusted by Benjamini and Hochberg's step-up method, shape as given; NaN stays NaN, counts as no test.

    The k-th smallest of m p-values is multiplied by m / k; none may be above a larger one's. The expected share of
    false rejections among all is then at most the level, where tests are independent or positively dependent.

    References: Benjamini and Hochberg 1995; Benjamini and Yekutieli 2001.

    >>> benjamini_hochberg([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.04, 0.04]
    """
    given, order = _ascending(p_values)
    steps = given[order] * order.size / np.arange(1, order.size + 1)
    return _placed(given, order, np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0))


def bonferroni(p_values: Sequence[float]) -> Reals:
    """P-values times their number, at most 1, shape as given; NaN stays NaN and counts as no test.

    >>> bonferroni([0.01, 0.4, 0.03]).tolist()
    [0.03, 1.0, 0.09]
    """
    given, order = _ascending(p_values)
    return _placed(given, order, np.minimum(given[order] * order.size, 1.0))


ADJUST: Mapping[Adjustment, Callable[[Sequence[float]], Reals]] = {
    "holm": holm,
    "benjamini-hochberg": benjamini_hochberg,
    "bonferroni": bonferroni,
}
"""The methods by name."""


def _ascending(p_values: Sequence[float]) -> tuple[Reals, np.ndarray]:
    """The p-values as an array, and the places of those that are known from the smallest."""
    given = np.asarray(p_values, np.float64)
    made = np.flatnonzero(~np.isnan(given))
    return given, made[np.argsort(given[made], kind="stable")]


def _placed(given: Reals, order: np.ndarray, adjusted: Reals) -> Reals:
    placed = np.full(given.shape, np.nan)
    placed[order] = adjusted
    return placed
