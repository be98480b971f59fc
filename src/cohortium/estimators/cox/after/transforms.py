"""Scales of time on which the test of proportional hazards looks for a trend, from counts by time over everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from cohortium.totals import Shape

if TYPE_CHECKING:
    from cohortium.estimators.contract import Integers, Reals
    from cohortium.estimators.cox.spec import CoxSpec
    from cohortium.estimators.cox.usable import UsableRows
    from cohortium.totals import Shapes, Totals

Transform = Literal["km", "rank", "identity", "log"]


class TimeCounts(NamedTuple):
    """Rows of all strata together by time, shape (n_times,) each; case weights do not count, as in R.

    n_leaving   rows whose follow-up ends at each time
    n_dying     those of them with the event
    n_entering  rows that enter at each time, not counting those under observation from the start
    """

    n_leaving: Integers
    n_dying: Integers
    n_entering: Integers


def count_shapes(spec: CoxSpec) -> Shapes:
    """Declared shape of the counts by time."""
    return dict.fromkeys(TimeCounts._fields, Shape("int", (spec.grid.size,)))


def count_times(usable: UsableRows, n_times: int) -> TimeCounts:
    """The counts of a site's rows."""
    entries = np.empty(0, np.int64) if usable.entry_at is None else usable.entry_at[usable.entry_at >= 0]
    return TimeCounts(
        n_leaving=np.bincount(usable.at, minlength=n_times),
        n_dying=np.bincount(usable.at[usable.event], minlength=n_times),
        n_entering=np.bincount(entries, minlength=n_times),
    )


def read_times(totals: Totals) -> TimeCounts:
    """The counts in totals."""
    return TimeCounts(*(totals[name] for name in TimeCounts._fields))


def transformed(transform: Transform, times: Reals, counts: TimeCounts) -> Reals:
    """Each time on the scale of the test, shape (n_times,).

    km        one minus the Kaplan-Meier curve of everybody just before
    rank      mean rank among the times at which follow-up ends
    identity  the time
    log       its natural logarithm, -inf at 0
    """
    if transform == "identity":
        return times
    if transform == "log":
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(times))
    if transform == "rank":
        return np.asarray(np.cumsum(counts.n_leaving) - (counts.n_leaving - 1) / 2)
    at_risk = (counts.n_leaving[::-1].cumsum() - counts.n_entering[::-1].cumsum())[::-1]
    survival = np.cumprod(1.0 - counts.n_dying / np.maximum(at_risk, 1))
    return np.concatenate([[0.0], 1.0 - survival[:-1]])
