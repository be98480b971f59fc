r"""Cumulative hazard and survival of a patient, with the variance of both sources: the baseline and the coefficients.

With H, S and M the sums over event times of the jumps of the hazard, of their variances and of the jumps times the
risk-set means, all about a center c, a patient x has with r = exp((x - c)'beta) the cumulative hazard r H and the
variance r^2 (S + d'V d), d = H (x - c) - M (Tsiatis 1981; Therneau and Grambsch 2000, section 10.2.3). For Efron's
ties the sums are over the tied deaths one by one, as in R.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from cohortium.estimators.cox.ties import cumulated
from cohortium.estimators.distributions import normal_quantile

if TYPE_CHECKING:
    from cohortium.estimators.contract import Integers, Reals
    from cohortium.estimators.cox.ties import EventTimes

Interval = Literal["log", "log-log", "plain"]


class HazardSums(NamedTuple):
    """Cumulative sums by key, or by stratum and time.

    hazard       shape (..., k): H
    variance     shape (..., k): S
    mean_hazard  shape (..., k, p): M, about the center
    """

    hazard: Reals
    variance: Reals
    mean_hazard: Reals


class Curve(NamedTuple):
    """A patient's curve, shape (k,) each.

    hazard          cumulative hazard
    standard_error  of the cumulative hazard
    survival        exp(-hazard)
    lower, upper    limits of survival
    """

    hazard: Reals
    standard_error: Reals
    survival: Reals
    lower: Reals
    upper: Reals


def hazard_sums(found: EventTimes, n_keys: int, stratum_starts: Integers) -> HazardSums:
    """Cumulative sums at every key, from the risk sets at the event times."""
    sums, s0 = found.sums, found.s0
    hazard, variance = np.zeros(n_keys), np.zeros(n_keys)
    mean_hazard = np.zeros((n_keys, found.mean.shape[1]))
    hazard[found.at] = sums.a / s0
    variance[found.at] = sums.a2 / (s0 * s0)
    mean_hazard[found.at] = (found.mean * sums.a2[:, None] - found.dead_mean * sums.phi_a2[:, None]) / s0[:, None]
    return HazardSums(*(cumulated(jumps, stratum_starts) for jumps in (hazard, variance, mean_hazard)))


def recentered(sums: HazardSums, move: Reals, beta: Reals) -> HazardSums:
    """The sums about a center that lies `move` before theirs.

    move  shape (..., p): their center less the new one
    """
    log_ratio = move @ beta
    ratio = np.exp(-log_ratio)
    hazard = sums.hazard * ratio
    mean_hazard = sums.mean_hazard * ratio[..., None] + hazard[..., None] * move
    return HazardSums(hazard, sums.variance * ratio * ratio, mean_hazard)


def curve_of(
    sums: HazardSums, away: Reals, beta: Reals, covariance: Reals, confidence: float, interval: Interval
) -> Curve:
    """The curve of one patient in one stratum.

    away  shape (p,): the patient's covariates less the center
    """
    ratio = float(np.exp(away @ beta))
    direction = sums.hazard[:, None] * away - sums.mean_hazard
    variance = sums.variance + np.einsum("ki,ij,kj->k", direction, covariance, direction)
    hazard, error = ratio * sums.hazard, ratio * np.sqrt(np.maximum(variance, 0.0))
    survival = np.exp(-hazard)
    lower, upper = limits(hazard, error, confidence, interval)
    return Curve(hazard, error, survival, lower, upper)


def limits(hazard: Reals, error: Reals, confidence: float, interval: Interval) -> tuple[Reals, Reals]:
    """Limits of survival from the cumulative hazard and its standard error; before the first event both are 1."""
    half = normal_quantile(0.5 + confidence / 2) * error
    if interval == "log":
        return np.exp(-(hazard + half)), np.minimum(np.exp(half - hazard), 1.0)
    survival = np.exp(-hazard)
    if interval == "plain":
        return np.maximum(survival - survival * half, 0.0), np.minimum(survival + survival * half, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.exp(half / hazard)
        lower, upper = np.exp(-hazard * spread), np.exp(-hazard / spread)
    return np.where(hazard > 0, lower, 1.0), np.where(hazard > 0, upper, 1.0)
