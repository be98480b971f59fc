"""One group's cumulative incidences at its distinct follow-up times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from cohortium.estimators.contract import Integers, Reals


@dataclass(frozen=True)
class CauseCurve:
    """Cumulative incidence of one cause in one group; arrays of shape (m,), a place for each follow-up time.

    n_event   events of the cause at the time
    lower, upper   limits; NaN where the form is not defined, as at incidence 0
    """

    cause: str
    n_events: int
    n_event: Integers
    incidence: Reals
    standard_error: Reals
    lower: Reals
    upper: Reals


@dataclass(frozen=True)
class GroupCurves:
    """The cumulative incidences of one group at its distinct follow-up times; arrays of shape (m,).

    n_risk     rows at risk just before the time
    n_censor   rows censored at the time
    survival   probability of no event yet; with the incidences it adds up to 1
    enter_time, n_enter   shape (k,): entry times after the origin and the rows that enter just after each
    causes     in the declared order
    warning    what a reader must know about these curves
    """

    group: str
    n: int
    time: Reals
    n_risk: Integers
    n_censor: Integers
    survival: Reals
    enter_time: Reals
    n_enter: Integers
    causes: tuple[CauseCurve, ...]
    warning: str = ""

    @property
    def n_events(self) -> int:
        """Events of all causes."""
        return sum(curve.n_events for curve in self.causes)


class IncidenceAt(NamedTuple):
    """Cumulative incidence at a time, with limits and the rows at risk just before it; NaN where not known."""

    value: float
    standard_error: float
    lower: float
    upper: float
    n_risk: int


def incidence_at(curves: GroupCurves, cause: CauseCurve, time: float) -> IncidenceAt:
    """The last step at or before a time.

    Before the first follow-up time incidence is 0; after the last one it is not known, unless everybody had an event.
    """
    nan, n_risk = float("nan"), n_at_risk(curves, time)
    step = int(np.searchsorted(curves.time, time, side="right")) - 1
    is_over = not curves.n or time > curves.time[-1]
    if is_over and not (curves.n and curves.survival[-1] == 0):
        return IncidenceAt(nan, nan, nan, nan, 0)
    if step < 0:
        return IncidenceAt(0.0, 0.0, 0.0, 0.0, n_risk)
    return IncidenceAt(
        value=float(cause.incidence[step]),
        standard_error=float(cause.standard_error[step]),
        lower=float(cause.lower[step]),
        upper=float(cause.upper[step]),
        n_risk=n_risk,
    )


def n_at_risk(curves: GroupCurves, time: float) -> int:
    """Rows at risk just before a time; those that enter only afterwards are not among them."""
    if not curves.n or time > curves.time[-1]:
        return 0
    following = int(np.searchsorted(curves.time, time))
    waiting = (curves.enter_time >= time) & (curves.enter_time < curves.time[following])
    return int(curves.n_risk[following]) - int(curves.n_enter[waiting].sum())
