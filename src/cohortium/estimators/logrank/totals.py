"""What a site keeps for a test of equal survival, and the totals that it makes of it.

Without strata, or with strata that several sites share: events and censorings by stratum, group and time. With strata
inside sites: the tally of the site's own strata, which adds up over sites.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cohortium.estimators.contract import Integers, Next, Rows
from cohortium.estimators.counts import count_entries, count_events, row_blocks, timed_rows
from cohortium.estimators.logrank.tally import Tally, add, no_tally, tally
from cohortium.estimators.strata import stratum_codes
from cohortium.totals import Params, Shape, Shapes, Totals

if TYPE_CHECKING:
    from cohortium.estimators.counts import TimedRows
    from cohortium.estimators.logrank.spec import LogRankSpec

_CELLS_AT_ONCE = 4_000_000


class Prepared(NamedTuple):
    """A site's rows; who is usable is found when they are counted."""

    spec: LogRankSpec
    rows: Rows


def size(spec: LogRankSpec) -> int:
    """Numbers in the totals."""
    if spec.nested:
        return len(spec.by) ** 2
    return (3 if spec.entry else 2) * spec.n_strata * len(spec.by) * spec.grid.size


def start(_spec: LogRankSpec) -> Next:
    """The only round, without parameters."""
    return Next(Params({}))


def shapes(spec: LogRankSpec, _params: Params) -> Shapes:
    """Declared shape of the totals."""
    g, left_out = len(spec.by), ("missing", "missing_stratum", *(["late"] if spec.entry else []))
    declared = {name: Shape("int", ()) for name in left_out}
    if not spec.nested:
        declared["counts"] = Shape("int", (spec.n_strata, g, spec.grid.size, 2))
        if spec.entry:
            declared["entries"] = Shape("int", (spec.n_strata, g, spec.grid.size))
        return declared
    declared |= {"n": Shape("int", (g,)), "n_events": Shape("int", (g,))}
    declared |= {"observed": Shape("float", (g,)), "expected": Shape("float", (g,))}
    declared["covariance"] = Shape("float", (g, g))
    if spec.pairwise:
        pairs = Shape("float", (len(spec.pairs),))
        declared |= {"pair_difference": pairs, "pair_variance": pairs}
    return declared


def prepare(rows: Rows, spec: LogRankSpec) -> Prepared:
    """The rows of a site."""
    return Prepared(spec, rows)


def summarize(prepared: Prepared, _params: Params) -> Totals:
    """Counts, or the tally where strata lie inside sites."""
    spec, rows = prepared
    n_cells = spec.n_strata * len(spec.by) * spec.grid.size
    if spec.nested and spec.strata and rows.n < n_cells:
        return _own_strata(spec, rows)
    counted = _counted(spec, rows)
    if not spec.nested:
        return Totals(counted)
    found = tally(spec, counted.pop("counts"), counted.pop("entries", None))
    return Totals({**counted, **_named(spec, found)})


def _counted(spec: LogRankSpec, rows: Rows) -> dict[str, np.ndarray]:
    """Events, censorings and entries by stratum, group and time, and the rows left out."""
    shape = (spec.n_strata, len(spec.by), spec.grid.size)
    n_cells = spec.n_strata * len(spec.by)
    found: dict[str, np.ndarray] = {}
    for block in row_blocks(rows, spec.numbers, [factor.name for factor in spec.factors], 2 * n_cells * spec.grid.size):
        usable, stratum, left_out = _usable(spec, block)
        cell = stratum * len(spec.by) + usable.group if spec.strata else usable.group
        part = {name: np.asarray(n, np.int64) for name, n in left_out.items()}
        part["counts"] = count_events(cell, usable.at, usable.event, n_cells, spec.grid.size).reshape(*shape, 2)
        if usable.entry_at is not None:
            part["entries"] = count_entries(cell, usable.entry_at, n_cells, spec.grid.size).reshape(shape)
        found = {name: found[name] + value if name in found else value for name, value in part.items()}
    return found


def _usable(spec: LogRankSpec, rows: Rows) -> tuple[TimedRows, Integers, dict[str, int]]:
    """Usable rows, their strata (none when there is a single one), and how many were left out for which reason."""
    usable = timed_rows(rows, spec.time, spec.event, spec.grid, spec.by, entry=spec.entry)
    left_out = {"missing": usable.missing, "missing_stratum": 0, **({"late": usable.late} if spec.entry else {})}
    if not spec.strata:
        return usable, np.empty(0, np.int64), left_out
    stratum = stratum_codes(rows, spec.strata)[usable.where]
    known = stratum >= 0
    if not known.all():
        left_out["missing_stratum"] = int((~known).sum())
        usable = usable._replace(
            group=usable.group[known],
            at=usable.at[known],
            event=usable.event[known],
            entry_at=None if usable.entry_at is None else usable.entry_at[known],
        )
    return usable, stratum[known], left_out


def _own_strata(spec: LogRankSpec, rows: Rows) -> Totals:
    """The tally of the site's own strata, some at a time, over the times that the site has."""
    usable, stratum, left_out = _usable(spec, rows)
    strata, code = np.unique(stratum, return_inverse=True)
    times, at, entry_at = _own_times(usable)
    tallies, g = [no_tally(spec)], len(spec.by)
    at_once = max(1, _CELLS_AT_ONCE // (g * times * 2))
    for begin in range(0, strata.size, at_once):
        n_here = min(at_once, strata.size - begin)
        here = (code >= begin) & (code < begin + n_here)
        cell = (code[here] - begin) * g + usable.group[here]
        counts = count_events(cell, at[here], usable.event[here], n_here * g, times).reshape(n_here, g, times, 2)
        entries = None
        if entry_at is not None:
            entries = count_entries(cell, entry_at[here], n_here * g, times).reshape(n_here, g, times)
        tallies.append(tally(spec, counts, entries))
    return Totals({**left_out, **_named(spec, add(tallies))})


def _own_times(usable: TimedRows) -> tuple[int, Integers, Integers | None]:
    """How many times a table needs, and the positions of ends and entries in it.

    Few rows have few of the grid's times; a table of strata by all times would be almost empty.
    """
    times, at = np.unique(usable.at, return_inverse=True)
    # An entry between two of the times has the effect of one at the earlier of them.
    entry_at = None if usable.entry_at is None else np.searchsorted(times, usable.entry_at, side="right") - 1
    return max(times.size, 1), at, entry_at


def _named(spec: LogRankSpec, found: Tally) -> dict[str, np.ndarray]:
    names = [name for name in Tally._fields if spec.pairwise or not name.startswith("pair_")]
    return {name: getattr(found, name) for name in names}


def tally_of(spec: LogRankSpec, totals: Totals) -> Tally:
    """The tally of all strata, from the totals of all sites."""
    if not spec.nested:
        return tally(spec, totals["counts"], totals["entries"] if spec.entry else None)
    whole = no_tally(spec)
    return whole._replace(**{name: totals[name] for name in _named(spec, whole)})
