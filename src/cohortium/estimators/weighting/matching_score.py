"""The scale on which scores are matched, and the largest distance on it."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from cohortium.estimators.contract import Reals

MatchingScale = Literal["probability", "logit"]
CaliperUnit = Literal["sd", "absolute"]


def on_scale(score: Reals, scale: MatchingScale) -> Reals:
    """Scores as they are, or their log odds; infinite for a score of 0 or 1."""
    if scale == "probability":
        return score
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(score) - np.log1p(-score))


def width_of(caliper: float | None, unit: CaliperUnit, distance: Reals, treated: np.ndarray) -> float | None:
    r"""The largest distance allowed, in the unit of the distances; None for none.

    .. math:: c \sqrt{(s_1^2 + s_0^2) / 2}

    for a caliper of c standard deviations pooled over the groups (Rosenbaum and Rubin 1985; Austin 2011); NaN where a
    group has a single row.
    """
    if caliper is None or unit == "absolute":
        return caliper
    groups = (distance[treated], distance[~treated])
    if any(group.size < 2 for group in groups):
        return math.nan
    return caliper * math.sqrt(sum(float(group.var(ddof=1)) for group in groups) / 2)
