r"""How far expected events counted in weeks or months can be from those in days.

An event is shared between the groups by their numbers at risk on its day. All that is known of that day is its unit, so
a group's number at risk lies between those who stay beyond the unit (with the patient of the event, and whoever has an
event later) and those at risk at its start. Of the d events of a group, the i-th from the last has at least i of the
group at risk besides the a who stay, so that with m at risk in the other groups at the start of the unit

.. math:: E \ge \sum_{i=1}^{d} \frac{a+i}{a+i+m} = d - m\,(\psi(a+m+d+1) - \psi(a+m+1)).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import digamma

from cohortium.estimators.counts import at_risk

if TYPE_CHECKING:
    from cohortium.estimators.contract import Integers, Reals
    from cohortium.estimators.grid import Grid


def expected_between(grid: Grid, counts: Integers) -> tuple[Reals, Reals]:
    """Lowest and highest possible expected events in days, shape (groups,) each.

    counts   shape (strata, groups, times, 2): events and censorings by unit
    """
    counted = counts.astype(np.float64)
    event, leave = counted[..., 0], counted.sum(axis=-1)
    own = at_risk(counted)
    own_stay = own - leave
    others, others_stay, others_event = (x.sum(axis=1, keepdims=True) - x for x in (own, own_stay, event))
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = np.where(own > 0, own / (own + others), 0.0) * (event + others_event)
        # At an event of another group, that group has at least one at risk, so no denominator is 0.
        low = event - others * _harmonic(own_stay + others, event)
        low += np.where(others_event > 0, others_event * own_stay / (own_stay + others), 0.0)
        high = np.where(event > 0, event * own / (own + others_stay), 0.0)
        high += own * _harmonic(own + others_stay, others_event)
    exact = grid.is_single_day
    low, high = (np.where(exact, whole, side).sum(axis=(0, 2)) for side in (low, high))
    return np.asarray(low), np.asarray(high)


def _harmonic(before: Reals, count: Reals) -> Reals:
    """Sum of 1 / (before + i) for i = 1 .. count."""
    return np.asarray(digamma(before + count + 1.0) - digamma(before + 1.0))


def expected_bound(grid: Grid, counts: Integers, expected: Reals) -> Reals:
    """Largest possible difference of expected events, and so of observed minus expected, from those in days."""
    low, high = expected_between(grid, counts)
    return np.asarray(np.maximum(high - expected, expected - low))
