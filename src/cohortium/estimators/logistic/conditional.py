"""The exact conditional likelihood of a logistic model, given the number of events in each stratum.

The denominator is a sum over all ways to choose the stratum's events among its rows. It is built row by row: with
u = exp(eta), B(m, j) = B(m, j - 1) + u_j B(m - 1, j - 1), and the same for its derivatives (Gail, Lubin and
Rubinstein 1981).
"""

from __future__ import annotations

import math

import numpy as np

from cohortium.estimators.contract import Reals
from cohortium.estimators.logistic.sums import LogisticSums

_LARGE = 1e150


def conditional_sums(design: Reals, outcome: Reals, beta: Reals, offset: Reals | None = None) -> LogisticSums:
    """Log-likelihood, score (p,) and information (p, p) of one stratum.

    design    shape (n, p), without a constant: it cancels
    outcome   shape (n,), 1 or 0
    beta      shape (p,)
    offset    shape (n,)

    The work is n x events x p x p; a stratum with more events than non-events is turned around.
    """
    p = beta.size
    n_events = int(outcome.sum())
    if n_events in (0, outcome.size):
        return LogisticSums(0.0, np.zeros(p), np.zeros((p, p)))
    if 2 * n_events > outcome.size:
        design, outcome = -design, 1.0 - outcome
        offset = None if offset is None else -offset
        n_events = outcome.size - n_events
    # The likelihood does not change when covariates move together; about their mean sums keep their digits.
    design = design - design.mean(axis=0)
    eta = design @ beta if offset is None else design @ beta + offset
    log_sum, mean, second = _choices(np.exp(eta - eta.max()), design, n_events)
    chosen = outcome == 1.0
    score = design[chosen].sum(axis=0) - mean
    log_likelihood = float(eta[chosen].sum()) - (log_sum + n_events * float(eta.max()))
    return LogisticSums(log_likelihood, score, second - np.outer(mean, mean))


def _choices(u: Reals, design: Reals, m: int) -> tuple[float, Reals, Reals]:
    """Over all choices of m rows, weighted by the product of their u: log of the sum, means of x and of x x'."""
    p = design.shape[1]
    ways, first, second = np.zeros(m + 1), np.zeros((m + 1, p)), np.zeros((m + 1, p, p))
    ways[0], log_scale = 1.0, 0.0
    for j, (weight, x) in enumerate(zip(u, design, strict=True)):
        top = min(j + 1, m)
        new, old = slice(1, top + 1), slice(0, top)
        cross = first[old][:, :, None] * x
        second[new] += weight * (
            second[old] + cross + cross.transpose(0, 2, 1) + ways[old][:, None, None] * np.outer(x, x)
        )
        first[new] += weight * (first[old] + ways[old][:, None] * x)
        ways[new] += weight * ways[old]
        largest = float(ways.max())
        if largest > _LARGE:
            ways, first, second = ways / largest, first / largest, second / largest
            log_scale += math.log(largest)
    return math.log(ways[m]) + log_scale, first[m] / ways[m], second[m] / ways[m]
