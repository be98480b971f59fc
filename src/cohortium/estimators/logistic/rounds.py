"""Rounds of the logistic model: which parameters a site is sent and which totals leave it.

round `moments`  patients, events, rows left out, sums of covariates and of their squares, patients and events by level
                 and by stratum
round `sums`     for each of m candidates: log likelihood, score, information
round `penalty`  only with Firth's penalty: what it adds to the scores, and the information of the augmented data
round `risks`    only when performance is asked for: rows and events by predicted risk, sums of predicted risks
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cohortium.errors import WireError
from cohortium.estimators.contract import Next
from cohortium.estimators.logistic.conditional import choices, strata_sums
from cohortium.estimators.logistic.performance import N_CELLS, risk_cells
from cohortium.estimators.logistic.sums import logistic_sums, penalty_sums, without_hopeless
from cohortium.estimators.logistic.usable import Choice, LogisticRows, choose_rows, usable_rows
from cohortium.estimators.regression.design import cell_counts
from cohortium.totals import Params, Shape, Shapes, Totals

if TYPE_CHECKING:
    from cohortium.estimators.contract import Integers, Rows
    from cohortium.estimators.logistic.spec import LogisticSpec

MOMENTS, SUMS, PENALTY, RISKS = 0, 1, 2, 3


@dataclass(frozen=True)
class PreparedLogistic:
    """A site's rows with what does not change between rounds.

    level_counts  shape (cells, 2): rows and events in each of `spec.cells`
    choice        which rows these are, and how many were left out
    """

    spec: LogisticSpec
    rows: LogisticRows
    level_counts: Integers
    choice: Choice


def start(_spec: LogisticSpec) -> Next:
    """The first round: moments."""
    return Next(Params({"phase": MOMENTS}))


def most_candidates(spec: LogisticSpec) -> int:
    """Coefficients that a round may hold side by side: a test and two limits of each, and tests of terms."""
    return 3 * (len(spec.columns) + 1) + len(spec.terms) + 3


def size(spec: LogisticSpec) -> int:
    """Numbers in the largest totals of a round."""
    q = spec.size
    return max(most_candidates(spec) * (1 + q + q * q), 2 * spec.n_strata, 3 * N_CELLS)


def asks(spec: LogisticSpec, params: Params) -> Shapes:
    """Declared parameters of a round.

    Raises
        WireError: there is no such round.
    """
    phase = Shape("int", ())
    kind = _phase(params)
    if kind == MOMENTS:
        return {"phase": phase}
    q, p = spec.size, len(spec.columns)
    shared = {"phase": phase, "center": Shape("float", (p,)), "counted": Shape("int", (spec.n_strata,))}
    if kind == RISKS and spec.risk_groups and not spec.conditional:
        return {**shared, "beta": Shape("float", (q,))}
    m = min(len(np.atleast_1d(params["candidates"])), most_candidates(spec)) if "candidates" in params else 1
    candidates = {**shared, "candidates": Shape("float", (m, q))}
    if kind == SUMS:
        return candidates
    if kind == PENALTY and spec.penalty != "none" and not spec.conditional:
        return {**candidates, "inverse": Shape("float", (m, q, q))}
    raise WireError("the logistic model has no such round")


def shapes(spec: LogisticSpec, params: Params) -> Shapes:
    """Declared shape of the totals of a round."""
    q, kind = spec.size, _phase(params)
    if kind == MOMENTS:
        return _moment_shapes(spec)
    if kind == RISKS:
        return {"risk_counts": Shape("int", (N_CELLS, 2)), "risk_sums": Shape("float", (N_CELLS,))}
    m = len(params["candidates"])
    score, matrix = Shape("float", (m, q)), Shape("float", (m, q, q))
    if kind == PENALTY:
        return {"score": score, "augmented": matrix}
    return {"log_likelihood": Shape("float", (m,)), "score": score, "information": matrix}


def _moment_shapes(spec: LogisticSpec) -> Shapes:
    p = len(spec.columns)
    counts = ["n", "n_events", "missing", "missing_stratum"]
    counts += ["invalid_weight"] if spec.weight else []
    counts += ["choices"] if spec.conditional else []
    return {
        **dict.fromkeys(counts, Shape("int", ())),
        "weight": Shape("float", (spec.n_strata, 2)),
        "column_sum": Shape("float", (p,)),
        "square_sum": Shape("float", (p,)),
        "level_counts": Shape("int", (len(spec.cells), 2)),
        "stratum_counts": Shape("int", (spec.n_strata, 2)),
    }


def prepare(rows: Rows, spec: LogisticSpec) -> PreparedLogistic:
    """A site's complete rows as columns.

    Raises
        SiteDataError: an offset is out of range.
    """
    choice = choose_rows(rows, spec)
    usable = usable_rows(rows, spec, choice.keep)
    counts = cell_counts(rows, spec, choice.keep, usable.outcome == 1.0)
    return PreparedLogistic(spec, usable, counts, choice)


def summarize(prepared: PreparedLogistic, params: Params) -> Totals:
    """The totals of one round."""
    kind, rows = _phase(params), prepared.rows
    if kind == MOMENTS:
        return _moments(prepared)
    center, counted = params["center"], params["counted"]
    if kind == RISKS:
        cells = risk_cells(rows, params["beta"], center, counted)
        return Totals({"risk_counts": cells.counts, "risk_sums": cells.sums})
    candidates = params["candidates"]
    if kind == PENALTY:
        return Totals(penalty_sums(rows, candidates, center, counted, params["inverse"])._asdict())
    if prepared.spec.conditional:
        with np.errstate(all="ignore"):
            return Totals(without_hopeless(strata_sums(rows, candidates))._asdict())
    return Totals(logistic_sums(rows, candidates, center, counted)._asdict())


def _moments(prepared: PreparedLogistic) -> Totals:
    rows, spec, choice = prepared.rows, prepared.spec, prepared.choice
    stratum = np.zeros(1, np.int64) if rows.stratum is None else rows.stratum
    event = rows.outcome == 1.0
    found: dict[str, Any] = {
        "n": rows.n,
        "n_events": int(event.sum()),
        "missing": choice.missing,
        "missing_stratum": choice.missing_stratum,
    }
    if spec.weight:
        found["invalid_weight"] = choice.invalid_weight
    if spec.conditional:
        found["choices"] = choices(rows)
    # A sum beyond the largest number is infinite, and refused as such when the totals are made.
    with np.errstate(over="ignore"):
        found["column_sum"] = np.array([float(column.sum()) for column in rows.columns])
        found["square_sum"] = np.array([float(np.einsum("i,i->", column, column)) for column in rows.columns])
    k = spec.n_strata
    if rows.stratum is None:
        counts = np.array([[rows.n, found["n_events"]]])
        weight = counts if rows.weight is None else np.array([[rows.weight.sum(), rows.weight @ rows.outcome]])
    else:
        counts = np.stack([np.bincount(part, minlength=k) for part in (stratum, stratum[event])], axis=1)
        weight = counts
        if rows.weight is not None:
            weighted = (np.bincount(stratum, w, minlength=k) for w in (rows.weight, rows.weight * rows.outcome))
            weight = np.stack(list(weighted), axis=1)
    weight = np.asarray(weight, np.float64)
    return Totals({**found, "stratum_counts": counts, "weight": weight, "level_counts": prepared.level_counts})


def _phase(params: Params) -> int:
    given = params.get("phase", np.array("none"))
    if given.shape != () or given.dtype.kind != "i" or int(given) not in (MOMENTS, SUMS, PENALTY, RISKS):
        raise WireError("the logistic model has no such round")
    return int(given)
