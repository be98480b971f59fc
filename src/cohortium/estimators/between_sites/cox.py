"""A site's own Cox model, fitted to convergence where its rows are; the effect of one column leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.between_sites.fitting import fit_here
from cohortium.estimators.between_sites.own import (
    ESTIMATED,
    NO_CONTRAST,
    NO_CONVERGENCE,
    NO_EVENTS,
    NOBODY,
    SEPARATION,
    Own,
    without,
)
from cohortium.estimators.cox.estimator import ESTIMATOR

if TYPE_CHECKING:
    from cohortium.estimators.contract import Factor, Rows
    from cohortium.estimators.cox.estimate import CoxEstimate
    from cohortium.estimators.cox.spec import CoxSpec


@dataclass(frozen=True)
class CoxEffect:
    """The effect of one column of a Cox model that each site fits by itself.

    model   without strata across sites: within one site every stratum is the site's own
    column  name of the column of the design matrix, e.g. `age` or `arm[B]`
    """

    model: CoxSpec
    column: str

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed."""
        return self.model.factors

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed."""
        return self.model.numbers


def cox_effect(rows: Rows, effect: CoxEffect) -> Own:
    """The log hazard ratio of one column with its variance.

    Returns no estimate where nobody is complete or has the event, where the column repeats others, and where the
    coefficient runs away; other covariates may.
    """
    found: CoxEstimate = fit_here(rows, ESTIMATOR, effect.model)
    counts = found.counts
    of = (counts.n, counts.n_events, counts.missing + counts.missing_stratum + counts.invalid_entry)
    if found.fit is None:
        reason = NOBODY if not counts.n else NO_EVENTS if not counts.n_events else NO_CONVERGENCE
        return without(reason, *of)
    j = [column.name for column in effect.model.columns].index(effect.column)
    if found.fit.dependent[j] or found.fit.infinite[j]:
        return without(NO_CONTRAST if found.fit.dependent[j] else SEPARATION, *of)
    return Own(float(found.coefficients[j]), float(np.diag(found.covariance)[j]), *of, ESTIMATED)
