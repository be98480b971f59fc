"""What a site keeps for a Kaplan-Meier analysis, and the totals that it makes of it.

First round: events and censorings by group and time, with weights also their sums of weights. A second round is asked
only for robust variances; see `spread.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.contract import Next, Rows
from cohortium.estimators.counts import TimedRows, count_entries, count_events, row_blocks, timed_rows
from cohortium.estimators.kaplan_meier.spread import Units, spread
from cohortium.totals import Params, Shape, Shapes, Totals, add_up, zero

if TYPE_CHECKING:
    from cohortium.estimators.kaplan_meier.spec import KaplanMeierSpec


@dataclass(frozen=True)
class Prepared:
    """A site's rows; who is usable is found block by block, and kept only where a second round needs it."""

    spec: KaplanMeierSpec
    rows: Rows

    @cached_property
    def units(self) -> Units:
        """The usable rows with what belongs together, for the second round."""
        spec, usable = self.spec, _usable(self.spec, self.rows)
        event = ~usable.event if spec.reverse else usable.event
        cluster = self.rows.numbers[spec.cluster][usable.where] if spec.cluster else None
        return Units.of(usable.group, usable.at, usable.entry_at, event, usable.weight, cluster, len(spec.labels))


def size(spec: KaplanMeierSpec) -> int:
    """Numbers in the largest totals of a round."""
    return max(2, spec.n_kinds if spec.robust else 0) * len(spec.labels) * spec.grid.size


def start(_spec: KaplanMeierSpec) -> Next:
    """The first round, without parameters."""
    return Next(Params({}))


def asks(spec: KaplanMeierSpec, params: Params) -> Shapes:
    """Declared shape of the parameters: none, then those of the robust variance."""
    if not params or not spec.robust:
        return {}
    forms = Shape("float", (spec.n_kinds, len(spec.labels), spec.grid.size))
    return {"jump": forms, "level": forms}


def shapes(spec: KaplanMeierSpec, params: Params) -> Shapes:
    """Declared shape of the totals."""
    groups, times = len(spec.labels), spec.grid.size
    if params:
        return {"spread": Shape("float", (spec.n_kinds, groups, times))}
    declared = {"counts": Shape("int", (groups, times, 2)), "missing": Shape("int", ())}
    if spec.entry:
        declared |= {"entries": Shape("int", (groups, times)), "late": Shape("int", ())}
    if spec.weight:
        declared |= {"weights": Shape("float", (groups, times, 2)), "unweighted": Shape("int", ())}
    if spec.weight and spec.entry:
        declared["entry_weights"] = Shape("float", (groups, times))
    return declared


def prepare(rows: Rows, spec: KaplanMeierSpec) -> Prepared:
    """The rows of a site."""
    return Prepared(spec, rows)


def summarize(prepared: Prepared, params: Params) -> Totals:
    """Counts and sums of weights by group and time; or what the robust variance is made of."""
    spec = prepared.spec
    if params:
        return Totals({"spread": spread(prepared.units, params["jump"], params["level"])})
    factors = [spec.by.name] if spec.by else []
    blocks = row_blocks(prepared.rows, spec.numbers, factors, 2 * len(spec.labels) * spec.grid.size)
    counted = [_counted(spec, block) for block in blocks]
    return counted[0] if len(counted) == 1 else _added(spec, counted)


def _usable(spec: KaplanMeierSpec, rows: Rows) -> TimedRows:
    unclustered = np.isnan(rows.numbers[spec.cluster]) if spec.cluster else None
    if unclustered is not None and unclustered.any():
        # A row of an unknown cluster counts as one whose time is not known.
        time = np.where(unclustered, np.nan, rows.numbers[spec.time])
        rows = Rows(rows.n, {**rows.numbers, spec.time: time}, rows.codes)
    return timed_rows(rows, spec.time, spec.event, spec.grid, spec.by, entry=spec.entry, weight=spec.weight)


def _counted(spec: KaplanMeierSpec, rows: Rows) -> Totals:
    usable = _usable(spec, rows)
    where = (usable.group, usable.at, usable.event, len(spec.labels), spec.grid.size)
    found = {"counts": count_events(*where), "missing": usable.missing}
    if usable.weight is not None:
        found |= {"weights": count_events(*where, usable.weight), "unweighted": usable.unweighted}
    if usable.entry_at is not None:
        entering = (usable.group, usable.entry_at, len(spec.labels), spec.grid.size)
        found |= {"entries": count_entries(*entering), "late": usable.late}
        if usable.weight is not None:
            found["entry_weights"] = count_entries(*entering, usable.weight)
    return Totals(found)


def _added(spec: KaplanMeierSpec, counted: list[Totals]) -> Totals:
    """Totals of the blocks of one site; whole numbers add exactly in any order."""
    if not spec.weight:
        names = zero(shapes(spec, Params({})))
        return Totals({name: sum(part[name] for part in counted) for name in names})
    return add_up(counted)
