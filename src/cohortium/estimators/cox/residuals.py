"""Residuals of a Cox model, for rows that are on this machine.

A residual belongs to one patient, so none is a total and none ever leaves a site: there is no round for them, and a
study's results hold none. Rows of several sites on one machine share their risk sets where strata do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from cohortium.estimators.cox.after.risk import declared_bounds, own_risk_sets, shared_risk_sets, tables_of
from cohortium.estimators.cox.scores import ScoreTables, score_residuals, score_tables
from cohortium.estimators.cox.sums import covariates_about, exposures, relative_hazards
from cohortium.totals import Params, Totals, add_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.estimators.contract import Integers, Reals
    from cohortium.estimators.cox.prepare import PreparedCox
    from cohortium.estimators.cox.rows import Block
    from cohortium.estimators.cox.spec import CoxSpec
    from cohortium.estimators.cox.stages import Fit

RowKind = Literal["martingale", "deviance", "score", "dfbeta", "dfbetas"]
EventKind = Literal["schoenfeld", "scaled-schoenfeld"]


class EventResiduals(NamedTuple):
    """Residuals of the rows with the event, in order of (stratum, time, arrival).

    row     shape (d,): position among the usable rows
    time    shape (d,)
    values  shape (d, p)
    """

    row: Integers
    time: Reals
    values: Reals


def row_residuals(prepared: Sequence[PreparedCox], spec: CoxSpec, fit: Fit, kind: RowKind) -> list[Reals]:
    """Residuals of every usable row, by site, in order of arrival.

    martingale  events less expected events, shape (n,)
    deviance    the same on a scale on which they are about symmetric, shape (n,)
    score       share of each row in the score, shape (n, p)
    dfbeta      about how much each coefficient falls when the row is left out, case weights included, shape (n, p)
    dfbetas     the same in standard errors, shape (n, p)
    """
    params = _params(fit)
    found = []
    for site, tables in zip(prepared, _tables(prepared, spec, fit), strict=True):
        if kind in ("martingale", "deviance"):
            martingale = _martingale(site, params, tables)
            found.append(martingale if kind == "martingale" else _deviance(martingale, site.usable.event))
            continue
        weighted = _scores(site, params, tables)
        weight = site.usable.weight
        if kind == "score":
            found.append(weighted if weight is None else weighted / weight[:, None])
            continue
        influence = _influence(weighted, fit)
        found.append(influence if kind == "dfbeta" else influence / np.sqrt(np.diag(fit.covariance)))
    return found


def event_residuals(prepared: Sequence[PreparedCox], spec: CoxSpec, fit: Fit, kind: EventKind) -> list[EventResiduals]:
    """Schoenfeld residuals by site: covariates of each row with the event less their mean over its risk set.

    `scaled-schoenfeld` are R's `residuals(type = "scaledsch")`: residuals times events times the covariance, plus beta
    """
    params = _params(fit)
    n_events = sum(site.rows.n_events for site in prepared)
    found = []
    for site, tables in zip(prepared, _tables(prepared, spec, fit), strict=True):
        residuals = _schoenfeld(site, params, tables)
        if kind == "scaled-schoenfeld":
            scaled = _influence(residuals.values, fit) * n_events + np.where(fit.free, fit.beta, np.nan)
            residuals = residuals._replace(values=np.asarray(scaled))
        found.append(residuals)
    return found


def _params(fit: Fit) -> Params:
    return Params({"beta": fit.beta, "center": fit.center})


def _tables(prepared: Sequence[PreparedCox], spec: CoxSpec, fit: Fit) -> list[ScoreTables]:
    """Tables at the keys of each site: from its own risk sets, or from those of all sites together."""
    params = _params(fit)
    if spec.nested:
        own = [(site, own_risk_sets(site, params)) for site in prepared]
        return [score_tables(found, site.rows.keys.size, site.rows.stratum_starts) for site, found in own]
    totals = add_up([Totals(tables_of(site, params)) for site in prepared])
    shared = score_tables(shared_risk_sets(spec, totals), spec.n_strata * spec.grid.size, declared_bounds(spec))
    return [ScoreTables(*(table[site.rows.keys] for table in shared)) for site in prepared]


def _dead(block: Block) -> np.ndarray:
    """Which rows of a block have the event, shape (m,)."""
    return np.repeat(block.run_event, np.diff(block.starts))


def _martingale(site: PreparedCox, params: Params, tables: ScoreTables) -> Reals:
    residuals = np.empty(site.usable.n)
    for block in site.rows.blocks:
        theta = relative_hazards(site.rows, block, params["beta"], params["center"])
        if block.weight is not None:
            theta = theta / block.weight
        residuals[block.order] = _dead(block) - theta * exposures(block, tables.hazard, tables.death_part)
    return residuals


def _deviance(martingale: Reals, event: np.ndarray) -> Reals:
    expected = np.where(event, event - martingale, 1.0)
    return np.asarray(np.sign(martingale) * np.sqrt(-2 * (martingale + np.log(expected))))


def _scores(site: PreparedCox, params: Params, tables: ScoreTables) -> Reals:
    residuals = np.empty((site.usable.n, len(site.usable.columns)))
    for block in site.rows.blocks:
        residuals[block.order] = score_residuals(site.rows, block, params["beta"], params["center"], tables)
    return residuals


def _influence(residuals: Reals, fit: Fit) -> Reals:
    """Residuals times the model-based covariance; NaN for columns without an estimate."""
    influence = residuals @ np.nan_to_num(fit.covariance)
    influence[:, ~fit.free] = np.nan
    return np.asarray(influence)


def _schoenfeld(site: PreparedCox, params: Params, tables: ScoreTables) -> EventResiduals:
    rows, keys, values = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty((0, len(site.usable.columns)))]
    for block in site.rows.blocks:
        dead = _dead(block)
        key = np.repeat(block.run_key[block.run_event], np.diff(block.starts)[block.run_event])
        x = covariates_about(site.rows, block, params["center"])[dead]
        rows.append(block.order[dead].astype(np.int64))
        keys.append(key)
        values.append(x - tables.mean[key])
    row, key = np.concatenate(rows), np.concatenate(keys)
    order = np.lexsort((row, key))
    grid = site.spec.grid
    time = grid.values[site.rows.keys[key[order]] % grid.size]
    return EventResiduals(row[order], time, np.concatenate(values)[order])
