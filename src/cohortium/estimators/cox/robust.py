"""The robust (sandwich) variance as a stage: sums over clusters of rows of the outer products of their scores.

With U_c the sum of the weighted score residuals of cluster c and V the model-based covariance, the robust covariance
is V (sum_c U_c U_c') V, the sum over clusters of dfbeta dfbeta' (Lin and Wei 1989). The robust score test is
u' (sum_c U_c U_c')^-1 u with residuals and score u at beta = 0. A cluster never spans sites, so the middle matrices
of sites add up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cohortium.estimators.blocks import over_blocks
from cohortium.estimators.cox.scores import ScoreTables, score_residuals, score_tables
from cohortium.estimators.cox.stages import AskFor, Fit, Found, Stage
from cohortium.estimators.cox.sums import leaving_sums
from cohortium.estimators.cox.ties import event_times
from cohortium.estimators.regression.quadratic import quadratic
from cohortium.totals import Shape

if TYPE_CHECKING:
    from cohortium.estimators.contract import Integers, Reals
    from cohortium.estimators.cox.prepare import PreparedCox
    from cohortium.estimators.cox.rows import Block
    from cohortium.estimators.cox.spec import CoxSpec
    from cohortium.totals import Params, Shapes, Totals

POINTS = ("null", "fitted")
NO_VARIANCE = 1e-14
"""Scores of a single cluster add up to zero but for where Newton's method stopped: this share of the naive variance."""
FEW_CLUSTERS = "fewer independent rows or clusters than coefficients"


@dataclass(frozen=True)
class Robust:
    """The robust variance of a fit.

    covariance   shape (p, p), NaN for columns that have no finite estimate or no variance
    degenerate   shape (p,): columns with an estimate, but without variance between rows or clusters
    wald_test    Wald test of all coefficients with this covariance, NaN where it cannot be made
    score_test   robust score test of all coefficients, NaN where it cannot be made
    n_clusters   clusters, or rows when each stands alone
    problem      why a test could not be made; empty when both were
    """

    covariance: Reals
    degenerate: np.ndarray
    wald_test: float
    score_test: float
    n_clusters: int
    problem: str = ""


def _start(spec: CoxSpec, fit: Fit) -> AskFor:
    if fit.tables is None:
        return AskFor(0)
    bounds = np.arange(spec.n_strata + 1) * spec.grid.size
    params: dict[str, Reals] = {}
    for point, totals in zip(POINTS, fit.tables, strict=True):
        found = event_times(
            totals["all_rows"],
            totals["deaths"],
            totals["n_deaths"],
            bounds,
            spec.ties,
            totals.get("entering"),
            totals.get("death_weight"),
        )
        tables = score_tables(found, spec.n_strata * spec.grid.size, bounds)
        params |= {f"{point}_{name}": table for name, table in tables._asdict().items()}
    return AskFor(0, params)


def _asks(spec: CoxSpec, _step: int) -> Shapes:
    if spec.nested:
        return {}
    p, k = len(spec.columns), spec.n_strata * spec.grid.size
    dims = {name: (k, p) if name.startswith("mean") else (k,) for name in ScoreTables._fields}
    return {f"{point}_{name}": Shape("float", shape) for point in POINTS for name, shape in dims.items()}


def _shapes(spec: CoxSpec, _step: int) -> Shapes:
    p = len(spec.columns)
    return {**{f"{point}_middle": Shape("float", (p, p)) for point in POINTS}, "n_clusters": Shape("int", ())}


def _summarize(prepared: PreparedCox, _step: int, params: Params) -> dict[str, Any]:
    cluster = prepared.usable.cluster
    ids, of_row = (None, None) if cluster is None else np.unique(cluster, return_inverse=True)
    n_clusters = prepared.usable.n if ids is None else ids.size
    found: dict[str, Any] = {"n_clusters": n_clusters}
    for point, beta in zip(POINTS, (np.zeros_like(params["beta"]), params["beta"]), strict=True):
        tables = _tables(prepared, params, point, beta)
        found[f"{point}_middle"] = _middle(prepared, beta, params["center"], tables, of_row, n_clusters)
    return found


def _tables(prepared: PreparedCox, params: Params, point: str, beta: Reals) -> ScoreTables:
    """The tables at the keys of the site: from its own risk sets, or from those of all sites."""
    rows, spec = prepared.rows, prepared.spec
    if not spec.nested:
        return ScoreTables(*(params[f"{point}_{name}"][rows.keys] for name in ScoreTables._fields))
    sums = leaving_sums(rows, beta, params["center"])
    found = event_times(
        sums.all_rows, sums.deaths, rows.deaths, rows.stratum_starts, spec.ties, sums.entering, rows.death_weight
    )
    return score_tables(found, rows.keys.size, rows.stratum_starts)


def _middle(
    prepared: PreparedCox, beta: Reals, center: Reals, tables: ScoreTables, of_row: Integers | None, n_clusters: int
) -> Reals:
    """Sum over clusters of the outer product of their scores, shape (p, p)."""
    rows = prepared.rows
    by_cluster = np.zeros((0 if of_row is None else n_clusters, beta.size))

    def one(block: Block) -> Reals:
        residuals = score_residuals(rows, block, beta, center, tables)
        if of_row is None:
            return np.asarray(residuals.T @ residuals)
        for j in range(beta.size):
            by_cluster[:, j] += np.bincount(of_row[block.order], residuals[:, j], minlength=n_clusters)
        return np.zeros((beta.size, beta.size))

    alone = over_blocks(one, rows.blocks, rows.n)
    return np.asarray(sum(alone, by_cluster.T @ by_cluster))


def _advance(_spec: CoxSpec, fit: Fit, _asked: AskFor, totals: Totals) -> Found:
    free = np.flatnonzero(fit.free)
    block = np.ix_(free, free)
    bread = fit.covariance[block]
    covariance = np.full_like(fit.covariance, np.nan)
    covariance[block] = bread @ totals["fitted_middle"][block] @ bread
    with np.errstate(invalid="ignore"):
        degenerate = np.diag(covariance) <= NO_VARIANCE * np.diag(fit.covariance)
    carried = np.flatnonzero(~fit.dependent)
    is_finite = not fit.infinite.any()
    # A variance that is rounding would make any coefficient certain.
    wald = float("nan") if not is_finite or degenerate.any() else quadratic(covariance[block], fit.beta[free])
    score = quadratic(totals["null_middle"][np.ix_(carried, carried)], fit.null.score[carried])
    problem = "" if np.isfinite(score) and (np.isfinite(wald) or not is_finite) else FEW_CLUSTERS
    covariance[degenerate, :] = covariance[:, degenerate] = np.nan
    covariance.flags.writeable = False
    return Found(Robust(covariance, degenerate, wald, score, int(totals["n_clusters"]), problem))


ROBUST = Stage(
    name="robust",
    steps=1,
    declared=lambda spec: spec.is_robust,
    wanted=lambda _spec, fit: bool(fit.free.any()),
    start=_start,
    asks=_asks,
    shapes=_shapes,
    summarize=_summarize,
    advance=_advance,
)
