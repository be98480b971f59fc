"""Weights from propensity scores: which population a weighted comparison describes."""

from __future__ import annotations

from typing import Literal

import numpy as np

from cohortium.estimators.contract import Reals

_ON_THE_BOUND = 1e-9
"""A model of categories gives scores that are fractions: rounding must not decide whether 0.1 is below 0.1."""

Estimand = Literal["ate", "att", "atc", "overlap"]
"""Average effect in all patients, in the treated, in the untreated, or in those who might have had either."""


def propensity_weights(
    score: Reals,
    treated: np.ndarray,
    estimand: Estimand = "ate",
    *,
    share_treated: float | None = None,
    trim: float = 0.0,
) -> Reals:
    """Weights of patients.

    score           shape (n,), probability of treatment, between 0 and 1
    treated         shape (n,), boolean
    estimand        `ate`, `att`, `atc` or `overlap` (Li, Morgan and Zaslavsky 2018)
    share_treated   share of treated patients over all sites: `ate` weights are then stabilized by it
    trim            patients whose score is below this or above one minus this have weight 0 (Crump et al. 2009)

    Returns weights, shape (n,); NaN where the score is.
    """
    with np.errstate(divide="ignore"):
        if estimand == "ate":
            on, off = (1.0, 1.0) if share_treated is None else (share_treated, 1.0 - share_treated)
            weights = np.where(treated, on / score, off / (1.0 - score))
        elif estimand == "att":
            weights = np.where(treated, 1.0, score / (1.0 - score))
        elif estimand == "atc":
            weights = np.where(treated, (1.0 - score) / score, 1.0)
        else:
            weights = np.where(treated, 1.0 - score, score)
    weights = np.where(np.isnan(score), np.nan, weights)
    if trim > 0:
        weights[(score < trim - _ON_THE_BOUND) | (score > 1.0 - trim + _ON_THE_BOUND)] = 0.0
    return np.asarray(weights)


def is_estimated(weights: Reals, treated: np.ndarray, estimand: Estimand) -> np.ndarray:
    """Patients who have a weight above 0 that depends on their score, shape (n,): those whom truncation looks at."""
    whole = {"att": treated, "atc": ~treated}.get(estimand, np.zeros(1, bool))
    return np.asarray((weights > 0) & ~whole)


def effective_sample_size(weight_sum: float, square_sum: float) -> float:
    """Kish's effective sample size from the sums of weights and of their squares; 0 without weight."""
    return weight_sum * weight_sum / square_sum if square_sum > 0 else 0.0
