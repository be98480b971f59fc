"""Risk sets at the coefficients of a fit: from a site's own rows, or from the tables of all sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.cox.sums import leaving_sums
from cohortium.estimators.cox.ties import event_times
from cohortium.totals import Shape

if TYPE_CHECKING:
    from cohortium.estimators.contract import Integers
    from cohortium.estimators.cox.prepare import PreparedCox
    from cohortium.estimators.cox.spec import CoxSpec
    from cohortium.estimators.cox.ties import EventTimes
    from cohortium.totals import Array, Params, Shapes, Totals


def table_shapes(spec: CoxSpec) -> Shapes:
    """Declared shape of the tables by (stratum, time) that risk sets shared between sites are made of."""
    p, k = len(spec.columns), spec.n_strata * spec.grid.size
    sums = ("all_rows", "deaths", "entering") if spec.entry else ("all_rows", "deaths")
    shapes = {**dict.fromkeys(sums, Shape("float", (k, p + 1))), "n_deaths": Shape("int", (k,))}
    return {**shapes, "death_weight": Shape("float", (k,))} if spec.weight else shapes


def tables_of(prepared: PreparedCox, params: Params) -> dict[str, Array]:
    """A site's part of those tables: sums of relative hazards and of covariates weighted with them, and deaths."""
    rows, spec = prepared.rows, prepared.spec
    sums = leaving_sums(rows, params["beta"], params["center"])
    here = {
        "all_rows": sums.all_rows,
        "deaths": sums.deaths,
        "n_deaths": rows.deaths,
        "entering": sums.entering,
        "death_weight": rows.death_weight,
    }
    tables: dict[str, Array] = {}
    for name, shape in table_shapes(spec).items():
        tables[name] = np.zeros(shape.dims, np.int64 if shape.kind == "int" else np.float64)
        tables[name][rows.keys] = here[name]
    return tables


def shared_risk_sets(spec: CoxSpec, totals: Totals) -> EventTimes:
    """Risk sets over all sites, keys by declared (stratum, time)."""
    return event_times(
        totals["all_rows"],
        totals["deaths"],
        totals["n_deaths"],
        declared_bounds(spec),
        spec.ties,
        totals.get("entering"),
        totals.get("death_weight"),
    )


def own_risk_sets(prepared: PreparedCox, params: Params) -> EventTimes:
    """Risk sets of strata inside a site, keys as in its key table."""
    rows = prepared.rows
    sums = leaving_sums(rows, params["beta"], params["center"])
    return event_times(
        sums.all_rows,
        sums.deaths,
        rows.deaths,
        rows.stratum_starts,
        prepared.spec.ties,
        sums.entering,
        rows.death_weight,
    )


def declared_bounds(spec: CoxSpec) -> Integers:
    """Bounds of the declared strata in a table by (stratum, time), shape (s+1,)."""
    return np.arange(spec.n_strata + 1) * spec.grid.size
