"""P-values adjusted for several tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.estimators.contract import Reals


def holm(p_values: Sequence[float]) -> Reals:
    """P-values adjusted by Holm's step-down method, shape as given; NaN stays NaN and counts as no test.

    The k-th smallest of m p-values is multiplied by m - k + 1; none may be below a smaller one's, nor above 1.
    The chance of any false rejection among the tests is then at most the level.

    References: Holm 1979.

    >>> holm([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.06, 0.06]
    """
    given = np.asarray(p_values, np.float64)
    made = np.flatnonzero(~np.isnan(given))
    order = made[np.argsort(given[made], kind="stable")]
    steps = given[order] * np.arange(order.size, 0, -1)
    adjusted = np.full(given.shape, np.nan)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted
