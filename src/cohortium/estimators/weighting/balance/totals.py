"""The totals of balance: first counts and sums by group, then squares about the means; and counts of weights.

In every round the weights are counted by group in the bins that narrow down the largest one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cohortium.errors import WireError
from cohortium.estimators.contract import Factor, Next
from cohortium.estimators.weighting.balance.spec import SCORE_BINS
from cohortium.estimators.weighting.model import SCORE, WEIGHT
from cohortium.estimators.weighting.order_statistic import BINS, ROUNDS, tally
from cohortium.totals import Params, Shape, Shapes, Totals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.estimators.contract import Integers, Reals, Rows
    from cohortium.estimators.weighting.balance.spec import BalanceSpec

_ON_THE_BOUND = 1e-9
"""A model of categories gives scores that are fractions: rounding must not decide the bin of one on a bound."""


@dataclass(frozen=True)
class PreparedBalance:
    """The rows of a site whose score is known.

    group     shape (n,): 1 for the treatment, 0 for the control
    weight    shape (n,): 0 outside the range of scores
    score     shape (n,)
    columns   one a compared column, shape (n,), NaN where not known
    unscored  rows whose score is not known
    """

    spec: BalanceSpec
    group: Integers
    weight: Reals
    score: Reals
    columns: Sequence[Reals]
    unscored: int


def size(spec: BalanceSpec) -> int:
    """Numbers in the largest totals of a round."""
    return 10 * len(spec.compared) + 2 * (BINS + SCORE_BINS) + 10


def first_params() -> Params:
    """The parameters of the first round."""
    return Params({"step": 0, "bins": np.zeros(2, np.int64)})


def start(_spec: BalanceSpec) -> Next:
    """The first round."""
    return Next(first_params())


def asks(spec: BalanceSpec, params: Params) -> Shapes:
    """Declared parameters: the step, each group's bin of weights, in the second round the means.

    Raises
        WireError: there is no such round.
    """
    shared = {"step": Shape("int", ()), "bins": Shape("int", (2,))}
    return {**shared, "means": Shape("float", (2, 2, len(spec.compared)))} if _step(params) == 1 else shared


def shapes(spec: BalanceSpec, params: Params) -> Shapes:
    """Declared shape of the totals of a round."""
    k, step = len(spec.compared), _step(params)
    declared = {"tally": Shape("int", (2, BINS))}
    if step == 1:
        declared |= {"squares": Shape("float", (2, 2, k))}
    if step == 0:
        declared |= {
            "unscored": Shape("int", ()),
            "n": Shape("int", (2,)),
            "trimmed": Shape("int", (2,)),
            "scores": Shape("int", (2, SCORE_BINS)),
            "weights": Shape("float", (2, 2)),
            "known": Shape("int", (2, k)),
            "sums": Shape("float", (2, 2, k)),
            "known_weights": Shape("float", (2, 2, k)),
        }
    return declared


def prepare(rows: Rows, spec: BalanceSpec) -> PreparedBalance:
    """The rows that have a score, with what is compared."""
    weight = rows.numbers[WEIGHT]
    kept = np.flatnonzero(~np.isnan(weight))
    treated = rows.codes[spec.treatment.name][kept] == spec.treatment.codes.index(spec.treated)
    columns = [column for variable in spec.variables for column in _columns(rows, variable, kept)]
    group = treated.astype(np.int64)
    return PreparedBalance(spec, group, weight[kept], rows.numbers[SCORE][kept], columns, rows.n - kept.size)


def summarize(prepared: PreparedBalance, params: Params) -> Totals:
    """Counts of weights; counts and sums in the first round, squares about the means in the second."""
    step = _step(params)
    members = [np.flatnonzero(prepared.group == group) for group in (0, 1)]
    weights = [prepared.weight[rows] for rows in members]
    tallies = [tally(w[w > 0], step, int(at)) for w, at in zip(weights, params["bins"], strict=True)]
    found: dict[str, Any] = {"tally": np.stack(tallies)}
    if step == 0:
        found |= _sums(prepared, members, weights)
    elif step == 1:
        found["squares"] = _squares(prepared, members, weights, params["means"])
    return Totals(found)


def _sums(prepared: PreparedBalance, members: list[Integers], weights: list[Reals]) -> dict[str, Any]:
    k = len(prepared.columns)
    known, sums, known_weights = np.zeros((2, k), np.int64), np.zeros((2, 2, k)), np.zeros((2, 2, k))
    for j, column in enumerate(prepared.columns):
        for group, (rows, weight) in enumerate(zip(members, weights, strict=True)):
            x, w = _where_known(column[rows], weight)
            known[group, j] = x.size
            sums[:, group, j] = x.sum(), w @ x
            known_weights[:, group, j] = w.sum(), w @ w
    bins = [np.floor(prepared.score[rows] * SCORE_BINS + _ON_THE_BOUND).astype(np.int64) for rows in members]
    bins = [np.clip(at, 0, SCORE_BINS - 1) for at in bins]
    return {
        "unscored": prepared.unscored,
        "n": np.array([rows.size for rows in members]),
        "trimmed": np.array([int((w == 0).sum()) for w in weights]),
        "scores": np.stack([np.bincount(at, minlength=SCORE_BINS) for at in bins]),
        "weights": np.array([[w.sum() for w in weights], [w @ w for w in weights]]),
        "known": known,
        "sums": sums,
        "known_weights": known_weights,
    }


def _squares(prepared: PreparedBalance, members: list[Integers], weights: list[Reals], means: Reals) -> Reals:
    squares = np.zeros((2, 2, len(prepared.columns)))
    for j, column in enumerate(prepared.columns):
        for group, (rows, weight) in enumerate(zip(members, weights, strict=True)):
            x, w = _where_known(column[rows], weight)
            squares[:, group, j] = np.square(x - means[0, group, j]).sum(), w @ np.square(x - means[1, group, j])
    return squares


def _where_known(column: Reals, weight: Reals) -> tuple[Reals, Reals]:
    known = ~np.isnan(column)
    return column[known], weight[known]


def _columns(rows: Rows, variable: str | Factor, kept: Integers) -> list[Reals]:
    if isinstance(variable, str):
        return [rows.numbers[variable][kept]]
    codes = rows.codes[variable.name][kept]
    return [np.where(codes < 0, np.nan, codes == level) for level in range(len(variable))]


def _step(params: Params) -> int:
    step = params.get("step")
    if step is None or step.shape != () or step.dtype.kind != "i" or not 0 <= int(step) < ROUNDS:
        raise WireError("balance has no such round")
    return int(step)
