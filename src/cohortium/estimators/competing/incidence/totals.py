"""What a site keeps for cumulative incidence, and the one total that it makes of it: counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cohortium.estimators.competing.states import count_rows
from cohortium.estimators.contract import Next, Rows
from cohortium.totals import Params, Shape, Shapes, Totals

if TYPE_CHECKING:
    from cohortium.estimators.competing.incidence.spec import IncidenceSpec


class Prepared(NamedTuple):
    """A site's rows; who is usable is found when they are counted."""

    spec: IncidenceSpec
    rows: Rows


def size(spec: IncidenceSpec) -> int:
    """Numbers in the totals."""
    return len(spec.labels) * spec.grid.size * (len(spec.causes) + 1 + bool(spec.entry))


def start(_spec: IncidenceSpec) -> Next:
    """The only round, without parameters."""
    return Next(Params({}))


def shapes(spec: IncidenceSpec, _params: Params) -> Shapes:
    """Declared shape of the totals."""
    table = (len(spec.labels), spec.grid.size)
    declared = {"counts": Shape("int", (*table, len(spec.causes) + 1)), "missing": Shape("int", ())}
    return declared | ({"entries": Shape("int", table), "late": Shape("int", ())} if spec.entry else {})


def prepare(rows: Rows, spec: IncidenceSpec) -> Prepared:
    """The rows of a site."""
    return Prepared(spec, rows)


def summarize(prepared: Prepared, _params: Params) -> Totals:
    """Counts by group, time and how the follow-up ended."""
    found = count_rows(prepared.rows, prepared.spec.states)
    counted = {"counts": found.counts[0], "missing": found.missing}
    return Totals(counted | ({"entries": found.entries[0], "late": found.late} if found.entries is not None else {}))
