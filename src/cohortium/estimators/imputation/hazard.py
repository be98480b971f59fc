"""The cumulative hazard of an endpoint over all sites, and each patient's part of it."""

from __future__ import annotations

import numpy as np

from cohortium.estimators.contract import Integers, Reals, Rows
from cohortium.estimators.imputation.spec import FollowUp
from cohortium.totals import Shape, Shapes, Totals


def hazard_shapes(outcome: FollowUp) -> Shapes:
    """Declared shape of the counts by time."""
    size = outcome.grid.size
    shapes = {"events": Shape("int", (outcome.n_causes, size)), "leaving": Shape("int", (size,))}
    return {**shapes, "entering": Shape("int", (size,))} if outcome.entry else shapes


def follow_up_known(rows: Rows, outcome: FollowUp) -> Reals:
    """Whether each row's follow-up is known, shape (n,)."""
    known = np.ones(rows.n, bool)
    for name in filter(None, (outcome.time, outcome.event, outcome.entry)):
        known &= ~np.isnan(rows.numbers[name].astype(np.float64))
    return known


def hazard_counts(rows: Rows, outcome: FollowUp, used: Integers) -> dict[str, Integers]:
    """Events by cause, rows that leave and rows that enter, by time, of the rows used."""
    size = outcome.grid.size
    at = outcome.grid.index(rows.numbers[outcome.time][used])
    event = rows.numbers[outcome.event][used].astype(np.int64)
    events = np.array([np.bincount(at[event == k + 1], minlength=size) for k in range(outcome.n_causes)])
    counts = {"events": events, "leaving": np.bincount(at, minlength=size)}
    if outcome.entry:
        entered = outcome.grid.index(rows.numbers[outcome.entry][used])
        counts["entering"] = np.bincount(entered, minlength=size)
    return counts


def nelson_aalen(totals: Totals) -> Reals:
    """Cumulative hazard of each cause by time, shape (causes, times)."""
    at_risk = np.cumsum(totals["leaving"][::-1])[::-1]
    if "entering" in totals:
        # Who enters on a day is at risk from the day after.
        at_risk = at_risk - np.cumsum(totals["entering"][::-1])[::-1]
    steps = np.divide(totals["events"], at_risk, out=np.zeros(totals["events"].shape), where=at_risk > 0)
    return np.asarray(np.cumsum(steps, axis=1))


def outcome_columns(rows: Rows, outcome: FollowUp, used: Integers, hazard: Reals) -> Reals:
    """Indicators of the events and cumulative hazards while under observation, shape (rows used, 2 causes)."""
    event = rows.numbers[outcome.event][used]
    cumulative = hazard[:, outcome.grid.index(rows.numbers[outcome.time][used])]
    if outcome.entry:
        cumulative = cumulative - hazard[:, outcome.grid.index(rows.numbers[outcome.entry][used])]
    happened = [event == k + 1 for k in range(outcome.n_causes)]
    return np.column_stack([*happened, *cumulative]).astype(np.float64)
