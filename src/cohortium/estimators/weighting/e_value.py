"""The E-value: how strong unmeasured confounding would have to be to explain an effect (VanderWeele and Ding 2017)."""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

Measure = Literal["risk-ratio", "hazard-ratio-rare", "hazard-ratio", "odds-ratio-rare", "odds-ratio"]


class EValue(NamedTuple):
    """The E-value of an estimate, and of the limit that is nearer to no effect (1 when the interval holds 1)."""

    estimate: float
    limit: float


def e_value(estimate: float, lower: float, upper: float, measure: Measure) -> EValue:
    r"""The smallest risk ratio that a confounder would need with both treatment and outcome.

    .. math:: E = RR + \sqrt{RR (RR - 1)}

    estimate, lower, upper   a ratio with its limits, above 0
    measure   `hazard-ratio` and `odds-ratio` are for an outcome of 15% or more: they are turned into approximate
              risk ratios first; the forms `-rare` are taken as risk ratios
    """
    ratio, low, high = (_as_risk_ratio(value, measure) for value in (estimate, lower, upper))
    if low <= 1.0 <= high:
        return EValue(_of_ratio(ratio), 1.0)
    return EValue(_of_ratio(ratio), _of_ratio(low if ratio > 1 else high))


def _as_risk_ratio(value: float, measure: Measure) -> float:
    if measure == "odds-ratio":
        return math.sqrt(value)
    if measure == "hazard-ratio":
        return float((1 - 0.5 ** math.sqrt(value)) / (1 - 0.5 ** math.sqrt(1 / value)))
    return value


def _of_ratio(ratio: float) -> float:
    away = ratio if ratio >= 1 else 1 / ratio
    return away + math.sqrt(away * (away - 1))
