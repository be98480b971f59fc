"""From totals to how two groups differ before and after weighting."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cohortium.estimators.contract import Done, Integers, Next, Step
from cohortium.estimators.weighting.order_statistic import ROUNDS, Search, narrowed
from cohortium.estimators.weighting.weights import effective_sample_size
from cohortium.totals import Params

if TYPE_CHECKING:
    from cohortium.estimators.contract import Reals
    from cohortium.estimators.weighting.balance.spec import BalanceSpec, Compared
    from cohortium.totals import Totals


class WeightedGroup(NamedTuple):
    """One of the two groups.

    group       as printed
    n           patients with a score
    n_trimmed   of them, those whose score is outside the range
    weight_sum  sum of weights
    effective   Kish's effective sample size
    largest     largest weight; 0 when nobody has one
    scores      shape (50,): patients by score, in bins of 0.02
    """

    group: str
    n: int
    n_trimmed: int
    weight_sum: float
    effective: float
    largest: float
    scores: Integers


class Difference(NamedTuple):
    """One compared column, either before or after weighting.

    means         of control and treatment
    difference    standardized: treatment minus control, in pooled standard deviations before weighting
    ratio         variance of the treatment over that of the control
    problem       why the difference is not known
    """

    means: tuple[float, float]
    difference: float
    ratio: float
    problem: str


class Balanced(NamedTuple):
    """One compared column; `known` is of control and treatment."""

    compared: Compared
    known: tuple[int, int]
    before: Difference
    after: Difference


@dataclass(frozen=True)
class BalanceEstimate:
    """How balanced the groups are: control first, then treatment; and patients without a score."""

    spec: BalanceSpec
    groups: tuple[WeightedGroup, WeightedGroup]
    columns: tuple[Balanced, ...]
    n_unscored: int


class _Memory(NamedTuple):
    searches: tuple[Search, Search]
    first: Totals
    squares: Reals | None = None


def solve(spec: BalanceSpec, totals: Totals, step: Next) -> Step:
    """The next round, or the estimate when the largest weights are found."""
    memory: _Memory | None = step.memory
    if memory is None:
        ranks = totals["tally"].sum(axis=1)
        # The rank of the largest weight is the number of weights.
        memory = _Memory((Search(0, 0, int(ranks[0])), Search(0, 0, int(ranks[1]))), totals)
    if "squares" in totals:
        memory = memory._replace(squares=totals["squares"])
    low, high = (narrowed(search, counts) for search, counts in zip(memory.searches, totals["tally"], strict=True))
    memory = memory._replace(searches=(low, high))
    if low.step == ROUNDS:
        return Done(_estimate(spec, memory))
    params = {"step": low.step, "bins": np.array([low.bin, high.bin], np.int64)}
    if low.step == 1:
        params["means"] = _means(memory.first)
    return Next(Params(params), memory)


def _means(first: Totals) -> Reals:
    """Means before and after weighting by group, shape (2, 2, k); 0 where nobody is known."""
    below = np.stack([first["known"].astype(np.float64), first["known_weights"][0]])
    return np.asarray(np.divide(first["sums"], below, out=np.zeros_like(below), where=below > 0))


def _estimate(spec: BalanceSpec, memory: _Memory) -> BalanceEstimate:
    first = memory.first
    groups = [
        WeightedGroup(
            name,
            int(first["n"][g]),
            int(first["trimmed"][g]),
            float(first["weights"][0, g]),
            effective_sample_size(float(first["weights"][0, g]), float(first["weights"][1, g])),
            memory.searches[g].weight if first["weights"][0, g] > 0 else 0.0,
            first["scores"][g],
        )
        for g, name in enumerate(spec.group_labels)
    ]
    before, after = _variances(first, memory.squares)
    means, columns = _means(first), []
    for j, compared in enumerate(spec.compared):
        known = (int(first["known"][0, j]), int(first["known"][1, j]))
        spread = math.sqrt((before[0, j] + before[1, j]) / 2)
        has_weight = bool((first["known_weights"][0, :, j] > 0).all())
        raw = _difference(means[0, :, j], before[:, j], spread, is_known=all(known))
        weighted = _difference(means[1, :, j], after[:, j], spread, is_known=has_weight)
        columns.append(Balanced(compared, known, raw, weighted))
    return BalanceEstimate(spec, (groups[0], groups[1]), tuple(columns), int(first["unscored"]))


def _variances(first: Totals, squares: Reals | None) -> tuple[Reals, Reals]:
    r"""Sample variances before and after weighting by group, shape (2, k) each; NaN where there is none.

    .. math:: s^2 = \frac{\sum_i w_i}{(\sum_i w_i)^2 - \sum_i w_i^2} \sum_i w_i (x_i - \bar x)^2
    """
    n, (sums, of_squares) = first["known"].astype(np.float64), first["known_weights"]
    squares = np.zeros((2, *n.shape)) if squares is None else squares
    with np.errstate(divide="ignore", invalid="ignore"):
        # With one row the denominator is 0 but for rounding.
        scale = np.where(n > 1, sums / (sums * sums - of_squares), np.nan)
        before = np.asarray(np.where(n > 1, squares[0] / (n - 1), np.nan))
        return before, np.asarray(np.where(sums > 0, squares[1] * scale, np.nan))


def _difference(means: Reals, variances: Reals, spread: float, *, is_known: bool) -> Difference:
    pair = (float(means[0]), float(means[1])) if is_known else (math.nan, math.nan)
    ratio = float(variances[1] / variances[0]) if variances[0] > 0 and np.isfinite(variances[1]) else math.nan
    if not is_known:
        return Difference(pair, math.nan, math.nan, "a group has no patient with a known value and a weight")
    if not np.isfinite(spread):
        return Difference(pair, math.nan, ratio, "a group has a single patient")
    if spread <= _NO_SPREAD * max(map(abs, pair)):
        return Difference(pair, math.nan, math.nan, "it has the same value in all patients of each group")
    return Difference(pair, (pair[1] - pair[0]) / spread, ratio, "")


_NO_SPREAD = 1e-13
"""A spread this small beside the mean is rounding."""
