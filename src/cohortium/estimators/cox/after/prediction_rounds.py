"""The round of the baseline hazard.

Strata inside sites: the three cumulative sums at the declared times, by stratum; otherwise the sums by (stratum, time)
of the fit once more, at the final coefficients, from which the center makes everything. And of the covariates: sums
over rows, and how many values are neither -1, 0 nor 1.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from cohortium.estimators.cox.after.curves import HazardSums, hazard_sums, recentered
from cohortium.estimators.cox.after.eligible import unfit
from cohortium.estimators.cox.after.prediction import Baseline, Prediction
from cohortium.estimators.cox.after.risk import (
    declared_bounds,
    own_risk_sets,
    shared_risk_sets,
    table_shapes,
    tables_of,
)
from cohortium.estimators.cox.stages import AskFor, Fit, Found, Refused, Stage
from cohortium.totals import Shape

if TYPE_CHECKING:
    from cohortium.estimators.contract import Integers, Reals
    from cohortium.estimators.cox.prepare import PreparedCox
    from cohortium.estimators.cox.spec import CoxSpec
    from cohortium.totals import Params, Shapes, Totals


def _times(spec: CoxSpec) -> Reals:
    asked = cast("Prediction", spec.prediction).times
    return np.array(asked) if asked else spec.grid.values


def _start(_spec: CoxSpec, fit: Fit) -> AskFor | Found:
    why = unfit(fit)
    return Found(Refused(why)) if why else AskFor(0, {"beta": fit.beta})


def _asks(_spec: CoxSpec, _step: int) -> Shapes:
    return {}


def _shapes(spec: CoxSpec, _step: int) -> Shapes:
    p = len(spec.columns)
    origin = {"column_sum": Shape("float", (p,)), "not_coded": Shape("int", (p,))}
    weights = {"weight_sum": Shape("float", ()), "offset_sum": Shape("float", ())}
    if not spec.nested:
        return {**origin, **weights, **table_shapes(spec)}
    size = (spec.n_strata, _times(spec).size)
    sums = {"hazard": Shape("float", size), "variance": Shape("float", size), "mean_hazard": Shape("float", (*size, p))}
    return {**origin, **weights, **sums, **dict.fromkeys(("stratum_events", "stratum_end"), Shape("int", size[:1]))}


def _summarize(prepared: PreparedCox, _step: int, params: Params) -> dict[str, Any]:
    found = _origin_sums(prepared)
    return {**found, **(_nested_sums(prepared, params) if prepared.spec.nested else tables_of(prepared, params))}


def _origin_sums(prepared: PreparedCox) -> dict[str, Any]:
    usable = prepared.usable
    weight = np.ones(usable.n) if usable.weight is None else usable.weight
    columns = [column(slice(None)) for column in usable.columns]
    return {
        "column_sum": np.array([float(weight @ x) for x in columns]),
        "not_coded": np.array([int((~np.isin(x, (-1.0, 0.0, 1.0))).sum()) for x in columns], np.int64),
        "weight_sum": float(weight.sum()),
        "offset_sum": 0.0 if usable.offset is None else float(weight @ usable.offset),
    }


def _nested_sums(prepared: PreparedCox, params: Params) -> dict[str, Any]:
    """Cumulative sums of a site's own strata at the declared times; 0 in all other strata."""
    rows, spec = prepared.rows, prepared.spec
    times, n_times, p = _times(spec), spec.grid.size, len(spec.columns)
    tables = HazardSums(
        *(np.zeros((spec.n_strata, times.size, *more)) for more in ((), (), (p,))),
    )
    n_events, end_at = np.zeros(spec.n_strata, np.int64), np.zeros(spec.n_strata, np.int64)
    sums = hazard_sums(own_risk_sets(prepared, params), rows.keys.size, rows.stratum_starts)
    origins = _origins(prepared)
    on_grid = np.searchsorted(spec.grid.values, times, side="right") - 1
    for place, (begin, end) in enumerate(pairwise(rows.stratum_starts)):
        stratum, at = divmod(rows.keys[begin:end], n_times)
        last = np.searchsorted(at, on_grid, side="right")
        here = HazardSums(*(np.concatenate([np.zeros_like(t[:1]), t[begin:end]])[last] for t in sums))
        n_events[stratum[0]], end_at[stratum[0]] = rows.deaths[begin:end].sum(), at[-1]
        here = recentered(here, origins[place] - params["center"], params["beta"])
        for table, values in zip(tables, here, strict=True):
            table[stratum[0]] = values
    return {**tables._asdict(), "stratum_events": n_events, "stratum_end": end_at}


def _origins(prepared: PreparedCox) -> Reals:
    """The values that were taken off the covariates of each stratum of a site, shape (s, p)."""
    rows = prepared.rows
    n_strata = rows.stratum_starts.size - 1
    origins = np.zeros((n_strata, len(prepared.usable.columns)))
    for block in rows.blocks:
        place = np.searchsorted(rows.stratum_starts, block.run_key, side="right") - 1
        strata, runs = np.unique(place, return_index=True)
        first = block.starts[runs]
        raw = np.stack([column(block.order[first].astype(np.int64)) for column in prepared.usable.columns], axis=1)
        origins[strata] = raw - block.design[first, :-1]
    return origins


def _advance(spec: CoxSpec, fit: Fit, _asked: AskFor, totals: Totals) -> Found:
    times = _times(spec)
    if spec.nested:
        sums = HazardSums(*(totals[name] for name in HazardSums._fields))
        n_events, end_at = totals["stratum_events"], totals["stratum_end"]
    else:
        sums, n_events, end_at = _shared_sums(spec, totals, times)
    weight = float(totals["weight_sum"])
    return Found(
        Baseline(
            times=times,
            sums=sums,
            center=fit.center,
            mean=np.where(totals["not_coded"] > 0, totals["column_sum"] / weight, 0.0),
            offset=float(totals["offset_sum"]) / weight,
            beta=fit.beta,
            n_events=n_events,
            end=spec.grid.values[end_at],
        )
    )


def _shared_sums(spec: CoxSpec, totals: Totals, times: Reals) -> tuple[HazardSums, Integers, Integers]:
    """Sums at the declared times, events and the position of the last follow-up of each stratum."""
    shape = (spec.n_strata, spec.grid.size)
    sums = hazard_sums(shared_risk_sets(spec, totals), shape[0] * shape[1], declared_bounds(spec))
    n_passed = np.searchsorted(spec.grid.values, times, side="right")
    tables = (table.reshape(*shape, *table.shape[1:]) for table in sums)
    by_stratum = HazardSums(*(np.insert(table, 0, 0.0, axis=1)[:, n_passed] for table in tables))
    leaves = totals["all_rows"][:, -1].reshape(shape) > 0
    end_at = shape[1] - 1 - np.argmax(leaves[:, ::-1], axis=1)
    return by_stratum, totals["n_deaths"].reshape(shape).sum(axis=1), end_at


PREDICTION = Stage(
    name="prediction",
    steps=1,
    declared=lambda spec: spec.prediction is not None,
    wanted=lambda _spec, _fit: True,
    start=_start,
    asks=_asks,
    shapes=_shapes,
    summarize=_summarize,
    advance=_advance,
)
