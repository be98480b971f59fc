"""Prepare and summarize of the Cox model: which totals leave a site, in which round.

round `moments`  patients, events, rows left out, sums of covariates over events, sums of their squares,
                 patients and events by level
round `sums`     strata inside sites: log partial likelihood, score, information;
                 (with its second moments); otherwise sums of theta and theta * x by (stratum, time), and deaths
round `gram`     only when strata are shared between sites: one weighted Gram matrix
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cohortium.errors import WireError
from cohortium.estimators.contract import Integers, Next, Reals, Rows
from cohortium.estimators.cox.rows import ColumnOf, SortedRows, sort_rows
from cohortium.estimators.cox.spec import Column, CoxSpec, FactorTerm, NumberTerm
from cohortium.estimators.cox.sums import leaving_sums, weighted_gram
from cohortium.estimators.cox.ties import risk_terms
from cohortium.estimators.strata import stratum_codes
from cohortium.totals import Params, Shape, Shapes, Totals

MOMENTS, SUMS, GRAM = 0, 1, 2


@dataclass(frozen=True)
class PreparedCox:
    """A site's rows, sorted, with what does not change between rounds."""

    spec: CoxSpec
    rows: SortedRows
    event_column_sum: Reals
    square_sum: Reals
    level_counts: Integers
    missing: int
    missing_stratum: int


def start(spec: CoxSpec) -> Next:
    """The first round: moments."""
    p = len(spec.columns)
    return Next(Params({"phase": MOMENTS, "beta": np.zeros(p), "center": np.zeros(p)}))


def size(spec: CoxSpec) -> int:
    """Numbers in the largest totals of a round."""
    p = len(spec.columns)
    return p * (p + 2) if spec.nested else 2 * spec.n_strata * spec.grid.size * (p + 2)


def asks(spec: CoxSpec, params: Params) -> Shapes:
    """Declared parameters of a round: where strata lie inside sites there is no Gram round.

    Raises
        WireError: there is no such round.
    """
    p, k = len(spec.columns), spec.n_strata * spec.grid.size
    phase = params.get("phase", np.array("none"))
    known = (MOMENTS, SUMS) if spec.nested else (MOMENTS, SUMS, GRAM)
    if phase.shape != () or phase.dtype.kind != "i" or int(phase) not in known:
        raise WireError("the Cox model has no such round")
    shape = {"phase": Shape("int", ()), "beta": Shape("float", (p,)), "center": Shape("float", (p,))}
    by_time = dict.fromkeys(("hazard", "death_part"), Shape("float", (k,)))
    return {**shape, **by_time} if int(phase) == GRAM else shape


def shapes(spec: CoxSpec, params: Params) -> Shapes:
    """Declared shape of the totals of a round."""
    p, k = len(spec.columns), spec.n_strata * spec.grid.size
    phase = int(params["phase"])
    if phase == MOMENTS:
        names = ("n", "n_events", "missing", "missing_stratum")
        counts = dict.fromkeys(names, Shape("int", ()))
        return {
            **counts,
            "event_column_sum": Shape("float", (p,)),
            "square_sum": Shape("float", (p,)),
            "level_counts": Shape("int", (spec.n_levels, 2)),
        }
    if phase == GRAM:
        return {"gram": Shape("float", (p, p))}
    if spec.nested:
        return {
            "log_likelihood": Shape("float", ()),
            "score": Shape("float", (p,)),
            "information": Shape("float", (p, p)),
            "moment": Shape("float", (p,)),
        }
    return {
        "all_rows": Shape("float", (k, p + 1)),
        "deaths": Shape("float", (k, p + 1)),
        "n_deaths": Shape("int", (k,)),
        "eta_deaths": Shape("float", ()),
        "event_sum": Shape("float", (p,)),
    }


def prepare(rows: Rows, spec: CoxSpec) -> PreparedCox:
    """Sort a site's complete rows and lay out the design matrix.

    Raises
        SiteDataError: a follow-up time is not on the declared grid.
    """
    complete, stratum = _usable(rows, spec)
    use = complete & (stratum >= 0)
    keep: slice | Integers = slice(None) if use.all() else np.flatnonzero(use)
    event = rows.numbers[spec.event][keep] == 1.0
    time = spec.grid.index(rows.numbers[spec.time][keep])
    key = stratum[keep] * spec.grid.size + time
    columns = [_column(rows, column, keep) for column in spec.columns]
    whole = slice(None)
    group, event_sums, n_events = _groups(spec, stratum[keep], event, [column(whole) for column in columns])
    shift = event_sums / np.maximum(n_events, 1)[:, None]
    ordered = sort_rows(columns, shift, group, key, event, spec.grid.size, is_shared=not spec.nested)
    return PreparedCox(
        spec=spec,
        rows=ordered,
        event_column_sum=event_sums.sum(axis=0),
        square_sum=_square_sums([column(whole) for column in columns]),
        level_counts=_level_counts(rows, spec, keep, event),
        missing=int(rows.n - complete.sum()),
        missing_stratum=int((complete & (stratum < 0)).sum()),
    )


