"""Sums over the rows of a Cox model at given coefficients.

With theta_i = w_i exp(eta_i), the sums at each (stratum, time) key over the rows whose follow-up ends there, and
over those that enter there, are enough for every risk set (cumulative sums). Changing the order of summation turns
the second moments into one weighted Gram matrix over rows: sum_i v_i x_i x_i', v_i = theta_i (H(t_i) - H(entry_i) -
d_i B(t_i)).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cohortium.estimators.blocks import over_blocks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cohortium.estimators.contract import Reals
    from cohortium.estimators.cox.rows import Block, SortedRows

PIECE_BYTES = 3_000_000
"""Pieces of the design matrix of this size stay in the cache between the steps of a product."""
_MAX_EXPONENT = 300.0
"""The linear predictor, taken about its mean over rows that die, is kept within this distance of 0 for relative hazards
and likelihood alike, so that sums stay finite on a step that goes too far; such a step is then halved."""


class LeavingSums(NamedTuple):
    """Weighted sums over rows by key; covariates about `center`.

    all_rows   shape (k, p+1): sums of theta * x over rows whose follow-up ends at each key, last column sums of theta
    deaths     shape (k, p+1): the same over rows with the event
    eta_deaths sum of w * eta over rows with the event
    entering   shape (k, p+1): the same over rows that enter at each key, those from the start at the first key of
               their stratum; None when all rows are at risk from the start
    theta      relative hazards of the rows of each block, case weights included
    """

    all_rows: Reals
    deaths: Reals
    eta_deaths: float
    entering: Reals | None = None
    theta: Sequence[Reals] = ()


class _BlockSums(NamedTuple):
    theta: Reals
    by_key: Reals
    eta_deaths: float
    entering: Reals | None


def leaving_sums(rows: SortedRows, beta: Reals, center: Reals) -> LeavingSums:
    """Sums of theta and theta * x by key, shape (k, p+1), covariates about `center`, or about the means of their strata.

    beta, center   shape (p,)
    """
    move = _move(rows, center)
    weights = np.append(beta, float(move @ beta))

    def one(block: Block) -> _BlockSums:
        eta = _linear_predictor(block, weights)
        theta = _times(np.exp(eta), block.weight)
        eta_of_runs = np.add.reduceat(_times(eta, block.weight), block.starts[:-1])
        entering = None
        if (entries := block.entries) is not None:
            entering = _run_sums(theta[entries.order], entries.starts, block.design, entries.order)
        by_key = _run_sums(theta, block.of_keys, block.design)
        return _BlockSums(theta, by_key, float(eta_of_runs[block.run_event].sum()), entering)

    # Deaths and others side by side: blocks lie one after the other in the table.
    table = np.zeros((rows.keys.size, 2, beta.size + 1))
    entering = np.zeros((rows.keys.size, beta.size + 1)) if rows.has_entry else None
    eta_deaths = 0.0
    found = over_blocks(one, rows.blocks, rows.n)
    for block, sums in zip(rows.blocks, found, strict=True):
        by_key = sums.by_key.reshape(-1, *table.shape[1:])
        table[block.first_key : block.first_key + len(by_key)] += by_key
        eta_deaths += sums.eta_deaths
        if entering is not None and block.entries is not None and sums.entering is not None:
            entering[block.entries.run_key] += sums.entering
    if rows.shift is not None:
        table[..., :-1] += table[..., -1:] * move
    if rows.shift is not None and entering is not None:
        entering[:, :-1] += entering[:, -1:] * move
    deaths = np.ascontiguousarray(table[:, 0])
    return LeavingSums(deaths + table[:, 1], deaths, eta_deaths, entering, [sums.theta for sums in found])


def _run_sums(theta: Reals, starts: NDArray[np.int32], design: Reals, order: NDArray[np.int32] | None = None) -> Reals:
    """Sums of theta * x over each run; `order` names the rows of the runs when they are not in order."""
    from scipy.sparse import csr_array

    if order is None:
        order = np.arange(theta.size, dtype=np.int32)
    sums = csr_array((theta, order, starts), shape=(starts.size - 1, design.shape[0])) @ design
    return np.asarray(sums)


def weighted_gram(
    rows: SortedRows,
    beta: Reals,
    center: Reals,
    hazard: Reals,
    death_part: Reals,
    *,
    signed: bool = False,
    theta: Sequence[Reals] = (),
) -> Reals:
    """Sum over rows of v x x' about `center`, shape (p, p), v = theta (H(t) - H(entry) - d B(t)).

    hazard      shape (k,): a table H cumulated over time within strata, such as the cumulative hazard, at each key
    death_part  shape (k,): B at each key, taken off rows with the event
    signed      whether weights v below 0 are more than rounding, as for a table that does not only rise
    theta       relative hazards by block, where the sums at these coefficients have just been made
    """
    move = _move(rows, center)
    p = beta.size
    step = max(PIECE_BYTES // (8 * (p + 1)), 1)

    def one(at: int) -> Reals:
        block = rows.blocks[at]
        relative = theta[at] if theta else relative_hazards(rows, block, beta, center)
        v = relative * exposures(block, hazard, death_part)
        if not signed:
            v = np.sqrt(np.maximum(v, 0.0))
        gram = np.zeros((p + 1, p + 1))
        for begin in range(0, v.size, step):
            design = block.design[begin : begin + step]
            scaled = design * v[begin : begin + step, None]
            gram += np.dot(scaled.T, design if signed else scaled)
        return gram

    gram = np.sum([np.zeros((p + 1, p + 1)), *over_blocks(one, range(len(rows.blocks)), rows.n)], axis=0)
    first = np.outer(move, gram[:p, p])
    return np.asarray(gram[:p, :p] + first + first.T + np.outer(move, move) * gram[p, p])


def exposures(block: Block, hazard: Reals, death_part: Reals) -> Reals:
    """H(t) - H(entry) - d B(t) of each row of a block, shape (m, ...), from tables over keys, shape (k, ...)."""
    dead = block.run_event.reshape(-1, *(1,) * (hazard.ndim - 1))
    of_run = hazard[block.run_key] - np.where(dead, death_part[block.run_key], 0.0)
    of_row = np.repeat(of_run, np.diff(block.starts), axis=0)
    if block.entries is not None:
        of_row -= block.entries.of_rows(hazard)
    return np.asarray(of_row)


def relative_hazards(rows: SortedRows, block: Block, beta: Reals, center: Reals) -> Reals:
    """Relative hazard theta of each row of a block, case weight included, shape (m,)."""
    weights = np.append(beta, float(_move(rows, center) @ beta))
    return _times(np.exp(_linear_predictor(block, weights)), block.weight)


def covariates_about(rows: SortedRows, block: Block, center: Reals) -> Reals:
    """Covariates of a block about `center`, or about the means of their strata, shape (m, p)."""
    return np.asarray(block.design[:, :-1] + _move(rows, center))


def event_sum(rows: SortedRows, center: Reals) -> Reals:
    """Weighted sum of the covariates about `center` over rows with the event, shape (p,)."""
    return np.asarray(rows.event_sum + rows.event_weight * _move(rows, center))


def _linear_predictor(block: Block, weights: Reals) -> Reals:
    eta: Reals = np.dot(block.design, weights)
    if block.offset is not None:
        eta += block.offset
    return np.clip(eta, -_MAX_EXPONENT, _MAX_EXPONENT, out=eta)


def _times(values: Reals, weight: Reals | None) -> Reals:
    return values if weight is None else values * weight


def _move(rows: SortedRows, center: Reals) -> Reals:
    """From where the covariates stand to `center`; nothing when risk sets lie inside the site."""
    return np.zeros_like(center) if rows.shift is None else rows.shift - center
