"""The exact conditional likelihood of a logistic model, given the number of events in each stratum.

The denominator is a sum over all ways to choose the stratum's events among its rows. It is built row by row: with
u = exp(eta), B(m, j) = B(m, j - 1) + u_j B(m - 1, j - 1), and the same for its derivatives (Gail, Lubin and
Rubinstein 1981).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.logistic.sums import LogisticSums

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cohortium.estimators.contract import Integers, Reals
    from cohortium.estimators.logistic.usable import LogisticRows

_LARGE = 1e150


def strata_sums(rows: LogisticRows, candidates: Reals) -> LogisticSums:
    """The sums over all strata of a site at each of the candidates, shape (m, p)."""
    m, p = candidates.shape
    total = LogisticSums(np.zeros(m), np.zeros((m, p)), np.zeros((m, p, p)))
    for at in strata_positions(rows):
        design = np.stack([column[at] for column in rows.columns], axis=1)
        offset = None if rows.offset is None else rows.offset[at]
        for whole, part in zip(total, conditional_sums(design, rows.outcome[at], candidates, offset), strict=True):
            np.add(whole, part, out=whole)
    return total


def choices(rows: LogisticRows) -> int:
    """Rows times events, over the strata: how long the sums take."""
    n_events = [int(rows.outcome[at].sum()) for at in strata_positions(rows)]
    sizes = [at.size for at in strata_positions(rows)]
    return sum(n * min(events, n - events) for n, events in zip(sizes, n_events, strict=True))


def strata_positions(rows: LogisticRows) -> Iterator[Integers]:
    """Positions of the rows of each stratum that has any."""
    if rows.stratum is None:
        yield from [np.arange(rows.n)] if rows.n else []
        return
    order = np.argsort(rows.stratum, kind="stable")
    ordered = rows.stratum[order]
    yield from (at for at in np.split(order, np.flatnonzero(np.diff(ordered)) + 1) if at.size)


def conditional_sums(design: Reals, outcome: Reals, candidates: Reals, offset: Reals | None = None) -> LogisticSums:
    """Log likelihood (m,), score (m, p) and information (m, p, p) of one stratum.

    design      shape (n, p), without a constant: it cancels
    outcome     shape (n,), 1 or 0
    candidates  shape (m, p)
    offset      shape (n,)

    The work is n x events x p x p; a stratum with more events than non-events is turned around.
    """
    m, p = candidates.shape
    n_events = int(outcome.sum())
    if n_events in (0, outcome.size):
        return LogisticSums(np.zeros(m), np.zeros((m, p)), np.zeros((m, p, p)))
    if 2 * n_events > outcome.size:
        design, outcome = -design, 1.0 - outcome
        offset = None if offset is None else -offset
        n_events = outcome.size - n_events
    # The likelihood does not change when covariates move together; about their mean sums keep their digits.
    design = design - design.mean(axis=0)
    eta = candidates @ design.T
    if offset is not None:
        eta = eta + offset
    largest = eta.max(axis=1, keepdims=True)
    log_sum, mean, second = _choices(np.exp(eta - largest), design, n_events)
    chosen = outcome == 1.0
    log_likelihood = eta[:, chosen].sum(axis=1) - log_sum - n_events * largest[:, 0]
    information = second - mean[:, :, None] * mean[:, None, :]
    return LogisticSums(log_likelihood, design[chosen].sum(axis=0) - mean, information)


def _choices(u: Reals, design: Reals, n_events: int) -> tuple[Reals, Reals, Reals]:
    """Over all choices of so many rows, weighted by the product of their u: log of the sum, means of x and of x x'.

    u   shape (m, n)
    """
    m, p = u.shape[0], design.shape[1]
    ways, first, second = (np.zeros((n_events + 1, m, *shape)) for shape in ((), (p,), (p, p)))
    ways[0], log_scale = 1.0, np.zeros(m)
    for j, x in enumerate(design):
        weight = u[:, j]
        top = min(j + 1, n_events)
        new, old = slice(1, top + 1), slice(0, top)
        cross = first[old][..., None] * x
        outer = ways[old][..., None, None] * np.outer(x, x)
        second[new] += weight[:, None, None] * (second[old] + cross + cross.swapaxes(-1, -2) + outer)
        first[new] += weight[:, None] * (first[old] + ways[old][..., None] * x)
        ways[new] += weight * ways[old]
        largest = ways.max(axis=0)
        if largest.max() > _LARGE:
            ways, first, second = (part / largest.reshape(m, *(1,) * (part.ndim - 2)) for part in (ways, first, second))
            log_scale += np.log(largest)
    found = ways[n_events]
    return np.log(found) + log_scale, first[n_events] / found[:, None], second[n_events] / found[:, None, None]
