r"""Risk sets of the subdistribution of one stratum, without a row for every time.

A row that had another event at T stays at risk afterwards with weight :math:`\hat G(t-)/\hat G(T-)`. The weight is a
product of a number of the row and one of the time, so that the sum over such rows is a cumulative sum of
:math:`\theta x/\hat G(T-)` times :math:`\hat G(t-)`, one for each distribution of censoring.

All tables are dense over groups of censoring and times of the stratum; covariates are about one origin.

References: Fine and Gray 1999.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from cohortium.estimators.contract import Integers, Reals

CENSORED, EVENT, OTHER = 0, 1, 2
N_STATES = 3
"""How the follow-up of a row ended: censored, with the cause that is modeled, with another one."""


class RiskSets(NamedTuple):
    """The partial likelihood of one stratum, and the tables of its derivatives; D times, g groups.

    log_sum   sum over events of the logarithm of the sum of theta
    mean_sum  shape (p,): sum over events of the mean covariates of the risk sets
    outer     shape (p, p): sum over events of the outer products of these means
    before    shape (g, D): probability of being uncensored just before each time
    inverse   shape (g, D): one over it, 0 where it is 0
    jump      shape (D,): steps of the cumulative baseline subdistribution hazard
    mean      shape (D, p): mean covariates, 0 at times without events
    kept      shape (g, D, p+1): sums of theta x / G over the rows that had another event before each time
    """

    log_sum: float
    mean_sum: Reals
    outer: Reals
    before: Reals
    inverse: Reals
    jump: Reals
    mean: Reals
    kept: Reals

    @property
    def hazard(self) -> Reals:
        """Cumulative hazard that a row bears, by group, time and state at its end, shape (g, D, 3)."""
        return self._borne(self.jump[:, None])[..., 0]

    @property
    def pull(self) -> Reals:
        """The same, each step times the mean covariates at it, shape (g, D, 3, p)."""
        return self._borne(self.jump[:, None] * self.mean)

    def _borne(self, steps: Reals) -> Reals:
        """Sums of steps of shape (D, c) up to the end, and beyond it, by weight, for rows with another event."""
        weighted = self.before[..., None] * steps
        beyond = np.flip(np.cumsum(np.flip(weighted, 1), axis=1), 1) - weighted
        so_far = np.cumsum(steps, axis=0)
        table = np.repeat(so_far[None, :, None], N_STATES, axis=2)
        table = np.repeat(table, len(self.before), axis=0)
        table[:, :, OTHER] += beyond * self.inverse[..., None]
        return table

    @property
    def gain(self) -> Reals:
        """The stratum's part of q at its times, shape (g, D, p)."""
        weighted = self.before * self.jump
        ahead = np.flip(np.cumsum(np.flip(weighted, 1), axis=1), 1)
        by_mean = weighted[..., None] * self.mean
        mean_ahead = np.flip(np.cumsum(np.flip(by_mean, 1), axis=1), 1)
        return np.asarray(self.kept[..., :-1] * ahead[..., None] - self.kept[..., -1:] * mean_ahead)


def risk_sets(leaving: Reals, others: Reals, deaths: Integers, before: Reals) -> RiskSets:
    """The risk sets of a stratum.

    leaving  shape (D, p+1): sums of theta x over rows whose follow-up ends at each time; last column of theta
    others   shape (g, D, p+1): the same over rows with another event
    deaths   shape (D,): events of the cause
    before   shape (g, D): probability of being uncensored just before each time
    """
    inverse = np.divide(1.0, before, out=np.zeros_like(before), where=before > 0)
    scaled = others * inverse[..., None]
    kept = np.cumsum(scaled, axis=1) - scaled
    at = np.flatnonzero(deaths)
    at_risk = np.flip(np.cumsum(np.flip(leaving, 0), axis=0), 0)[at]
    at_risk = at_risk + np.einsum("gd,gdc->dc", before[:, at], kept[:, at])
    total, count = at_risk[:, -1], deaths[at].astype(np.float64)
    mean_at = at_risk[:, :-1] / total[:, None]
    jump, mean = np.zeros(deaths.size), np.zeros((deaths.size, leaving.shape[1] - 1))
    jump[at], mean[at] = count / total, mean_at
    return RiskSets(
        log_sum=float(count @ np.log(total)),
        mean_sum=count @ mean_at,
        outer=(mean_at * count[:, None]).T @ mean_at,
        before=before,
        inverse=inverse,
        jump=jump,
        mean=mean,
        kept=kept,
    )
