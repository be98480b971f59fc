"""Rounds of the Cox model: which parameters a site is sent and which totals leave it.

round `moments`  patients, events, rows left out, sums of covariates over events, sums of their squares,
                 patients and events by level
round `sums`     strata inside sites: log partial likelihood, score, information (with its second moments);
                 otherwise sums of theta and theta * x by (stratum, time) over rows that leave, die and enter
round `gram`     only when strata are shared between sites: one weighted Gram matrix
later rounds     of the stages after the fit, see sequence.py
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cohortium.errors import WireError
from cohortium.estimators.contract import Next
from cohortium.estimators.cox.prepare import prepare
from cohortium.estimators.cox.sequence import asks_after, largest_after, shapes_after, summarize_after
from cohortium.estimators.cox.stages import FIRST_STAGE
from cohortium.estimators.cox.sums import event_sum, leaving_sums, weighted_gram
from cohortium.estimators.cox.ties import risk_terms
from cohortium.totals import Params, Shape, Shapes, Totals

if TYPE_CHECKING:
    from cohortium.estimators.cox.prepare import PreparedCox
    from cohortium.estimators.cox.spec import CoxSpec

__all__ = ["GRAM", "MOMENTS", "SUMS", "asks", "prepare", "shapes", "size", "start", "summarize"]

MOMENTS, SUMS, GRAM = 0, 1, 2


def start(spec: CoxSpec) -> Next:
    """The first round: moments."""
    p = len(spec.columns)
    return Next(Params({"phase": MOMENTS, "beta": np.zeros(p), "center": np.zeros(p)}))


def size(spec: CoxSpec) -> int:
    """Numbers in the largest totals of a round."""
    p = len(spec.columns)
    tables = 3 if spec.entry else 2
    fit = p * (p + 2) if spec.nested else tables * spec.n_strata * spec.grid.size * (p + 2)
    return max(fit, largest_after(spec))


def asks(spec: CoxSpec, params: Params) -> Shapes:
    """Declared parameters of a round: where strata lie inside sites there is no Gram round.

    Raises
        WireError: there is no such round.
    """
    p, k = len(spec.columns), spec.n_strata * spec.grid.size
    given = params.get("phase", np.array("none"))
    if given.shape != () or given.dtype.kind != "i":
        raise WireError("the Cox model has no such round")
    phase = int(given)
    shape = {"phase": Shape("int", ()), "beta": Shape("float", (p,)), "center": Shape("float", (p,))}
    if phase >= FIRST_STAGE:
        return {**shape, **asks_after(spec, phase)}
    if phase not in ((MOMENTS, SUMS) if spec.nested else (MOMENTS, SUMS, GRAM)):
        raise WireError("the Cox model has no such round")
    by_time = dict.fromkeys(("hazard", "death_part"), Shape("float", (k,)))
    return {**shape, **by_time} if phase == GRAM else shape


def shapes(spec: CoxSpec, params: Params) -> Shapes:
    """Declared shape of the totals of a round."""
    p = len(spec.columns)
    phase = int(params["phase"])
    if phase >= FIRST_STAGE:
        return shapes_after(spec, phase)
    if phase == MOMENTS:
        return _moment_shapes(spec)
    if phase == GRAM:
        return {"gram": Shape("float", (p, p))}
    if not spec.nested:
        return _table_shapes(spec)
    return {
        "log_likelihood": Shape("float", ()),
        "score": Shape("float", (p,)),
        "information": Shape("float", (p, p)),
        "moment": Shape("float", (p,)),
    }


def _moment_shapes(spec: CoxSpec) -> Shapes:
    p = len(spec.columns)
    counts = ["n", "n_events", "missing", "missing_stratum"]
    counts += ["invalid_entry"] if spec.entry else []
    counts += ["invalid_weight"] if spec.weight else []
    return {
        **dict.fromkeys(counts, Shape("int", ())),
        **({"event_weight": Shape("float", ())} if spec.weight else {}),
        "event_column_sum": Shape("float", (p,)),
        "square_sum": Shape("float", (p,)),
        "level_counts": Shape("int", (spec.n_levels, 2)),
    }


def _table_shapes(spec: CoxSpec) -> Shapes:
    p, k = len(spec.columns), spec.n_strata * spec.grid.size
    tables = ("all_rows", "deaths", "entering") if spec.entry else ("all_rows", "deaths")
    return {
        **dict.fromkeys(tables, Shape("float", (k, p + 1))),
        **({"death_weight": Shape("float", (k,))} if spec.weight else {}),
        "n_deaths": Shape("int", (k,)),
        "eta_deaths": Shape("float", ()),
        "event_sum": Shape("float", (p,)),
    }


def summarize(prepared: PreparedCox, params: Params) -> Totals:
    """The totals of one round."""
    phase = int(params["phase"])
    if phase >= FIRST_STAGE:
        return summarize_after(prepared, phase, params)
    if phase == MOMENTS:
        return _moments(prepared)
    if phase == GRAM:
        return _gram(prepared, params)
    return _nested_sums(prepared, params) if prepared.spec.nested else _shared_sums(prepared, params)


def _moments(prepared: PreparedCox) -> Totals:
    rows, choice, spec = prepared.rows, prepared.choice, prepared.spec
    return Totals(
        {
            "n": rows.n,
            "n_events": rows.n_events,
            "missing": choice.missing,
            "missing_stratum": choice.missing_stratum,
            **({"invalid_entry": choice.invalid_entry} if spec.entry else {}),
            **({"invalid_weight": choice.invalid_weight, "event_weight": rows.event_weight} if spec.weight else {}),
            "event_column_sum": prepared.event_column_sum,
            "square_sum": prepared.square_sum,
            "level_counts": prepared.level_counts,
        }
    )


def _shared_sums(prepared: PreparedCox, params: Params) -> Totals:
    rows, spec = prepared.rows, prepared.spec
    sums = leaving_sums(rows, params["beta"], params["center"])
    tables = {"all_rows": sums.all_rows, "deaths": sums.deaths, "n_deaths": rows.deaths}
    if sums.entering is not None:
        tables["entering"] = sums.entering
    if rows.death_weight is not None:
        tables["death_weight"] = rows.death_weight
    k = spec.n_strata * spec.grid.size
    found = {name: np.zeros((k, *table.shape[1:]), table.dtype) for name, table in tables.items()}
    for name, table in tables.items():
        found[name][rows.keys] = table
    return Totals({**found, "eta_deaths": sums.eta_deaths, "event_sum": event_sum(rows, params["center"])})


def _nested_sums(prepared: PreparedCox, params: Params) -> Totals:
    rows, beta, center = prepared.rows, params["beta"], params["center"]
    sums = leaving_sums(rows, beta, center)
    terms = risk_terms(
        sums.all_rows,
        sums.deaths,
        rows.deaths,
        rows.stratum_starts,
        prepared.spec.ties,
        sums.entering,
        rows.death_weight,
    )
    gram = weighted_gram(rows, beta, center, terms.hazard, terms.death_part, theta=sums.theta)
    return Totals(
        {
            "log_likelihood": sums.eta_deaths - terms.log_sum,
            "score": event_sum(rows, center) - terms.mean_sum,
            "information": gram - terms.outer,
            "moment": np.diag(gram),
        }
    )


def _gram(prepared: PreparedCox, params: Params) -> Totals:
    rows = prepared.rows
    hazard, death_part = params["hazard"][rows.keys], params["death_part"][rows.keys]
    return Totals({"gram": weighted_gram(rows, params["beta"], params["center"], hazard, death_part)})
