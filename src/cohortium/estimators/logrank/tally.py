"""Observed and expected events and their covariance, summed over strata and times."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cohortium.estimators.counts import at_risk
from cohortium.estimators.logrank.weights import time_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.estimators.contract import Integers, Reals
    from cohortium.estimators.logrank.spec import LogRankSpec


class Tally(NamedTuple):
    """Sums over some strata.

    n, n_events         shape (groups,): rows, and those with the event
    observed, expected  shape (groups,): weighted events, and what they would be if all groups were alike
    covariance          shape (groups, groups): hypergeometric covariance of observed minus expected
    pair_difference     shape (pairs,): observed minus expected of the first group of each pair, from its rows alone
    pair_variance       shape (pairs,)
    """

    n: Integers
    n_events: Integers
    observed: Reals
    expected: Reals
    covariance: Reals
    pair_difference: Reals
    pair_variance: Reals


def no_tally(spec: LogRankSpec) -> Tally:
    """The tally of no rows."""
    g, pairs = len(spec.by), len(spec.pairs)
    whole = np.zeros(g, np.int64)
    return Tally(whole, whole, np.zeros(g), np.zeros(g), np.zeros((g, g)), np.zeros(pairs), np.zeros(pairs))


def add(tallies: Sequence[Tally]) -> Tally:
    """The tally of all strata of several tallies."""
    return Tally(*(np.sum(parts, axis=0) for parts in zip(*tallies, strict=True)))


def tally(spec: LogRankSpec, counts: Integers, entries: Integers | None) -> Tally:
    """The tally of some strata.

    counts   shape (strata, groups, times, 2): events and censorings
    entries  shape (strata, groups, times): rows that come under observation just after each time; None without left
             truncation
    """
    risk, event = at_risk(counts, entries), counts[..., 0]
    observed, expected, covariance = _compared(spec, risk, event)
    pairs = [_compared(spec, risk[:, [a, b]], event[:, [a, b]]) for a, b in spec.pairs]
    return Tally(
        n=counts.sum(axis=(0, 2, 3)),
        n_events=event.sum(axis=(0, 2)),
        observed=observed,
        expected=expected,
        covariance=covariance,
        pair_difference=np.array([o[0] - e[0] for o, e, _ in pairs]),
        pair_variance=np.array([v[0, 0] for _, _, v in pairs]),
    )


def _compared(spec: LogRankSpec, risk: Integers, event: Integers) -> tuple[Reals, Reals, Reals]:
    """Observed, expected and covariance of the groups of `risk` and `event`, shape (strata, groups, times) each."""
    n, d = risk.sum(axis=1), event.sum(axis=1)
    when = d > 0
    n_all, d_all = n[when].astype(float), d[when].astype(float)
    share = np.moveaxis(risk, 1, -1)[when] / n_all[:, None]
    died = np.moveaxis(event, 1, -1)[when].astype(float)
    factor = d_all * (n_all - d_all) / np.maximum(n_all - 1.0, 1.0)
    weights = time_weights(spec, n, d)
    if weights is not None:
        weight = weights[when]
        died, d_all, factor = died * weight[:, None], d_all * weight, factor * weight**2
    weighted = share * factor[:, None]
    return died.sum(axis=0), d_all @ share, np.diag(weighted.sum(axis=0)) - weighted.T @ share
