"""What a site keeps for Gray's test, and the total that it makes of it.

Without strata, or with strata that several sites share: rows by stratum, group, time and how the follow-up ended. With
strata inside sites: the score of the site's own strata, which adds up over sites.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cohortium.estimators.competing.gray.score import GrayScore, add, gray_score, no_score
from cohortium.estimators.competing.states import count_rows, count_states, state_rows
from cohortium.estimators.contract import Next, Rows
from cohortium.totals import Params, Shape, Shapes, Totals

if TYPE_CHECKING:
    from cohortium.estimators.competing.gray.spec import GraySpec


class Prepared(NamedTuple):
    """A site's rows; who is usable is found when they are counted."""

    spec: GraySpec
    rows: Rows


def size(spec: GraySpec) -> int:
    """Numbers in the totals."""
    groups, causes = len(spec.by), len(spec.causes)
    return causes * groups**2 if spec.nested else spec.n_strata * groups * spec.grid.size * (causes + 1)


def start(_spec: GraySpec) -> Next:
    """The only round, without parameters."""
    return Next(Params({}))


def shapes(spec: GraySpec, _params: Params) -> Shapes:
    """Declared shape of the totals."""
    g, k = len(spec.by), len(spec.causes)
    declared = {"missing": Shape("int", ()), "missing_stratum": Shape("int", ())}
    if not spec.nested:
        return declared | {"counts": Shape("int", (spec.n_strata, g, spec.grid.size, k + 1))}
    declared |= {"n": Shape("int", (g,)), "n_events": Shape("int", (k, g)), "beyond": Shape("int", (k,))}
    return declared | {"score": Shape("float", (k, g)), "covariance": Shape("float", (k, g, g))}


def prepare(rows: Rows, spec: GraySpec) -> Prepared:
    """The rows of a site."""
    return Prepared(spec, rows)


def summarize(prepared: Prepared, _params: Params) -> Totals:
    """Counts, or the score where strata lie inside sites."""
    spec, rows = prepared
    if spec.nested:
        return _nested(spec, rows)
    found = count_rows(rows, spec.states)
    left_out = {"missing": found.missing, "missing_stratum": found.missing_stratum}
    return Totals({"counts": found.counts, **left_out})


def _nested(spec: GraySpec, rows: Rows) -> Totals:
    """The score of the site's own strata, each over the times that it has."""
    usable = state_rows(rows, spec.states)
    stratum = np.broadcast_to(usable.stratum, usable.at.shape)
    order = np.argsort(stratum, kind="stable")
    bounds = np.flatnonzero(np.diff(stratum[order])) + 1
    scores = [no_score(len(spec.by), len(spec.causes))]
    for here in np.split(order, bounds):
        times, at = np.unique(usable.at[here], return_inverse=True)
        shape = (len(spec.by), times.size, len(spec.causes) + 1)
        scores.append(gray_score(count_states(usable.group[here], at, usable.state[here], *shape), spec.rho))
    left_out = {"missing": usable.missing, "missing_stratum": usable.missing_stratum}
    return Totals({**left_out, **add(scores)._asdict()})


def score_of(spec: GraySpec, totals: Totals) -> GrayScore:
    """The score of all strata, from the totals of all sites."""
    if spec.nested:
        return GrayScore(*(totals[name] for name in GrayScore._fields))
    return add([no_score(len(spec.by), len(spec.causes)), *(gray_score(c, spec.rho) for c in totals["counts"])])
