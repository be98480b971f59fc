"""`e_value`: how strong unmeasured confounding would have to be to explain an effect."""

from __future__ import annotations

import math

from cohortium.api.arguments import require_choice
from cohortium.errors import UsageError
from cohortium.estimators.weighting.e_value import EValue, Measure
from cohortium.estimators.weighting.e_value import e_value as compute


def e_value(estimate: float, lower: float, upper: float, *, measure: Measure = "risk-ratio") -> EValue:
    r"""Compute the E-value of a ratio and of its confidence limit that is nearer to 1.

    .. math:: E = RR + \sqrt{RR (RR - 1)}

    estimate, lower, upper  a ratio with its confidence limits, above 0
    measure   `risk-ratio`; `hazard-ratio` or `odds-ratio` for an outcome that 15% or more of patients have, which are
              first turned into approximate risk ratios; `hazard-ratio-rare` or `odds-ratio-rare`, taken as risk ratios

    Returns an `EValue` with `estimate` and `limit`: the risk ratio that a confounder would need with both treatment and
    outcome, beyond the measured covariates, to bring the estimate (the limit) to 1. The limit's is 1 when the interval
    holds 1.

    Raises
        UsageError: a number is not above 0, or the limits do not hold the estimate.

    References: VanderWeele and Ding 2017.

    >>> from cohortium import e_value
    >>> found = e_value(0.8, 0.71, 0.91)
    >>> round(found.estimate, 2), round(found.limit, 2)
    (1.81, 1.43)
    """
    require_choice("measure", measure, Measure)
    given = (estimate, lower, upper)
    if not all(math.isfinite(value) and value > 0 for value in given) or not lower <= estimate <= upper:
        raise UsageError(f"estimate, lower, upper: expected 0 < lower <= estimate <= upper, got {given}")
    return compute(estimate, lower, upper, measure)
