"""`adjust`: p-values adjusted for being looked at together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cohortium.api.arguments import require_choice
from cohortium.errors import UsageError
from cohortium.estimators.multiplicity import ADJUST, Adjustment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.estimators.contract import Reals


def adjust(p_values: Sequence[float], *, method: Adjustment = "holm") -> Reals:
    """Adjust p-values for their number.

    p_values   from 0 to 1; one that is not known (NaN) stays so and counts as no test
    method     `holm` or `bonferroni` (chance of any false rejection), or `benjamini-hochberg` (false discovery rate)

    Returns the adjusted p-values, shape as given.

    Leaves the site: nothing.

    Raises
        UsageError: a p-value is not between 0 and 1, or the method is not known.

    References: Holm 1979; Benjamini and Hochberg 1995.

    >>> from cohortium import adjust
    >>> adjust([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.06, 0.06]
    """
    require_choice("method", method, Adjustment)
    given = np.asarray(p_values, np.float64)
    if given.ndim != 1 or bool(((given < 0) | (given > 1)).any()):
        raise UsageError("p_values: expected a list of numbers from 0 to 1")
    return ADJUST[method](given.tolist())
