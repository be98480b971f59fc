r"""Sums of the score test for effects beta + theta g(t), at theta = 0.

With V_j the variance of the covariates over the risk set of event time j, the augmented model has the score
sum_j g_j (x_j - mean_j) and the information blocks sum_j V_j, sum_j g_j V_j, sum_j g_j^2 V_j. As in the fit, changing
the order of summation makes of each one weighted Gram matrix over rows, with a cumulative hazard whose jumps are
multiplied by the power of g, less outer products of means at the event times.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cohortium.estimators.cox.sums import covariates_about, weighted_gram
from cohortium.estimators.cox.ties import cumulated

if TYPE_CHECKING:
    from cohortium.estimators.contract import Integers, Reals
    from cohortium.estimators.cox.rows import SortedRows
    from cohortium.estimators.cox.ties import EventTimes

POWERS = 3


class Trend(NamedTuple):
    """Sums over event times, for the powers 0, 1, 2 of g.

    mean_sum    shape (2, p): sums of the risk-set means, and of g times them
    outer       shape (3, p, p): sums of g^m times the outer products of the means
    hazard      shape (3, k): jumps of the hazard times g^m, cumulated within strata
    death_part  shape (3, k): their share that rows dying at the key do not bear
    """

    mean_sum: Reals
    outer: Reals
    hazard: Reals
    death_part: Reals


def trend_of(found: EventTimes, scale: Reals, n_keys: int, stratum_starts: Integers) -> Trend:
    """Sums over event times.

    scale  shape (e,): g at each of them
    """
    sums, mean, dead_mean = found.sums, found.mean, found.dead_mean
    powers = np.stack([np.ones_like(scale), scale, scale * scale])
    outer, hazard, death_part = [], np.zeros((POWERS, n_keys)), np.zeros((POWERS, n_keys))
    for power in powers:
        cross = (mean * (power * sums.phi_a2)[:, None]).T @ dead_mean
        own = (mean * (power * sums.a2)[:, None]).T @ mean
        outer.append(own - cross - cross.T + (dead_mean * (power * sums.phi2_a2)[:, None]).T @ dead_mean)
    hazard[:, found.at] = powers * sums.a / found.s0
    death_part[:, found.at] = powers * sums.phi_a / found.s0
    return Trend(
        mean_sum=(powers[:2] * sums.a) @ mean - (powers[:2] * sums.phi_a) @ dead_mean,
        outer=np.stack(outer),
        hazard=np.stack([cumulated(row, stratum_starts) for row in hazard]),
        death_part=death_part,
    )


def grams(rows: SortedRows, beta: Reals, center: Reals, hazard: Reals, death_part: Reals) -> Reals:
    """Weighted Gram matrices over rows for the three powers, shape (3, p, p); tables at the keys of the site."""
    return np.stack([weighted_gram(rows, beta, center, hazard[m], death_part[m], signed=m == 1) for m in range(POWERS)])


def event_sums(rows: SortedRows, center: Reals, *, weighted: bool) -> Reals:
    """Sums of the covariates about `center` over rows with the event, by key of the site, shape (k, p)."""
    table = np.zeros((rows.keys.size, center.size))
    for block in rows.blocks:
        sizes = np.diff(block.starts)
        dead = np.repeat(block.run_event, sizes)
        x = covariates_about(rows, block, center)[dead]
        if weighted and block.weight is not None:
            x = x * block.weight[dead][:, None]
        key = np.repeat(block.run_key[block.run_event], sizes[block.run_event])
        for j in range(center.size):
            table[:, j] += np.bincount(key, x[:, j], minlength=rows.keys.size)
    return table
