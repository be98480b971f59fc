"""From counts to the curves of all groups and causes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.competing.incidence.aalen_johansen import AalenJohansen, aalen_johansen
from cohortium.estimators.competing.incidence.curves import CauseCurve, GroupCurves
from cohortium.estimators.contract import Done, Integers, Next, Reals, Step
from cohortium.estimators.kaplan_meier.limits import limits

if TYPE_CHECKING:
    from cohortium.estimators.competing.incidence.spec import IncidenceSpec
    from cohortium.totals import Totals


_KNOWN_AT_ZERO = ("plain", "arcsine")
"""Forms of the interval that are defined where nothing has happened yet; the others are of a logarithm."""


@dataclass(frozen=True)
class IncidenceEstimate:
    """The curves of all groups, and how many rows were left out.

    missing  time, event, entry or group not known
    late     entry not before the end of follow-up
    """

    spec: IncidenceSpec
    groups: tuple[GroupCurves, ...]
    missing: int
    late: int = 0


def solve(spec: IncidenceSpec, totals: Totals, _step: Next) -> Step:
    """The curves."""
    counts, entries = totals["counts"], totals["entries"] if spec.entry else None
    found = aalen_johansen(counts, entries, spec.variance)
    groups = tuple(_group(spec, g, counts[g], entries, found) for g in range(len(spec.labels)))
    return Done(IncidenceEstimate(spec, groups, int(totals["missing"]), int(totals["late"]) if spec.entry else 0))


def _group(
    spec: IncidenceSpec, g: int, counts: Integers, entries: Integers | None, found: AalenJohansen
) -> GroupCurves:
    seen = np.flatnonzero(counts.sum(axis=-1))
    entering = np.flatnonzero(entries[g]) if entries is not None else np.empty(0, np.int64)
    times = spec.grid.values
    return GroupCurves(
        group=spec.labels[g],
        n=int(counts.sum()),
        time=times[seen],
        n_risk=found.n_risk[g, seen],
        n_censor=counts[seen, 0],
        survival=found.survival[g, seen],
        enter_time=times[entering],
        n_enter=entries[g, entering] if entries is not None else entering,
        causes=tuple(
            _cause(spec, label, counts[seen, k + 1], found.incidence[g, k, seen], found.error[g, k, seen])
            for k, label in enumerate(spec.causes)
        ),
        warning=_emptied(times, found.n_risk[g], counts[:, 1:].sum(axis=-1)) if entries is not None else "",
    )


def _cause(spec: IncidenceSpec, label: str, n_event: Integers, incidence: Reals, error: Reals) -> CauseCurve:
    relative = np.divide(error, incidence, out=np.full_like(error, np.nan), where=incidence > 0)
    lower, upper = limits(incidence, relative, spec.interval, spec.confidence)
    if spec.interval in _KNOWN_AT_ZERO:
        lower, upper = (np.where(incidence == 0, 0.0, limit) for limit in (lower, upper))
    return CauseCurve(label, int(n_event.sum()), n_event, incidence, error, lower, upper)


def _emptied(times: Reals, n_risk: Integers, events: Integers) -> str:
    """Where nobody is left at risk although others enter later: what comes before decides all that follows."""
    some = np.flatnonzero(n_risk)
    gone = np.flatnonzero((n_risk > 0) & ((np.append(n_risk[1:], 0) == 0) | (events == n_risk)))
    early = gone[gone < some[-1]] if some.size else gone
    if not early.size:
        return ""
    at = early[0]
    what = "all at risk had an event" if events[at] == n_risk[at] else "nobody is at risk for a while after it"
    return f"at time {times[at]:g} {what} ({int(n_risk[at])} at risk), although patients come under observation later"
