"""Sums over the rows of a Cox model at given coefficients.

With theta_i = exp(eta_i), the sums at each (stratum, time) key over the rows whose follow-up ends there
are enough for every risk set (reverse cumulative sums). Changing the order of summation turns the second
moments into one weighted Gram matrix over rows: sum_i w_i x_i x_i', w_i = theta_i (H(t_i) - d_i B(t_i)).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cohortium.estimators.cox.blocks import over_blocks

if TYPE_CHECKING:
    from cohortium.estimators.contract import Reals
    from cohortium.estimators.cox.rows import Block, SortedRows

GRAM_ROWS = 8_192
_MAX_EXPONENT = 300.0
"""The linear predictor, taken about its mean over rows that die, is kept within this distance of 0 for relative hazards
and likelihood alike, so that sums stay finite on a step that goes too far; such a step is then halved."""


class LeavingSums(NamedTuple):
    """Sums over rows by the key at which their follow-up ends; covariates about `center`.

    all_rows   shape (k, p+1): sums of theta * x, last column sums of theta
    deaths     shape (k, p+1): the same over rows with the event
    eta_deaths sum of eta over rows with the event
    """

    all_rows: Reals
    deaths: Reals
    eta_deaths: float


def leaving_sums(rows: SortedRows, beta: Reals, center: Reals) -> LeavingSums:
    """Sums of theta and theta * x by key, shape (k, p+1), covariates about `center`, or about the means of their strata.

    beta, center   shape (p,)
    """
    from scipy.sparse import csr_array

    move = _move(rows, center)
    weights = np.append(beta, float(move @ beta))

    def one(block: Block) -> tuple[Reals, float]:
        eta = np.clip(block.design @ weights, -_MAX_EXPONENT, _MAX_EXPONENT)
        theta = np.exp(eta)
        n = theta.size
        runs = csr_array((theta, np.arange(n, dtype=np.int32), block.starts), shape=(block.run_key.size, n))
        per_run = np.concatenate([[0.0], np.cumsum(eta)])
        eta_of_runs = per_run[block.starts[1:]] - per_run[block.starts[:-1]]
        return runs @ block.design, float(eta_of_runs[block.run_event].sum())

    all_rows = np.zeros((rows.keys.size, beta.size + 1))
    deaths = np.zeros_like(all_rows)
    eta_deaths = 0.0
    for block, (sums, eta) in zip(rows.blocks, over_blocks(one, rows.blocks, rows.n), strict=True):
        dead = block.run_event
        deaths[block.run_key[dead]] += sums[dead]
        all_rows[block.run_key[~dead]] += sums[~dead]
        eta_deaths += eta
    all_rows += deaths
    for table in (all_rows, deaths):
        table[:, :-1] += table[:, -1:] * move
    return LeavingSums(all_rows, deaths, eta_deaths)


def weighted_gram(rows: SortedRows, beta: Reals, center: Reals, hazard: Reals, death_part: Reals) -> Reals:
    """Sum over rows of w x x' about `center`, shape (p, p).

    hazard      shape (k,): cumulative hazard H at each key
    death_part  shape (k,): B at each key, taken off rows with the event
    """
    move = _move(rows, center)
    weights = np.append(beta, float(move @ beta))
    p = beta.size

    def one(block: Block) -> Reals:
        sizes = np.diff(block.starts)
        run_weight = hazard[block.run_key] - np.where(block.run_event, death_part[block.run_key], 0.0)
        row_weight = np.repeat(run_weight, sizes)
        gram = np.zeros((p + 1, p + 1))
        for begin in range(0, row_weight.size, GRAM_ROWS):
            design = block.design[begin : begin + GRAM_ROWS]
            eta = np.clip(design @ weights, -_MAX_EXPONENT, _MAX_EXPONENT)
            weight = np.exp(eta) * row_weight[begin : begin + GRAM_ROWS]
            scaled = design * np.sqrt(np.maximum(weight, 0.0))[:, None]
            gram += scaled.T @ scaled
        return gram

    gram = np.zeros((p + 1, p + 1))
    for part in over_blocks(one, rows.blocks, rows.n):
        gram += part
    first = np.outer(move, gram[:p, p])
    return np.asarray(gram[:p, :p] + first + first.T + np.outer(move, move) * gram[p, p])


def _move(rows: SortedRows, center: Reals) -> Reals:
    """From where the covariates stand to `center`; nothing when risk sets lie inside the site."""
    return np.zeros_like(center) if rows.shift is None else rows.shift - center
