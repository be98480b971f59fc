"""`meta_analysis`: estimates of sites with their variances, pooled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cohortium.api.arguments import require_choice, require_level
from cohortium.errors import UsageError
from cohortium.estimators.between_sites.pooling import Pooled, PoolingModel, pool

if TYPE_CHECKING:
    from collections.abc import Sequence


def meta_analysis(
    estimates: Sequence[float],
    variances: Sequence[float],
    *,
    pooling: PoolingModel = "reml",
    hartung_knapp: bool = True,
    confidence: float = 0.95,
) -> Pooled:
    r"""Pool estimates of sites by inverse variance.

    .. math:: \hat\theta = \frac{\sum_i w_i \hat\theta_i}{\sum_i w_i},\quad w_i = \frac{1}{v_i + \tau^2}

    estimates       one a site, on the scale on which they are normal, such as log hazard ratios
    variances       squares of their standard errors, above 0
    pooling         `reml`, `dersimonian-laird` or `common`
    hartung_knapp   random effects only: limits with a t distribution
    confidence      confidence level, between 0 and 1

    Returns a `Pooled`: estimate, standard error, limits, p-value, prediction interval, weights, tau2, i2, q.

    Leaves the site: an estimate and its variance.

    Raises
        UsageError: there is no estimate, their numbers differ, one is not finite, or a variance is not above 0.

    References: DerSimonian and Laird 1986; Hartung and Knapp 2001; Higgins and Thompson 2002.

    >>> from cohortium import meta_analysis
    >>> found = meta_analysis([0.0, 1.0], [0.1, 0.1], pooling="common")
    >>> round(found.estimate, 6), round(found.q, 6)
    (0.5, 5.0)
    """
    require_choice("pooling", pooling, PoolingModel)
    require_level(confidence)
    y, v = np.asarray(estimates, np.float64), np.asarray(variances, np.float64)
    if y.ndim != 1 or y.shape != v.shape or not y.size:
        raise UsageError(f"expected as many estimates as variances, one or more; got {y.size} and {v.size}")
    if not (np.isfinite(y).all() and np.isfinite(v).all() and (v > 0).all()):
        raise UsageError("expected finite estimates, and finite variances above 0; leave sites without one out")
    return pool(y, v, pooling, knapp_hartung=hartung_knapp, confidence=confidence)
