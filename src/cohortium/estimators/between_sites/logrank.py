"""A site's own comparison of two groups by observed minus expected events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.between_sites.own import ESTIMATED, NO_CONTRAST, NO_EVENTS, NOBODY, ONE_GROUP, Own, without
from cohortium.estimators.contract import Factor, Rows
from cohortium.estimators.logrank.spec import LogRankSpec
from cohortium.estimators.logrank.totals import prepare, summarize
from cohortium.totals import Params

if TYPE_CHECKING:
    from cohortium.estimators.between_sites.groups import TwoGroups
    from cohortium.estimators.grid import Grid


@dataclass(frozen=True)
class LogRankEffect:
    """The log hazard ratio of two groups by Peto's method.

    time, event  names of numeric columns: follow-up on the grid, 1 for an event
    entry        numeric column: under observation after this time; empty when from the origin
    """

    groups: TwoGroups
    time: str
    event: str
    grid: Grid
    entry: str = ""

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed."""
        return (self.groups.by,)

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed."""
        return tuple(name for name in (self.time, self.event, self.entry) if name)


def logrank_effect(rows: Rows, effect: LogRankEffect) -> Own:
    r"""Peto's log hazard ratio, :math:`(O - E) / V` with variance :math:`1 / V`, of the group of interest.

    References: Yusuf, Peto, Lewis, Collins and Sleight 1985; Peto and Peto 1972.
    """
    group = effect.groups.of(rows)
    here = np.flatnonzero(group >= 0)
    two = Factor("group", ("0", "1"), ("0", "1"))
    spec = LogRankSpec(effect.time, effect.event, effect.grid, two, nested=True, entry=effect.entry)
    own = Rows(here.size, {name: rows.numbers[name][here] for name in effect.numbers}, {"group": group[here]})
    found = summarize(prepare(own, spec), Params({}))
    n, n_events = found["n"], int(found["n_events"].sum())
    n_missing = int(found["missing"] + (found["late"] if effect.entry else 0) + (group == -1).sum())
    of = (int(n.sum()), n_events, n_missing)
    if not n.any():
        return without(NOBODY, *of)
    if not n.all():
        return without(ONE_GROUP, *of)
    if not n_events:
        return without(NO_EVENTS, *of)
    variance = float(found["covariance"][0, 0])
    if variance <= 0:
        return without(NO_CONTRAST, *of)
    difference = float(found["observed"][0] - found["expected"][0])
    return Own(difference / variance, 1.0 / variance, *of, ESTIMATED)
