r"""The score of Gray's test and its variance in one stratum, for every cause.

With :math:`Y_g` rows of group g at risk, :math:`\hat S_g` their probability of no event and :math:`\hat F_g` the
incidence of the cause, the rows at risk of the subdistribution are :math:`R_g = Y_g (1 - \hat F_g(t-))/\hat S_g(t-)`,
and the score is

.. math:: z_g = \sum_t (1 - \hat F(t-))^\rho \{d_g - d\, R_g / \sum_h R_h\},

with :math:`\hat F` the incidence under the hypothesis, of steps :math:`d / \sum_g Y_g/\hat S_g(t-)`. Its variance is a
sum over times and groups of what one event there adds to the score, squared, times the variance of the event.

References: Gray 1988.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cohortium.estimators.counts import at_risk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.estimators.contract import Integers, Reals


class GrayScore(NamedTuple):
    """Sums over some strata.

    n, n_events  shape (groups,) and (causes, groups): rows, and events by cause
    score        shape (causes, groups)
    covariance   shape (causes, groups, groups)
    beyond       shape (causes,): times at which groups are compared although the incidence under the hypothesis has
                 reached 1
    """

    n: Integers
    n_events: Integers
    score: Reals
    covariance: Reals
    beyond: Integers


class _Times(NamedTuple):
    """The times of one stratum with an event of any cause; arrays of shape (groups, times), `before` just before."""

    risk: Reals
    events: Reals
    before: Reals
    after: Reals


class _Pooled(NamedTuple):
    """Under the hypothesis, by time with events of the cause, shape (times,) but `share`.

    share     shape (groups, times): Y/S of each group
    total     their sum
    deaths    events of the cause in all groups
    left      one minus the incidence just before the time
    after     one minus the incidence at the time
    weight    of the time, in the score
    """

    share: Reals
    total: Reals
    deaths: Reals
    left: Reals
    after: Reals
    weight: Reals


def no_score(n_groups: int, n_causes: int) -> GrayScore:
    """The score of no rows."""
    shape = (n_causes, n_groups)
    return GrayScore(
        np.zeros(n_groups, np.int64),
        np.zeros(shape, np.int64),
        np.zeros(shape),
        np.zeros((*shape, n_groups)),
        np.zeros(n_causes, np.int64),
    )


def add(scores: Sequence[GrayScore]) -> GrayScore:
    """The score of all strata."""
    return GrayScore(*(np.sum(parts, axis=0) for parts in zip(*scores, strict=True)))


def gray_score(counts: Integers, rho: float) -> GrayScore:
    """The score of one stratum.

    counts   shape (groups, times, causes + 1): censorings, then events by cause
    """
    n_causes = counts.shape[-1] - 1
    found = no_score(len(counts), n_causes)
    when = np.flatnonzero(counts[..., 1:].any(axis=(0, 2)))
    risk = at_risk(counts)[:, when].astype(np.float64)
    by_cause = np.moveaxis(counts[:, when, 1:], -1, 0).astype(np.float64)
    events = by_cause.sum(axis=0)
    safe = np.maximum(risk, 1.0)
    survival = np.cumprod(np.where(events == risk, risk == 0, 1.0 - events / safe), axis=-1)
    before = np.concatenate([np.ones((len(risk), 1)), survival[:, :-1]], axis=-1)[:, : when.size]
    times = _Times(risk, events, before, survival)
    of_causes = [_of_cause(times, cause, rho) for cause in by_cause]
    if not of_causes:
        return found
    score, covariance, beyond = zip(*of_causes, strict=True)
    return GrayScore(
        n=counts.sum(axis=(1, 2)),
        n_events=counts[..., 1:].sum(axis=1).T,
        score=np.stack(score),
        covariance=np.stack(covariance),
        beyond=np.array(beyond, np.int64),
    )


def _of_cause(times: _Times, cause: Reals, rho: float) -> tuple[Reals, Reals, int]:
    """Score, covariance and the times beyond, for events `cause` of shape (groups, times)."""
    pooled = _pooled(times, cause, rho)
    steps = times.before * cause / np.maximum(times.risk, 1.0)
    incidence_before = np.cumsum(steps, axis=-1) - steps
    at_risk_of_cause = pooled.share * (1.0 - incidence_before)
    score = (cause - pooled.deaths * at_risk_of_cause / at_risk_of_cause.sum(axis=0)) @ pooled.weight
    # What a group weighs in the score of another, shape (groups, groups, times), and its integral to the end.
    relative = pooled.share / pooled.total
    lever = -pooled.weight * pooled.share[:, None] * relative
    own = np.arange(len(relative))
    lever[own, own] += pooled.weight * pooled.share
    is_left = pooled.left > _REACHED
    compared = (np.count_nonzero(times.risk, axis=0) > 1) & (pooled.deaths > 0)
    pull = lever * np.where(is_left, pooled.deaths / (pooled.total * np.where(is_left, pooled.left, 1.0)), 0.0)
    running = np.cumsum(pull, axis=-1)
    ahead = running[..., -1:] - running
    return score, _covariance(times, cause, pooled, lever, ahead), int(np.count_nonzero(compared & ~is_left))


_REACHED = 1e-9
"""One minus an incidence below this is 0 but for rounding."""


def _pooled(times: _Times, cause: Reals, rho: float) -> _Pooled:
    share = np.where(times.risk > 0, times.risk / np.where(times.before > 0, times.before, 1.0), 0.0)
    total, deaths = share.sum(axis=0), cause.sum(axis=0)
    steps = deaths / total
    incidence = np.cumsum(steps)
    left = 1.0 - (incidence - steps)
    weight = np.where(left > 0, np.maximum(left, 0.0) ** rho, 0.0) if rho else np.ones_like(left)
    return _Pooled(share, total, deaths, left, 1.0 - incidence, weight)


def _covariance(times: _Times, cause: Reals, pooled: _Pooled, lever: Reals, ahead: Reals) -> Reals:
    """Sum over times and groups of the outer product of what an event adds to the score, shape (groups, groups)."""
    risk, before, after, deaths = times.risk, times.before, times.after, pooled.deaths
    safe = np.maximum(risk, 1.0)
    ratio = np.divide(pooled.after, after, out=np.zeros_like(after), where=after > 0)
    # Under the hypothesis the events of the cause are those of all groups; tied ones are without replacement.
    tied = _without_replacement(deaths, pooled.total * before)
    variance = np.where(risk > 0, tied * before * deaths / (pooled.total * safe), 0.0)
    adds = lever + (1.0 - ratio) * ahead
    other = times.events - cause
    other_variance = np.where(after > 0, _without_replacement(other, risk) * before**2 * other / safe**2, 0.0)
    return _weighted(adds, variance) + _weighted(ratio * ahead, other_variance)


def _without_replacement(events: Reals, of: Reals) -> Reals:
    """The factor 1 - (d - 1)/(n - 1) of the variance of d events among n; 0 where n would be below d."""
    fewer = of - 1.0
    factor = 1.0 - np.divide(events - 1.0, fewer, out=np.ones_like(fewer * events), where=fewer > 0)
    return np.where(events > 1, np.maximum(factor, 0.0), 1.0)


def _weighted(adds: Reals, variance: Reals) -> Reals:
    flat = adds.reshape(len(adds), -1)
    return np.asarray((flat * variance.ravel()) @ flat.T)
