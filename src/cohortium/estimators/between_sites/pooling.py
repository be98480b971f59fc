"""Two-stage meta-analysis: estimates of sites with their variances to one estimate, and how much sites differ."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from cohortium.estimators.contract import Reals
from cohortium.estimators.distributions import (
    chi_square_tail,
    normal_two_sided,
    student_quantile,
    student_two_sided,
)

PoolingModel = Literal["common", "dersimonian-laird", "reml"]
_CLOSE = 1e-14


@dataclass(frozen=True)
class Pooled:
    """A pooled estimate on the scale of the estimates, e.g. log hazard ratios.

    model            `common`, `dersimonian-laird` or `reml`
    knapp_hartung    True: standard error and t distribution of Hartung and Knapp
    weights          shape (k,), percent
    prediction       limits for the true effect in another site; NaN when there are fewer than three sites
    tau2             between-site variance; 0 for the common-effect model
    i2, h2           share of the variation that is between sites (percent), and Q over its degrees of freedom
    q, q_df, q_p     Cochran's test of homogeneity
    """

    model: PoolingModel
    knapp_hartung: bool
    estimate: float
    standard_error: float
    lower: float
    upper: float
    p_value: float
    prediction: tuple[float, float]
    weights: Reals
    tau2: float
    i2: float
    h2: float
    q: float
    q_df: int
    q_p: float

    @property
    def tau(self) -> float:
        """Between-site standard deviation."""
        return math.sqrt(self.tau2)


def pool(
    estimates: Reals,
    variances: Reals,
    model: PoolingModel = "reml",
    *,
    knapp_hartung: bool = True,
    confidence: float = 0.95,
) -> Pooled:
    """Pool the estimates of sites by inverse variance.

    estimates, variances   shape (k,), k >= 1, finite, variances above 0
    model                  `common` effect; random effects with the between-site variance of `dersimonian-laird`
                           (1986) or restricted maximum likelihood (`reml`)
    knapp_hartung          random effects only: Hartung and Knapp (2001); no effect with a single site
    confidence             confidence level

    One site gives its own estimate with its own normal interval. The prediction interval has k - 2 degrees of freedom
    (Higgins, Thompson and Spiegelhalter 2009). I-squared is Higgins' (2002), from Q.
    """
    k = estimates.size
    fixed = 1.0 / variances
    center = float(fixed @ estimates / fixed.sum())
    q = float(fixed @ (estimates - center) ** 2)
    tau2 = 0.0 if model == "common" or k == 1 else TAU2[model](estimates, variances)
    weights = 1.0 / (variances + tau2)
    mean = float(weights @ estimates / weights.sum())
    adjusts = knapp_hartung and model != "common" and k > 1
    se = 1.0 / math.sqrt(weights.sum())
    if adjusts:
        se *= math.sqrt(float(weights @ (estimates - mean) ** 2) / (k - 1))
    df = k - 1 if adjusts else math.inf
    half = student_quantile(0.5 + confidence / 2, df) * se
    p_value = student_two_sided(mean / se, df) if adjusts else normal_two_sided(mean / se)
    return Pooled(
        model=model,
        knapp_hartung=adjusts,
        estimate=mean,
        standard_error=se,
        lower=mean - half,
        upper=mean + half,
        p_value=p_value,
        prediction=_prediction(mean, se, tau2, k, confidence) if model != "common" else (math.nan, math.nan),
        weights=100.0 * weights / weights.sum(),
        tau2=tau2,
        i2=100.0 * max(0.0, (q - (k - 1)) / q) if q > 0 else 0.0,
        h2=q / (k - 1) if k > 1 else math.nan,
        q=q,
        q_df=k - 1,
        q_p=chi_square_tail(q, k - 1) if k > 1 else math.nan,
    )


def _prediction(mean: float, se: float, tau2: float, k: int, confidence: float) -> tuple[float, float]:
    if k < 3:
        return math.nan, math.nan
    half = student_quantile(0.5 + confidence / 2, k - 2) * math.sqrt(tau2 + se * se)
    return mean - half, mean + half


def _dersimonian_laird(estimates: Reals, variances: Reals) -> float:
    weights = 1.0 / variances
    center = weights @ estimates / weights.sum()
    q = weights @ (estimates - center) ** 2
    scale = weights.sum() - weights @ weights / weights.sum()
    return max(0.0, float((q - (estimates.size - 1)) / scale))


def _reml(estimates: Reals, variances: Reals) -> float:
    """The between-site variance at which the restricted likelihood is largest, found to rounding."""
    from scipy.optimize import brentq

    def slope(tau2: float) -> float:
        weights = 1.0 / (variances + tau2)
        mean = weights @ estimates / weights.sum()
        squared = weights @ weights
        return float((weights * weights) @ (estimates - mean) ** 2 - weights.sum() + squared / weights.sum())

    def likelihood(tau2: float) -> float:
        weights = 1.0 / (variances + tau2)
        mean = weights @ estimates / weights.sum()
        return float(np.log(weights).sum() - math.log(weights.sum()) - weights @ (estimates - mean) ** 2) / 2

    widest = float((estimates.max() - estimates.min()) ** 2 + variances.max())
    grid = np.concatenate([[0.0], np.geomspace(float(variances.min()) * 1e-6, widest, 200)])
    slopes = [slope(tau2) for tau2 in grid]
    # The likelihood can have more than one top: all of them are compared, zero included.
    tops = [0.0] + [
        float(brentq(slope, grid[i], grid[i + 1], xtol=_CLOSE * widest, rtol=_CLOSE))
        for i in range(grid.size - 1)
        if slopes[i] > 0 >= slopes[i + 1]
    ]
    return max(tops, key=likelihood)


TAU2: dict[PoolingModel, Callable[[Reals, Reals], float]] = {"dersimonian-laird": _dersimonian_laird, "reml": _reml}
