"""The rounds of the test of proportional hazards."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from cohortium.estimators.cox.after.eligible import unfit
from cohortium.estimators.cox.after.proportional import ProportionalHazards, ProportionalTests, tests_of
from cohortium.estimators.cox.after.risk import (
    declared_bounds,
    own_risk_sets,
    shared_risk_sets,
    table_shapes,
    tables_of,
)
from cohortium.estimators.cox.after.schoenfeld import SmoothSums, curve_of, smooth_basis, times_of
from cohortium.estimators.cox.after.smooth_rounds import (
    columns_varying,
    shared_smooth,
    shared_varying,
    site_smooth,
    smooth_shapes,
    stratum_moments,
    stratum_shapes,
)
from cohortium.estimators.cox.after.transforms import count_shapes, count_times, read_times, transformed
from cohortium.estimators.cox.after.trend import POWERS, event_sums, grams, trend_of
from cohortium.estimators.cox.stages import AskFor, Fit, Found, Refused, Stage
from cohortium.totals import Shape

if TYPE_CHECKING:
    from cohortium.estimators.contract import Integers, Reals
    from cohortium.estimators.cox.after.schoenfeld import Basis
    from cohortium.estimators.cox.after.trend import Trend
    from cohortium.estimators.cox.prepare import PreparedCox
    from cohortium.estimators.cox.rows import SortedRows
    from cohortium.estimators.cox.spec import CoxSpec
    from cohortium.estimators.cox.ties import EventTimes
    from cohortium.totals import Array, Params, Shapes, Totals

COUNTS, TREND, SMOOTH = 0, 1, 2


@dataclass(frozen=True)
class _Shared:
    """What the center knows where risk sets are shared between sites.

    found    risk sets over all sites
    trend    their sums
    varying  shape (s, p): columns that vary in each stratum
    """

    found: EventTimes
    trend: Trend
    varying: np.ndarray


@dataclass(frozen=True)
class _Memory:
    """What the center keeps between rounds.

    scale   shape (n_times,): each time on the scale of the test, not centered
    dying   shape (n_times,): events at each time
    shared  None where strata lie inside sites
    """

    scale: Reals
    dying: Integers
    shared: _Shared | None = None


@dataclass(frozen=True)
class _Tested:
    """What the center keeps while the sums of the curves are awaited."""

    before: _Memory
    result: ProportionalTests
    basis: Basis


def _asked(spec: CoxSpec) -> ProportionalHazards:
    return cast("ProportionalHazards", spec.proportional)


def _start(_spec: CoxSpec, fit: Fit) -> AskFor | Found:
    why = unfit(fit)
    return Found(Refused(why)) if why else AskFor(COUNTS, {"beta": fit.beta})


def _asks(spec: CoxSpec, step: int) -> Shapes:
    p, n_times, k = len(spec.columns), spec.grid.size, spec.n_strata * spec.grid.size
    if step == COUNTS:
        return {}
    if step == SMOOTH:
        basis = {"basis": Shape("float", (n_times, _asked(spec).smooth_df))}
        information = {"mean_information": Shape("float", (p, p)), "free": Shape("int", (p,))}
        return {**basis, **information} if spec.nested else basis
    scale = {"scale": Shape("float", (n_times,))}
    by_time = dict.fromkeys(("hazard", "death_part"), Shape("float", (POWERS, k)))
    return {**scale, "free": Shape("int", (p,))} if spec.nested else {**scale, **by_time}


def _shapes(spec: CoxSpec, step: int) -> Shapes:
    p = len(spec.columns)
    if step == COUNTS:
        return (
            count_shapes(spec) if spec.nested else {**count_shapes(spec), **table_shapes(spec), **stratum_shapes(spec)}
        )
    if step == SMOOTH:
        return smooth_shapes(spec, _asked(spec).smooth_df)
    shapes = {"score": Shape("float", (2, p)), "information": Shape("float", (POWERS, p, p))}
    return {**shapes, "events_of_pairs": Shape("int", (p, p))} if spec.nested else shapes


def _summarize(prepared: PreparedCox, step: int, params: Params) -> dict[str, Any]:
    spec = prepared.spec
    if step == COUNTS:
        found: dict[str, Array] = count_times(prepared.usable, spec.grid.size)._asdict()
        return found if spec.nested else {**found, **tables_of(prepared, params), **stratum_moments(prepared, params)}
    if step == SMOOTH:
        return site_smooth(prepared, params)
    return _nested_trend(prepared, params) if spec.nested else _shared_trend(prepared, params)


def _nested_trend(prepared: PreparedCox, params: Params) -> dict[str, Any]:
    """Score and information of a site's own strata; events of the strata where each two columns vary."""
    rows, beta, center = prepared.rows, params["beta"], params["center"]
    by_key = params["scale"][rows.keys % prepared.spec.grid.size]
    found = own_risk_sets(prepared, params)
    trend = trend_of(found, by_key[found.at], rows.keys.size, rows.stratum_starts)
    gram = grams(rows, beta, center, trend.hazard, trend.death_part)
    varying = columns_varying(prepared) & (params["free"] == 1)
    n_events = np.add.reduceat(np.append(rows.deaths, 0), rows.stratum_starts[:-1])
    return {
        "score": _event_scores(rows, center, by_key) - trend.mean_sum,
        "information": gram - trend.outer,
        "events_of_pairs": (varying * n_events[:, None]).T @ varying,
    }


