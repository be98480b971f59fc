"""How well predicted risks tell events from non-events, and how well they agree with what was observed.

A site counts its rows by predicted risk in thousandths and by outcome. These counts add up, so that discrimination and
calibration are the same however rows lie over sites; two risks less than a thousandth apart count as tied.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cohortium.estimators.distributions import normal_quantile
from cohortium.estimators.logistic.sums import blocks

if TYPE_CHECKING:
    from cohortium.estimators.contract import Integers, Reals
    from cohortium.estimators.logistic.usable import LogisticRows

RESOLUTION = 1000
N_CELLS = RESOLUTION + 1
_SHIFT = (np.sqrt(5.0) - 1.0) / 2.0
"""Bounds of cells are irrational: a model of categories predicts fractions, which must not lie on a bound, where
rounding would decide."""


class RiskCells(NamedTuple):
    """Rows by predicted risk.

    counts  shape (1001, 2): rows without and with the event
    sums    shape (1001,): sums of predicted risks
    """

    counts: Integers
    sums: Reals


@dataclass(frozen=True)
class Discrimination:
    """The area under the receiver operating characteristic curve with DeLong's standard error and limits."""

    area: float
    standard_error: float
    lower: float
    upper: float


class RiskGroup(NamedTuple):
    """Rows of neighboring predicted risk: how many, how many events, and how many events were predicted."""

    n: int
    n_events: int
    predicted: float


def risk_cells(rows: LogisticRows, beta: Reals, center: Reals, counted: Integers | None) -> RiskCells:
    """The rows of a site by the risk predicted with coefficients of shape (q,)."""
    counts, sums = np.zeros((N_CELLS, 2), np.int64), np.zeros(N_CELLS)
    begin = 0
    for block in blocks(rows, center, None):
        eta = beta @ block.design
        if block.offset is not None:
            eta = eta + block.offset
        risk = risk_of(eta)
        outcome = block.outcome == 1.0
        if counted is not None and rows.stratum is not None:
            use = counted[rows.stratum[begin : begin + risk.size]] == 1
            begin += risk.size
            risk, outcome = risk[use], outcome[use]
        cell = np.floor(risk * RESOLUTION + _SHIFT).astype(np.int64)
        counts[:, 0] += np.bincount(cell[~outcome], minlength=N_CELLS)
        counts[:, 1] += np.bincount(cell[outcome], minlength=N_CELLS)
        sums += np.bincount(cell, risk, minlength=N_CELLS)
    return RiskCells(counts, sums)


def linear_predictors(rows: LogisticRows, score: Reals) -> Reals:
    """The linear predictor of each row, shape (n,), with printed coefficients of shape (q,)."""
    center = np.zeros(len(rows.columns))
    parts = [score @ b.design + (0.0 if b.offset is None else b.offset) for b in blocks(rows, center, None)]
    return np.concatenate([np.zeros(0), *parts])


def counts_by_value(values: Reals, outcome: Reals) -> Integers:
    """Rows without and with the event by ascending value, shape (k, 2)."""
    known, place = np.unique(values, return_inverse=True)
    event = outcome == 1.0
    counts = [np.bincount(place[chosen], minlength=known.size) for chosen in (~event, event)]
    return np.stack(counts, axis=1).astype(np.int64)


def risk_of(eta: Reals) -> Reals:
    """Probability of a linear predictor."""
    from scipy.special import expit

    return np.asarray(expit(eta))


def discrimination(counts: Integers, confidence: float) -> Discrimination | None:
    r"""The area under the curve from rows by ascending risk, shape (k, 2); None without both outcomes.

    .. math:: A = \frac{1}{n_0 n_1} \sum_k n_{1k} \left(\sum_{l<k} n_{0l} + n_{0k}/2\right)

    Its variance is that of the placements of events among non-events and of non-events among events (DeLong, DeLong
    and Clarke-Pearson 1988); NaN where one of these has a single row. Limits end at 0 and 1.
    """
    without, with_event = counts[:, 0].astype(np.float64), counts[:, 1].astype(np.float64)
    n0, n1 = without.sum(), with_event.sum()
    if not (n0 and n1):
        return None
    below = (np.cumsum(without) - without / 2) / n0
    above = (n1 - np.cumsum(with_event) + with_event / 2) / n1
    area = float(with_event @ below / n1)
    if min(n0, n1) < 2:
        return Discrimination(area, *[float("nan")] * 3)
    spread = [float(n @ (v - area) ** 2 / (n.sum() - 1) / n.sum()) for n, v in ((with_event, below), (without, above))]
    error = float(np.sqrt(sum(spread)))
    half = normal_quantile(0.5 + confidence / 2) * error
    return Discrimination(area, error, max(area - half, 0.0), min(area + half, 1.0))


def risk_groups(cells: RiskCells, n_groups: int) -> tuple[RiskGroup, ...]:
    """Groups of about equal size by ascending predicted risk; a cell is never divided, and empty groups are left out."""
    n = cells.counts.sum(axis=1)
    # Twice the middle rank of a cell, in whole numbers, so that rounding decides nothing.
    middle = 2 * np.cumsum(n) - n
    group = np.minimum(middle * n_groups // max(2 * int(n.sum()), 1), n_groups - 1)
    found = []
    for at in range(n_groups):
        chosen = (group == at) & (n > 0)
        if chosen.any():
            events = int(cells.counts[chosen, 1].sum())
            found.append(RiskGroup(int(n[chosen].sum()), events, float(cells.sums[chosen].sum())))
    return tuple(found)
