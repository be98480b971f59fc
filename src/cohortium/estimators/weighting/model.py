"""How patients are weighted by their propensity score: the score's model and what is made of the score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import expit

from cohortium.estimators.logistic.usable import choose_rows
from cohortium.estimators.regression.design import column_of
from cohortium.estimators.strata import stratum_codes
from cohortium.estimators.weighting.weights import Estimand, is_estimated, propensity_weights

if TYPE_CHECKING:
    from cohortium.estimators.contract import Integers, Reals, Rows
    from cohortium.estimators.logistic.spec import LogisticSpec

SCORE, WEIGHT = "propensity score", "propensity weight"
"""Columns that weighting adds to rows; a study file cannot name a variable like this."""

ESTIMANDS = {"ate": "ATE", "att": "ATT", "atc": "ATC", "overlap": "overlap"}
"""How each estimand is printed."""


@dataclass(frozen=True)
class Weighting:
    """Weights by the propensity score.

    fit         the logistic model of treatment
    estimand    whom the weighted comparison describes
    stabilized  True: weights of `ate` are multiplied by the share of patients with the treatment that each has
    trim        patients whose score is below this or above one minus this have no weight
    truncate    weights above this quantile of them are set to it; 0 for none
    """

    fit: LogisticSpec
    estimand: Estimand = "ate"
    stabilized: bool = False
    trim: float = 0.0
    truncate: float = 0.0

    @property
    def phrase(self) -> str:
        """`weighted by the propensity score (ATE, stabilized)`."""
        parts = [ESTIMANDS[self.estimand]]
        parts += ["stabilized"] if self.stabilized else []
        parts += [f"scores from {self.trim:g} to {1 - self.trim:g}"] if self.trim else []
        parts += [f"truncated at quantile {self.truncate:g}"] if self.truncate else []
        return f"weighted by the propensity score ({', '.join(parts)})"


class ScoreFound(NamedTuple):
    """What the sites need of a fitted score to make weights.

    coefficients   shape (q,): the constant, how each other stratum differs from it, the covariates
    counted        shape (k,): 1 for strata with patients of both treatments; no one else has a score
    share_treated  share of treated patients over all sites
    """

    coefficients: Reals
    counted: Integers
    share_treated: float


def scores(rows: Rows, fit: LogisticSpec, found: ScoreFound) -> Reals:
    r"""Propensity scores, shape (n,); NaN where treatment, a covariate or the stratum is not known.

    .. math:: e(x) = 1 / (1 + \exp(-x^\top \beta))
    """
    coefficients = found.coefficients
    eta = np.full(rows.n, coefficients[0])
    known = np.zeros(rows.n, bool)
    known[choose_rows(rows, fit).keep] = True
    if fit.strata:
        stratum = stratum_codes(rows, fit.strata)
        # A stratum of -1, not known, reads the last place.
        eta += np.array([0.0, *coefficients[1 : fit.n_constants], 0.0])[stratum]
        known &= np.array([*found.counted, 0])[stratum] == 1
    every = slice(None)
    for column, coefficient in zip(fit.columns, coefficients[fit.n_constants :], strict=True):
        if coefficient:
            eta += coefficient * column_of(rows, column, every)(every)
    return np.where(known, expit(eta), np.nan)


def weights_of(rows: Rows, weighting: Weighting, found: ScoreFound, limit: float = 0.0) -> tuple[Reals, Reals]:
    """Scores and weights, shape (n,) each; NaN where the score is not known.

    limit   largest weight of those whose weight is estimated; 0 for none
    """
    treated, _ = weighting.fit.event_of(rows)
    score = scores(rows, weighting.fit, found)
    share = found.share_treated if weighting.stabilized else None
    weights = propensity_weights(score, treated, weighting.estimand, share_treated=share, trim=weighting.trim)
    # A patient who could not have had the other treatment has no weight in their comparison.
    weights = np.where(np.isfinite(weights), weights, np.nan)
    if limit > 0:
        weights = np.where(is_estimated(weights, treated, weighting.estimand), np.minimum(weights, limit), weights)
    return score, weights
