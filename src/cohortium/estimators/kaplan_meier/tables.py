"""Numbers at risk and events of every group over the whole grid, from the totals."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cohortium.estimators.counts import at_risk

if TYPE_CHECKING:
    from cohortium.estimators.contract import Integers, Reals
    from cohortium.estimators.kaplan_meier.spec import KaplanMeierSpec
    from cohortium.totals import Totals


class RiskTable(NamedTuple):
    """Rows at risk just before each time and what happened at it; arrays of shape (groups, times).

    n_risk, n_event, n_censor   numbers of rows
    n_enter                     rows that come under observation just after the time; None without left truncation
    risk, event                 sums of weights; the same numbers without weights
    """

    n_risk: Integers
    n_event: Integers
    n_censor: Integers
    n_enter: Integers | None
    risk: Reals
    event: Reals

    @property
    def emptied(self) -> np.ndarray:
        """Where everybody at risk has the event, so that survival falls to 0, shape (groups, times)."""
        return np.asarray((self.n_event == self.n_risk) & (self.n_risk > 0))


def risk_table(spec: KaplanMeierSpec, totals: Totals) -> RiskTable:
    """The table of a specification's totals; with `reverse` the censorings are its events."""
    counts, entries = totals["counts"], totals["entries"] if spec.entry else None
    turned = counts[..., ::-1] if spec.reverse else counts
    n_risk = at_risk(counts, entries)
    n_event, n_censor = turned[..., 0], turned[..., 1]
    if not spec.weight:
        return RiskTable(n_risk, n_event, n_censor, entries, n_risk.astype(np.float64), n_event.astype(np.float64))
    sums = totals["weights"]
    risk = at_risk(sums, totals["entry_weights"] if spec.entry else None)
    event = sums[..., 1 if spec.reverse else 0]
    # Sums of weights are rounded: where the counts say that nobody is left, or that all had the event, so it is.
    risk = np.where(n_risk == 0, 0.0, np.where(n_event == n_risk, event, risk))
    return RiskTable(n_risk, n_event, n_censor, entries, risk, event)
