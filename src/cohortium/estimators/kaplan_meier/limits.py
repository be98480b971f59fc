"""Pointwise limits of a survival curve and of a cumulative hazard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from cohortium.estimators.distributions import normal_quantile

if TYPE_CHECKING:
    from cohortium.estimators.contract import Reals

Interval = Literal["log-log", "log", "plain", "arcsine"]


def limits(survival: Reals, log_error: Reals, interval: Interval, confidence: float) -> tuple[Reals, Reals]:
    """Pointwise limits of survival.

    survival    shape (m,)
    log_error   shape (m,), standard error of log survival
    interval    `log-log` (Kalbfleisch and Prentice), `log`, `plain` or `arcsine` (the arcsine of the square root);
                limits are kept within 0 and 1

    Returns lower and upper, shape (m,) each; NaN where the form is not defined: every form at survival 0, log-log and
    arcsine at survival 1.
    """
    z = normal_quantile(0.5 + confidence / 2)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        s = np.where(survival > 0, survival, np.nan)
        lower, upper = _FORMS[interval](s, z * log_error)
        return np.maximum(lower, 0.0), np.minimum(upper, 1.0)


def _plain(s: Reals, spread: Reals) -> tuple[Reals, Reals]:
    return s - s * spread, s + s * spread


def _log(s: Reals, spread: Reals) -> tuple[Reals, Reals]:
    return np.exp(np.log(s) - spread), np.exp(np.log(s) + spread)


def _log_log(s: Reals, spread: Reals) -> tuple[Reals, Reals]:
    inner = np.where(s < 1, s, np.nan)
    half = spread / np.log(inner)
    center = np.log(-np.log(inner))
    return np.exp(-np.exp(center - half)), np.exp(-np.exp(center + half))


def _arcsine(s: Reals, spread: Reals) -> tuple[Reals, Reals]:
    inner = np.where(s < 1, s, np.nan)
    half = 0.5 * spread * np.sqrt(inner / (1.0 - inner))
    center = np.arcsin(np.sqrt(inner))
    return np.sin(np.maximum(center - half, 0.0)) ** 2, np.sin(np.minimum(center + half, np.pi / 2)) ** 2


_FORMS = {"plain": _plain, "log": _log, "log-log": _log_log, "arcsine": _arcsine}


def hazard_limits(hazard: Reals, error: Reals, confidence: float) -> tuple[Reals, Reals]:
    """Pointwise limits of a cumulative hazard on the scale of its logarithm, shape (m,) each; NaN at hazard 0."""
    z = normal_quantile(0.5 + confidence / 2)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        h = np.where(hazard > 0, hazard, np.nan)
        factor = np.exp(z * error / h)
        return h / factor, h * factor
