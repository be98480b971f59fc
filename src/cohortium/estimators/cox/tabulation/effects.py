"""The effect of a column of a Cox model, and the penalized fit where there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.cox.firth.stage import NAME as FIRTH
from cohortium.estimators.regression.effects import FIRTH_PENALIZED, PROFILE_LIMITS, contrast_effect
from cohortium.estimators.regression.fitted import Effect

if TYPE_CHECKING:
    from cohortium.estimators.cox.estimate import CoxEstimate
    from cohortium.estimators.cox.firth.fit import FirthFit


def penalized(estimate: CoxEstimate) -> FirthFit | None:
    """The penalized fit, where it took the place of maximum likelihood."""
    found: FirthFit | None = estimate.after.get(FIRTH)
    return None if found is None or found.failure else found


def coefficient_effect(estimate: CoxEstimate, j: int) -> Effect:
    """The effect of one column: Wald limits, or profile likelihood limits of a penalized fit."""
    refusal = estimate.refusals.get(estimate.spec.columns[j].name, "")
    contrast = np.arange(len(estimate.spec.columns)) == j
    found = penalized(estimate)
    if refusal or found is None:
        return contrast_effect(estimate, contrast.astype(np.float64))
    return Effect(
        value=float(found.beta[j]),
        standard_error=float(estimate.standard_errors[j]),
        lower=float(found.lower[j]),
        upper=float(found.upper[j]),
        p=float(found.p_values[j]),
        test="penalized likelihood-ratio test",
        caution=found.problems.get(j, ""),
        note=f"{FIRTH_PENALIZED}; {PROFILE_LIMITS}",
    )
