r"""The distribution of censoring, and what its estimation adds to the residuals.

:math:`\hat G_g` is the product-limit estimate of remaining uncensored in group g; an event on the day of a censoring
comes before it. Its influence on the score is, for a row of group g with end of follow-up T,

.. math:: \psi = \delta^c q_g(T)/Y_g(T) - \sum_{u \le T} q_g(u)\, c_g(u)/Y_g(u)^2,

with :math:`c_g` censorings among :math:`Y_g` rows at risk, :math:`\delta^c` whether the row was censored, and
:math:`q_g(u)` what the score would gain from the rows that already had another event if they had been at risk.

References: Fine and Gray 1999.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.counts import at_risk

if TYPE_CHECKING:
    from cohortium.estimators.contract import Integers, Reals


def uncensored_before(counts: Integers) -> Reals:
    """Probability of being uncensored just before each time, shape (groups, times).

    After the last follow-up of a group it is 0: nothing is known of who would still be uncensored, so that rows of the
    group with another event leave the risk sets, as in R's crr.

    counts  shape (groups, times, 2): rows that leave with an event, and censored
    """
    risk, censored = at_risk(counts), counts[..., 1]
    stay = np.where(censored == risk, 0.0, 1.0 - censored / np.maximum(risk, 1))
    return np.concatenate([np.ones((len(counts), 1)), np.cumprod(stay, axis=-1)[:, :-1]], axis=-1)


def censoring_influence(counts: Integers, gain: Reals) -> Reals:
    """The two parts of the influence, shape (groups, times, 2, p): of every row, and besides of a censored one.

    counts  shape (groups, times, 2)
    gain    shape (groups, times, p): q
    """
    risk = np.maximum(at_risk(counts), 1)[..., None]
    own = gain / risk
    of_all = -np.cumsum(own * counts[..., 1:] / risk, axis=1)
    return np.stack([of_all, own], axis=2)
