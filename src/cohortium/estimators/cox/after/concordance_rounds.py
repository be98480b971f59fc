"""The rounds of the concordance.

round `censoring`  only for Uno's: rows and events by time over everybody, for the censoring distribution
round `pairs`      of each kind, five sums of pairs and three sums for the standard error
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from cohortium.estimators.cox.after.concordance import (
    ENTRY,
    RISK_DECIMALS,
    Concordance,
    ConcordanceIndex,
    concordance_refusal,
    index_of,
)
from cohortium.estimators.cox.after.eligible import unfit
from cohortium.estimators.cox.after.pairs import Observed, count_pairs
from cohortium.estimators.cox.stages import AskFor, Fit, Found, Refused, Stage
from cohortium.totals import Shape

if TYPE_CHECKING:
    from cohortium.estimators.contract import Integers, Reals
    from cohortium.estimators.cox.after.pairs import PairSums
    from cohortium.estimators.cox.prepare import PreparedCox
    from cohortium.estimators.cox.spec import CoxSpec
    from cohortium.totals import Params, Shapes, Totals

CENSORING, PAIRS = 0, 1


def _asked(spec: CoxSpec) -> Concordance:
    return cast("Concordance", spec.concordance)


def _kinds(spec: CoxSpec) -> tuple[str, ...]:
    """The kinds that can be made: Uno's not with entry times."""
    return tuple(kind for kind in _asked(spec).kinds if kind == "harrell" or not spec.entry)


def _start(spec: CoxSpec, fit: Fit) -> AskFor | Found:
    why = unfit(fit)
    if why:
        return Found(Refused(why))
    if "uno" in _kinds(spec):
        return AskFor(CENSORING, {"beta": fit.beta})
    return _ask_pairs(spec, fit, np.ones(spec.grid.size))


def _ask_pairs(spec: CoxSpec, fit: Fit, uno: Reals) -> AskFor:
    within = np.ones(spec.grid.size)
    tau = _asked(spec).tau
    if tau is not None:
        within[spec.grid.values > tau] = 0.0
    weights = [within * (uno if kind == "uno" else 1.0) for kind in _kinds(spec)]
    return AskFor(PAIRS, {"beta": fit.beta, "time_weight": np.array(weights).reshape(len(weights), spec.grid.size)})


def _asks(spec: CoxSpec, step: int) -> Shapes:
    if step == CENSORING:
        return {}
    return {"time_weight": Shape("float", (len(_kinds(spec)), spec.grid.size))}


def _shapes(spec: CoxSpec, step: int) -> Shapes:
    if step == CENSORING:
        return dict.fromkeys(("leaving", "dying"), Shape("float", (spec.grid.size,)))
    n_kinds = len(_kinds(spec))
    return {
        "pairs": Shape("float", (n_kinds, 5)),
        "spread": Shape("float", (n_kinds, 3)),
        "not_compared": Shape("int", ()),
    }


def _summarize(prepared: PreparedCox, step: int, params: Params) -> dict[str, Any]:
    usable, n_times = prepared.usable, prepared.spec.grid.size
    if step == CENSORING:
        weight = np.ones(usable.n) if usable.weight is None else usable.weight
        # A count of nothing is of whole numbers, whatever its weights.
        leaving, dying = (np.bincount(usable.at, w, minlength=n_times) for w in (weight, weight * usable.event))
        return {"leaving": leaving.astype(np.float64), "dying": dying.astype(np.float64)}
    stratum = usable.stratum if usable.pair_stratum is None else usable.pair_stratum
    compared = np.flatnonzero(stratum >= 0)
    risk = _risk(prepared, params["beta"])
    found = [_pairs_of(prepared, compared, stratum, risk, weights) for weights in params["time_weight"]]
    return {
        "pairs": np.array([pairs for pairs, _ in found]).reshape(-1, 5),
        "spread": np.array([spread for _, spread in found]).reshape(-1, 3),
        "not_compared": usable.n - compared.size,
    }


def _risk(prepared: PreparedCox, beta: Reals) -> Reals:
    """Linear predictors of a site's rows, shape (n,).

    Column by column, so that rows of equal covariates have the same bits wherever they stand.
    """
    usable = prepared.usable
    risk = np.zeros(usable.n) if usable.offset is None else usable.offset.copy()
    for slope, column in zip(beta, usable.columns, strict=True):
        risk += slope * column(slice(None))
    return np.round(risk, RISK_DECIMALS)


def _pairs_of(
    prepared: PreparedCox, compared: Integers, stratum: Integers, risk: Reals, time_weight: Reals
) -> tuple[list[float], list[float]]:
    usable = prepared.usable
    weight = (np.ones(usable.n) if usable.weight is None else usable.weight)[compared]
    found = count_pairs(
        Observed(
            stratum=stratum[compared],
            at=usable.at[compared],
            entry_at=None if usable.entry_at is None else usable.entry_at[compared],
            event=usable.event[compared],
            risk=risk[compared],
            weight=weight,
            time_weight=time_weight[usable.at[compared]],
        )
    )
    pairs = [found.concordant, found.discordant, found.tied_risk, found.tied_time, found.tied_both]
    return pairs, _spread(found, weight, None if usable.cluster is None else usable.cluster[compared])


def _spread(found: PairSums, weight: Reals, cluster: Integers | None) -> list[float]:
    net, comparable = weight * found.net, weight * found.comparable
    if cluster is not None:
        _, of_row = np.unique(cluster, return_inverse=True)
        net, comparable = (np.asarray(np.bincount(of_row, sums), np.float64) for sums in (net, comparable))
    return [float(net @ net), float(net @ comparable), float(comparable @ comparable)]


def _advance(spec: CoxSpec, fit: Fit, asked: AskFor, totals: Totals) -> AskFor | Found:
    if asked.step == CENSORING:
        return _ask_pairs(spec, fit, uno_weights(totals["leaving"], totals["dying"]))
    not_compared = int(totals["not_compared"])
    made = {
        kind: replace(index_of(kind, pairs, spread), not_compared=not_compared)  # type: ignore[arg-type]
        for kind, pairs, spread in zip(_kinds(spec), totals["pairs"], totals["spread"], strict=True)
    }
    nan = float("nan")
    return Found(tuple(made.get(kind, ConcordanceIndex(kind, nan, nan, problem=ENTRY)) for kind in _asked(spec).kinds))


def uno_weights(leaving: Reals, dying: Reals) -> Reals:
    """1 / G(t-)^2 at every time, G the Kaplan-Meier curve of censoring; deaths leave before censorings of their time.

    leaving, dying  shape (n_times,): weights of the rows whose follow-up ends, and of those of them with the event
    """
    at_risk = leaving[::-1].cumsum()[::-1] - dying
    censored = leaving - dying
    factors = np.where(censored > 0, 1.0 - censored / np.where(at_risk > 0, at_risk, 1.0), 1.0)
    before = np.concatenate([[1.0], np.cumprod(factors)[:-1]])
    return np.where(dying > 0, 1.0 / np.where(before > 0, before, 1.0) ** 2, 0.0)


CONCORDANCE = Stage(
    name="concordance",
    steps=2,
    declared=lambda spec: spec.concordance is not None and not concordance_refusal(spec),
    wanted=lambda _spec, _fit: True,
    start=_start,
    asks=_asks,
    shapes=_shapes,
    summarize=_summarize,
    advance=_advance,
)
