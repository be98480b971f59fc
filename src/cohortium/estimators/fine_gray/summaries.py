"""Which totals of a Fine-Gray model leave a site, in which round.

MOMENTS    counts, sums of the covariates; censorings and events by time unless everything lies inside the site
SUMS       sums over rows by time; where strata lie inside sites, log likelihood, score and information instead
GRAM       second moments of the covariates, where risk sets reach over sites
GAIN       what the distribution of censoring takes part in, by time: where strata lie inside sites, it does not
RESIDUALS  the middle of the sandwich variance, a matrix
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cohortium.errors import WireError
from cohortium.estimators.contract import Next
from cohortium.estimators.cox.sums import event_sum, leaving_sums, weighted_gram
from cohortium.estimators.fine_gray.censoring import censoring_influence, uncensored_before
from cohortium.estimators.fine_gray.residuals import ResidualTables, gain_on_grid, middle, stratum_tables
from cohortium.estimators.fine_gray.risk_sets import N_STATES, OTHER, RiskSets, risk_sets
from cohortium.totals import Params, Shape, Shapes, Totals

if TYPE_CHECKING:
    from cohortium.estimators.contract import Reals
    from cohortium.estimators.fine_gray.prepare import PreparedFineGray
    from cohortium.estimators.fine_gray.spec import FineGraySpec

MOMENTS, SUMS, GRAM, GAIN, RESIDUALS = range(5)


def start(spec: FineGraySpec) -> Next:
    """The first round: moments."""
    p = len(spec.columns)
    return Next(Params({"phase": MOMENTS, "beta": np.zeros(p), "center": np.zeros(p)}))


def size(spec: FineGraySpec) -> int:
    """Numbers in the largest totals of a round."""
    p, by_group = len(spec.columns), spec.n_groups * spec.grid.size
    if spec.is_local:
        return p * (p + 2)
    if spec.nested:
        return by_group * max(p, 2)
    return spec.n_strata * (spec.n_groups + 1) * spec.grid.size * (p + 1)


def phases(spec: FineGraySpec) -> tuple[int, ...]:
    """The kinds of rounds that a specification has."""
    if not spec.nested:
        return (MOMENTS, SUMS, GRAM, RESIDUALS)
    return (MOMENTS, SUMS, RESIDUALS) if spec.is_local else (MOMENTS, SUMS, GAIN, RESIDUALS)


def asks(spec: FineGraySpec, params: Params) -> Shapes:
    """Declared parameters of a round.

    Raises
        WireError: there is no such round.
    """
    p, by_group = len(spec.columns), (spec.n_groups, spec.grid.size)
    given = params.get("phase", np.array("none"))
    if given.shape != () or given.dtype.kind != "i" or int(given) not in phases(spec):
        raise WireError("the Fine-Gray model has no such round")
    phase = int(given)
    declared = {"phase": Shape("int", ()), "beta": Shape("float", (p,)), "center": Shape("float", (p,))}
    if phase == MOMENTS or spec.is_local:
        return declared
    if spec.nested:
        declared["before"] = Shape("float", by_group)
        return declared | ({"influence": Shape("float", (*by_group, 2, p))} if phase == RESIDUALS else {})
    k = spec.n_strata * spec.n_groups * spec.grid.size * N_STATES
    if phase != SUMS:
        declared["hazard"] = Shape("float", (k,))
    if phase == RESIDUALS:
        declared |= dict.fromkeys(("pull", "rest"), Shape("float", (k, p)))
    return declared


def shapes(spec: FineGraySpec, params: Params) -> Shapes:
    """Declared shape of the totals of a round."""
    p, times = len(spec.columns), spec.grid.size
    phase = int(params["phase"])
    if phase == MOMENTS:
        return _moment_shapes(spec)
    if phase == GAIN:
        return {"gain": Shape("float", (spec.n_groups, times, p))}
    if phase in (GRAM, RESIDUALS):
        return {"gram" if phase == GRAM else "middle": Shape("float", (p, p))}
    if spec.nested:
        vector = dict.fromkeys(("score", "moment"), Shape("float", (p,)))
        return {"log_likelihood": Shape("float", ()), "information": Shape("float", (p, p)), **vector}
    return {
        "leaving": Shape("float", (spec.n_strata, times, p + 1)),
        "others": Shape("float", (spec.n_strata, spec.n_groups, times, p + 1)),
        "eta_deaths": Shape("float", ()),
        "event_sum": Shape("float", (p,)),
    }


def _moment_shapes(spec: FineGraySpec) -> Shapes:
    p, levels = len(spec.columns), spec.rows.n_levels
    counts = dict.fromkeys(("n", "n_events", "n_others", "missing", "missing_stratum"), Shape("int", ()))
    sums = dict.fromkeys(("event_column_sum", "square_sum"), Shape("float", (p,)))
    declared = {**counts, **sums, "level_counts": Shape("int", (levels, 2))}
    if not spec.is_local:
        declared["censoring"] = Shape("int", (spec.n_groups, spec.grid.size, 2))
    if not spec.nested:
        declared["deaths"] = Shape("int", (spec.n_strata, spec.grid.size))
    return declared


def summarize(prepared: PreparedFineGray, params: Params) -> Totals:
    """The totals of one round."""
    phase = int(params["phase"])
    if phase == MOMENTS:
        return _moments(prepared)
    if phase == GRAM:
        return Totals({"gram": _gram(prepared, params, params["hazard"][prepared.rows.keys])})
    if phase == GAIN:
        gain = np.zeros((prepared.spec.n_groups, prepared.spec.grid.size, len(prepared.spec.columns)))
        gain[prepared.groups] = _gain(prepared, _own_sets(prepared, params))
        return Totals({"gain": gain})
    if phase == RESIDUALS:
        tables = _own_tables(prepared, params) if prepared.spec.nested else _given_tables(prepared, params)
        return Totals({"middle": middle(prepared.rows, params["beta"], params["center"], tables)})
    return _nested_sums(prepared, params) if prepared.spec.nested else _shared_sums(prepared, params)


def _moments(prepared: PreparedFineGray) -> Totals:
    rows, spec = prepared.rows, prepared.spec
    found = {
        "n": rows.n,
        "n_events": rows.n_events,
        "n_others": prepared.n_others,
        "missing": prepared.choice.missing,
        "missing_stratum": prepared.choice.missing_stratum,
        "event_column_sum": prepared.event_column_sum,
        "square_sum": prepared.square_sum,
        "level_counts": prepared.level_counts,
    }
    if not spec.is_local:
        censoring = np.zeros((spec.n_groups, spec.grid.size, 2), np.int64)
        censoring[prepared.groups] = prepared.censoring
        found["censoring"] = censoring
    if not spec.nested:
        deaths = np.zeros((spec.n_strata * spec.n_groups * spec.grid.size, N_STATES), np.int64)
        deaths.reshape(-1)[rows.keys] = rows.deaths
        by_group = deaths.sum(axis=1).reshape(spec.n_strata, spec.n_groups, spec.grid.size)
        found["deaths"] = by_group.sum(axis=1)
    return Totals(found)


def _shared_sums(prepared: PreparedFineGray, params: Params) -> Totals:
    rows, spec = prepared.rows, prepared.spec
    sums = leaving_sums(rows, params["beta"], params["center"])
    shape = (spec.n_strata, spec.n_groups, spec.grid.size, len(spec.columns) + 1)
    cell_time, state = np.divmod(rows.keys, N_STATES)
    leaving = np.zeros((spec.n_strata * spec.n_groups * spec.grid.size, shape[-1]))
    others = np.zeros_like(leaving)
    for ended in range(N_STATES):
        # Keys of one state name every time of a cell once.
        here = state == ended
        leaving[cell_time[here]] += sums.all_rows[here]
    others[cell_time[state == OTHER]] = sums.all_rows[state == OTHER]
    return Totals(
        {
            "leaving": leaving.reshape(shape).sum(axis=1),
            "others": others.reshape(shape),
            "eta_deaths": sums.eta_deaths,
            "event_sum": event_sum(rows, params["center"]),
        }
    )


def _nested_sums(prepared: PreparedFineGray, params: Params) -> Totals:
    rows, p = prepared.rows, len(prepared.spec.columns)
    sums = leaving_sums(rows, params["beta"], params["center"])
    sets = _sets(prepared, sums.all_rows, _before(prepared, params))
    gram = _gram(prepared, params, _by_key(prepared, [s.hazard for s in sets], ()))
    outer = np.sum([np.zeros((p, p)), *(s.outer for s in sets)], axis=0)
    mean_sum = np.sum([np.zeros(p), *(s.mean_sum for s in sets)], axis=0)
    return Totals(
        {
            "log_likelihood": sums.eta_deaths - sum(s.log_sum for s in sets),
            "score": event_sum(rows, params["center"]) - mean_sum,
            "information": gram - outer,
            "moment": np.diag(gram),
        }
    )


def _gram(prepared: PreparedFineGray, params: Params, hazard: Reals) -> Reals:
    return weighted_gram(prepared.rows, params["beta"], params["center"], hazard, np.zeros_like(hazard))


def _before(prepared: PreparedFineGray, params: Params) -> Reals:
    """Probability of being uncensored, by observed group and time of the grid: of all sites, or of the site alone."""
    return uncensored_before(prepared.censoring) if prepared.spec.is_local else params["before"][prepared.groups]


def _sets(prepared: PreparedFineGray, by_key: Reals, before: Reals) -> list[RiskSets]:
    """Risk sets of the observed strata from sums at the site's keys."""
    found = []
    for stratum in prepared.strata:
        table = stratum.table(by_key, prepared.groups.size)
        leaving, others = table.sum(axis=(0, 2)), table[:, :, OTHER]
        found.append(risk_sets(leaving, others, stratum.deaths, before[:, stratum.times]))
    return found


