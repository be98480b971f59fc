"""A site's own logistic model, fitted to convergence where its rows are; the effect of one column leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.between_sites.fitting import fit_here
from cohortium.estimators.between_sites.own import (
    ALL_EVENTS,
    ESTIMATED,
    NO_CONTRAST,
    NO_CONVERGENCE,
    NO_EVENTS,
    NOBODY,
    SEPARATION,
    Own,
    without,
)
from cohortium.estimators.logistic.estimator import ESTIMATOR

if TYPE_CHECKING:
    from cohortium.estimators.contract import Factor, Rows
    from cohortium.estimators.logistic.estimate import LogisticEstimate
    from cohortium.estimators.logistic.spec import LogisticSpec


@dataclass(frozen=True)
class LogisticEffect:
    """The effect of one column of a logistic model that each site fits by itself.

    model   by maximum likelihood, without strata across sites
    column  name of the column of the design matrix, e.g. `age` or `arm[B]`
    """

    model: LogisticSpec
    column: str

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed."""
        return self.model.factors

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed."""
        return self.model.numbers


def logistic_effect(rows: Rows, effect: LogisticEffect) -> Own:
    """The log odds ratio of one column with its variance.

    Returns no estimate where nobody is complete, where nobody or everybody has the event, where the column repeats
    others, and where the coefficient runs away; other covariates may.
    """
    found: LogisticEstimate = fit_here(rows, ESTIMATOR, effect.model)
    counts = found.counts
    of = (counts.n, counts.n_events, counts.missing + counts.missing_stratum + counts.invalid_weight)
    if found.problem:
        nobody_or_all = {0: NO_EVENTS, counts.n: ALL_EVENTS}.get(counts.n_events, NO_CONVERGENCE)
        return without(nobody_or_all if counts.n else NOBODY, *of)
    j = [column.name for column in effect.model.columns].index(effect.column)
    variance = float(np.diag(found.covariance)[j])
    if found.dependent[j] or not np.isfinite(variance):
        return without(NO_CONTRAST if found.dependent[j] else SEPARATION, *of)
    return Own(float(found.coefficients[j]), variance, *of, ESTIMATED)
