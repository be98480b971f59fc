r"""Cumulative incidence by the method of Aalen and Johansen, with two forms of its variance.

With :math:`d_k` of the :math:`Y` rows at risk having cause k at a time, and :math:`d = \sum_k d_k`,

.. math:: \hat S(t) = \prod_{s \le t} (1 - d/Y), \qquad \hat F_k(t) = \sum_{s \le t} \hat S(s-)\, d_k / Y .

Either variance is a sum over the times s up to t,

.. math:: \sum_s \frac{\hat S(s-)^2}{Y^2} \{q_{11} + 2 e\, q_{12} + e^2 q_{22}\},
    \qquad e = -\{\hat F_k(t) - \hat F_k(s)\} / \hat S(s),

in which 1 + e is what an event of cause k at s adds to the estimate at t, and e what another event adds, both over
:math:`\hat S(s-)/Y`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from cohortium.estimators.counts import at_risk

if TYPE_CHECKING:
    from cohortium.estimators.contract import Integers, Reals

Variance = Literal["greenwood", "aalen"]


class AalenJohansen(NamedTuple):
    """Estimates over the whole grid.

    n_risk     shape (groups, times): rows at risk just before each time
    survival   shape (groups, times): probability of no event yet
    incidence  shape (groups, causes, times)
    error      shape (groups, causes, times): standard errors of the incidence
    """

    n_risk: Integers
    survival: Reals
    incidence: Reals
    error: Reals


def aalen_johansen(counts: Integers, entries: Integers | None, variance: Variance) -> AalenJohansen:
    """Estimates from counts.

    counts    shape (groups, times, causes + 1): censorings, then events by cause
    entries   shape (groups, times): rows that come under observation just after each time; None without left truncation
    variance  `greenwood`: the multinomial variance of the events at a time, which is the infinitesimal jackknife of R's
              multi-state `survfit`; `aalen`: the variance of R's `cmprsk::cuminc`

    References: Aalen and Johansen 1978; Andersen, Borgan, Gill and Keiding 1993; Gray 1988.
    """
    n_risk = at_risk(counts, entries)
    risk = n_risk.astype(np.float64)
    by_cause = np.moveaxis(counts[..., 1:], -1, 1).astype(np.float64)
    events = by_cause.sum(axis=1)
    per_risk = np.divide(1.0, risk, out=np.zeros_like(risk), where=risk > 0)
    survival = np.cumprod(np.where(events == risk, risk == 0, 1.0 - events * per_risk), axis=-1)
    before = np.concatenate([np.ones((len(risk), 1)), survival[:, :-1]], axis=-1)
    incidence: Reals = np.cumsum((before * per_risk)[:, None] * by_cause, axis=-1, dtype=np.float64)
    forms = _greenwood if variance == "greenwood" else _aalen
    q11, q12, q22 = forms(by_cause, events[:, None], risk[:, None], per_risk[:, None])
    scale = (before * per_risk)[:, None] ** 2
    spread = _accumulated(incidence, survival[:, None], scale * q11, scale * q12, scale * q22)
    # Before the first event of a cause nothing varies; what the sums leave there is rounding.
    return AalenJohansen(n_risk, survival, incidence, np.sqrt(np.where(incidence > 0, np.maximum(spread, 0.0), 0.0)))


def _greenwood(by_cause: Reals, events: Reals, risk: Reals, per_risk: Reals) -> tuple[Reals, Reals, Reals]:
    """Variance of multinomial counts: d_k (1 - d_k/Y) for the cause, d (1 - d/Y) for all, and their covariance."""
    left = np.where(events == risk, 0.0, 1.0 - events * per_risk)
    return by_cause * (1.0 - by_cause * per_risk), by_cause * left, events * left


def _aalen(by_cause: Reals, events: Reals, risk: Reals, _per_risk: Reals) -> tuple[Reals, Reals, Reals]:
    """Counts of the cause and of all others together as independent, each with a factor for ties."""
    fewer = np.maximum(risk - 1.0, 1.0)

    def spread(count: Reals) -> Reals:
        return np.asarray(count * (1.0 - np.maximum(count - 1.0, 0.0) / fewer))

    own = spread(by_cause)
    return own, own, own + spread(events - by_cause)


def _accumulated(incidence: Reals, survival: Reals, q11: Reals, q12: Reals, q22: Reals) -> Reals:
    """The sum over s up to each t, by cumulative sums.

    With E what the incidence still gains until the end, e = (E(t) - E(s)) / S(s), and no part of the expanded square is
    above 1: writing it with the incidence itself would lose digits where survival is low.
    """
    gain = incidence[..., -1:] - incidence
    inverse = np.divide(1.0, survival, out=np.zeros_like(survival), where=survival > 0)
    ratio = gain * inverse
    constant = np.cumsum(q11 - 2.0 * ratio * q12 + ratio**2 * q22, axis=-1)
    linear = np.cumsum(inverse * (q12 - ratio * q22), axis=-1)
    square = np.cumsum(inverse**2 * q22, axis=-1)
    return np.asarray(constant + 2.0 * gain * linear + gain**2 * square)
