"""Survival and the number at risk at a given time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from cohortium.estimators.kaplan_meier.curve import Curve


def survival_at(curve: Curve, time: float) -> tuple[float, float, float, int]:
    """Survival, limits and number at risk at a time: the last step at or before it.

    Before the first follow-up time survival is 1 with limits 1; after the last follow-up time it is not known.
    """
    n_risk = n_at_risk(curve, time)
    step = int(np.searchsorted(curve.time, time, side="right")) - 1
    is_over = not curve.n or time > curve.time[-1]
    if is_over and not (curve.n and curve.survival[-1] == 0):
        return float("nan"), float("nan"), float("nan"), 0
    if step < 0:
        return 1.0, 1.0, 1.0, n_risk
    return float(curve.survival[step]), float(curve.lower[step]), float(curve.upper[step]), n_risk


def n_at_risk(curve: Curve, time: float) -> int:
    """Rows at risk just before a time; those that enter only afterwards are not among them."""
    if not curve.n or time > curve.time[-1]:
        return 0
    following = int(np.searchsorted(curve.time, time))
    waiting = (curve.enter_time >= time) & (curve.enter_time < curve.time[following])
    return int(curve.n_risk[following]) - int(curve.n_enter[waiting].sum())