def _shared_trend(prepared: PreparedCox, params: Params) -> dict[str, Any]:
    """A site's part of the sums over rows: of the covariates at events times g, and three weighted Gram matrices."""
    rows, beta, center = prepared.rows, params["beta"], params["center"]
    by_key = params["scale"][rows.keys % prepared.spec.grid.size]
    hazard, death_part = params["hazard"][:, rows.keys], params["death_part"][:, rows.keys]
    return {
        "score": _event_scores(rows, center, by_key),
        "information": grams(rows, beta, center, hazard, death_part),
    }


def _event_scores(rows: SortedRows, center: Reals, by_key: Reals) -> Reals:
    """Sums over events of the covariates and of the covariates times g, shape (2, p)."""
    at_events = event_sums(rows, center, weighted=True)
    return np.stack([at_events.sum(axis=0), by_key @ at_events])


def _advance(spec: CoxSpec, fit: Fit, asked: AskFor, totals: Totals) -> AskFor | Found:
    if asked.step == COUNTS:
        return _after_counts(spec, fit, totals)
    if asked.step == TREND:
        return _after_trend(spec, fit, asked.memory, totals)
    return Found(_with_curves(spec, fit, asked.memory, totals))


def _after_counts(spec: CoxSpec, fit: Fit, totals: Totals) -> AskFor | Found:
    counts = read_times(totals)
    scale = transformed(_asked(spec).transform, spec.grid.values, counts)
    at = np.flatnonzero(counts.n_dying)
    if not np.isfinite(scale[at]).all():
        return Found(Refused("an event at time 0 has no place on a logarithmic scale of time"))
    centered = np.zeros(scale.size)
    centered[at] = scale[at] - np.average(scale[at], weights=counts.n_dying[at])
    params: dict[str, Array] = {"beta": fit.beta, "scale": centered}
    memory = _Memory(scale, counts.n_dying)
    if spec.nested:
        return AskFor(TREND, {**params, "free": fit.free.astype(np.int64)}, memory)
    found = shared_risk_sets(spec, totals)
    k = spec.n_strata * spec.grid.size
    trend = trend_of(found, centered[found.at % spec.grid.size], k, declared_bounds(spec))
    shared = _Shared(found, trend, shared_varying(totals) & fit.free)
    return AskFor(
        TREND, {**params, "hazard": trend.hazard, "death_part": trend.death_part}, replace(memory, shared=shared)
    )


def _after_trend(spec: CoxSpec, fit: Fit, memory: _Memory, totals: Totals) -> AskFor | Found:
    score, information = totals["score"], totals["information"]
    shared = memory.shared
    if shared is not None:
        score, information = score - shared.trend.mean_sum, information - shared.trend.outer
    tests = tests_of(spec, fit.free, score, information)
    pairs = totals["events_of_pairs"] if shared is None else _events_of_pairs(spec, shared)
    mean_information = np.where(np.outer(fit.free, fit.free), information[0], 0.0) / np.maximum(pairs, 1)
    result = ProportionalTests(_asked(spec).transform, tests, (), mean_information)
    df = _asked(spec).smooth_df
    if not df:
        return Found(result)
    basis = smooth_basis(memory.scale, memory.dying, df)
    params: dict[str, Array] = {"beta": fit.beta, "basis": basis.at_times}
    if spec.nested:
        params |= {"mean_information": mean_information, "free": fit.free.astype(np.int64)}
    return AskFor(SMOOTH, params, _Tested(memory, result, basis))


def _events_of_pairs(spec: CoxSpec, shared: _Shared) -> Reals:
    """Events in strata where each two columns vary, shape (p, p)."""
    found, varying = shared.found, shared.varying
    n_events = np.bincount(found.at // spec.grid.size, found.n_deaths, minlength=spec.n_strata)
    return np.asarray((varying * n_events[:, None]).T @ varying)


def _with_curves(spec: CoxSpec, fit: Fit, tested: _Tested, totals: Totals) -> ProportionalTests:
    basis, information, before = tested.basis, tested.result.mean_information, tested.before
    if before.shared is None:
        sums = SmoothSums(totals["cross"], totals["gram"])
    else:
        found, varying = before.shared.found, before.shared.varying
        sums = shared_smooth(spec, found, totals["event_basis"], basis.at_times, varying, information)
    free = np.flatnonzero(fit.free)
    variance = np.diag(np.linalg.inv(information[np.ix_(free, free)]))
    time = times_of(basis.scale, before.scale, spec.grid.values, before.dying)
    curves = [
        curve_of(spec.columns[j].name, float(fit.beta[j]), float(v), (sums.cross[j], sums.gram[j]), basis, time)
        for j, v in zip(free, variance, strict=True)
    ]
    return replace(tested.result, curves=tuple(curves))


PROPORTIONAL = Stage(
    name="proportional",
    steps=3,
    declared=lambda spec: spec.proportional is not None,
    wanted=lambda _spec, _fit: True,
    start=_start,
    asks=_asks,
    shapes=_shapes,
    summarize=_summarize,
    advance=_advance,
)