def _own_sets(prepared: PreparedFineGray, params: Params) -> list[RiskSets]:
    sums = leaving_sums(prepared.rows, params["beta"], params["center"])
    return _sets(prepared, sums.all_rows, _before(prepared, params))


def _gain(prepared: PreparedFineGray, sets: list[RiskSets]) -> Reals:
    spec = prepared.spec
    gain = np.zeros((prepared.groups.size, spec.grid.size, len(spec.columns)))
    for stratum, found in zip(prepared.strata, sets, strict=True):
        gain += gain_on_grid(found, stratum.times, spec.grid.size)
    return gain


def _by_key(prepared: PreparedFineGray, tables: list[Reals], shape: tuple[int, ...]) -> Reals:
    """Dense tables of the strata, shape (groups, D, states, ...), as values at the site's keys."""
    values = np.zeros((prepared.rows.keys.size, *shape))
    for stratum, table in zip(prepared.strata, tables, strict=True):
        values[stratum.keys] = table.reshape(-1, *shape)[stratum.place]
    return values


def _own_tables(prepared: PreparedFineGray, params: Params) -> ResidualTables:
    """Tables at the site's keys from its own risk sets."""
    sets = _own_sets(prepared, params)
    if prepared.spec.is_local:
        influence = censoring_influence(prepared.censoring, _gain(prepared, sets))
    else:
        influence = params["influence"][prepared.groups]
    found = [stratum_tables(s, influence[:, st.times]) for s, st in zip(sets, prepared.strata, strict=True)]
    p = len(prepared.spec.columns)
    return ResidualTables(
        _by_key(prepared, [t.hazard for t in found], ()),
        _by_key(prepared, [t.pull for t in found], (p,)),
        _by_key(prepared, [t.rest for t in found], (p,)),
    )


def _given_tables(prepared: PreparedFineGray, params: Params) -> ResidualTables:
    return ResidualTables(*(params[name][prepared.rows.keys] for name in ResidualTables._fields))