def _square_sums(columns: list[Reals]) -> Reals:
    # A sum beyond the largest number is infinite, and refused as such when the totals are made.
    with np.errstate(over="ignore"):
        return np.array([float(column @ column) for column in columns])


def summarize(prepared: PreparedCox, params: Params) -> Totals:
    """The totals of one round."""
    phase = int(params["phase"])
    if phase == MOMENTS:
        return _moments(prepared)
    if phase == GRAM:
        return _gram(prepared, params)
    return _nested_sums(prepared, params) if prepared.spec.nested else _shared_sums(prepared, params)


def _moments(prepared: PreparedCox) -> Totals:
    rows = prepared.rows
    return Totals(
        {
            "n": rows.n,
            "n_events": rows.n_events,
            "missing": prepared.missing,
            "missing_stratum": prepared.missing_stratum,
            "event_column_sum": prepared.event_column_sum,
            "square_sum": prepared.square_sum,
            "level_counts": prepared.level_counts,
        }
    )


def _shared_sums(prepared: PreparedCox, params: Params) -> Totals:
    rows, spec = prepared.rows, prepared.spec
    sums = leaving_sums(rows, params["beta"], params["center"])
    k = spec.n_strata * spec.grid.size
    all_rows = np.zeros((k, params["beta"].size + 1))
    deaths = np.zeros_like(all_rows)
    n_deaths = np.zeros(k, np.int64)
    all_rows[rows.keys], deaths[rows.keys], n_deaths[rows.keys] = sums.all_rows, sums.deaths, rows.deaths
    return Totals(
        {
            "all_rows": all_rows,
            "deaths": deaths,
            "n_deaths": n_deaths,
            "eta_deaths": sums.eta_deaths,
            "event_sum": _event_sum(prepared, params),
        }
    )


def _nested_sums(prepared: PreparedCox, params: Params) -> Totals:
    rows, beta, center = prepared.rows, params["beta"], params["center"]
    sums = leaving_sums(rows, beta, center)
    terms = risk_terms(sums.all_rows, sums.deaths, rows.deaths, rows.stratum_starts, prepared.spec.ties)
    gram = weighted_gram(rows, beta, center, terms.hazard, terms.death_part)
    return Totals(
        {
            "log_likelihood": sums.eta_deaths - terms.log_sum,
            "score": _event_sum(prepared, params) - terms.mean_sum,
            "information": gram - terms.outer,
            "moment": np.diag(gram),
        }
    )


def _gram(prepared: PreparedCox, params: Params) -> Totals:
    rows = prepared.rows
    hazard, death_part = params["hazard"][rows.keys], params["death_part"][rows.keys]
    return Totals({"gram": weighted_gram(rows, params["beta"], params["center"], hazard, death_part)})


def _event_sum(prepared: PreparedCox, params: Params) -> Reals:
    rows = prepared.rows
    if rows.shift is None:
        return rows.event_sum
    return np.asarray(rows.event_sum + rows.n_events * (rows.shift - params["center"]))


def _groups(
    spec: CoxSpec, stratum: Integers, event: np.ndarray, columns: list[Reals]
) -> tuple[Integers | None, Reals, Integers]:
    """Groups of rows that share an origin: strata inside sites, otherwise all; sums over their events, shape (g, p)."""
    strata = np.unique(stratum) if spec.nested and spec.strata else np.empty(0, np.int64)
    if strata.size < 2:
        sums = np.array([[float(column @ event) for column in columns]])
        return None, sums, np.array([int(event.sum())])
    group = np.searchsorted(strata, stratum)
    by_column = [np.bincount(group, column * event, minlength=strata.size) for column in columns]
    return group, np.stack(by_column, axis=1), np.bincount(group, event, minlength=strata.size).astype(np.int64)


def _usable(rows: Rows, spec: CoxSpec) -> tuple[np.ndarray, Integers]:
    complete = np.ones(rows.n, bool)
    for name in spec.numbers:
        complete &= ~np.isnan(rows.numbers[name])
    for term in spec.terms:
        if isinstance(term, FactorTerm):
            complete &= rows.codes[term.variable] >= 0
    return complete, stratum_codes(rows, spec.strata)


def _column(rows: Rows, column: Column, keep: slice | Integers) -> ColumnOf:
    if isinstance(column.term, NumberTerm):
        values, per = rows.numbers[column.term.variable][keep], column.term.per
        return (lambda part: values[part]) if per == 1.0 else (lambda part: values[part] / per)
    codes, level = rows.codes[column.term.variable][keep], column.level
    return lambda part: (codes[part] == level).astype(np.float64)


def _level_counts(rows: Rows, spec: CoxSpec, keep: slice | Integers, event: np.ndarray) -> Integers:
    counts = [np.empty((0, 2), np.int64)]
    for term in spec.terms:
        if isinstance(term, FactorTerm):
            codes, size = rows.codes[term.variable][keep], len(term.factor)
            counts.append(np.stack([np.bincount(codes, minlength=size), np.bincount(codes[event], minlength=size)], 1))
    return np.concatenate(counts)
