r"""The variance of a Fine-Gray model: sums over rows of the outer products of their influence on the score.

With :math:`h` the cumulative hazard that a row bears and :math:`\bar x` the mean covariates of the risk sets, the
influence of a row is

.. math:: \delta\{x - \bar x(T)\} - \theta \{x h - \textstyle\sum \bar x\, dh\} + \psi,

in which the last term comes from the estimated distribution of censoring. The variance is the information's inverse on
either side of the sum of outer products, as in R's `cmprsk::crr`.

References: Fine and Gray 1999.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cohortium.estimators.blocks import over_blocks
from cohortium.estimators.cox.sums import covariates_about, relative_hazards
from cohortium.estimators.fine_gray.risk_sets import CENSORED, EVENT, RiskSets

if TYPE_CHECKING:
    from cohortium.estimators.contract import Integers, Reals
    from cohortium.estimators.cox.rows import Block, SortedRows


class ResidualTables(NamedTuple):
    """By key: the hazard that a row bears, shape (k,); its pull, shape (k, p); and what is no multiple of theta or x."""

    hazard: Reals
    pull: Reals
    rest: Reals


def stratum_tables(sets: RiskSets, influence: Reals) -> ResidualTables:
    """The tables of one stratum, shape (g, D, 3) and (g, D, 3, p).

    influence  shape (g, D, 2, p): of the distribution of censoring, see `censoring_influence`
    """
    pull = sets.pull
    rest = np.repeat(influence[:, :, :1], pull.shape[2], axis=2)
    rest[:, :, CENSORED] += influence[:, :, 1]
    rest[:, :, EVENT] -= sets.mean
    return ResidualTables(sets.hazard, pull, rest)


def gain_on_grid(sets: RiskSets, times: Integers, n_times: int) -> Reals:
    """The stratum's part of q at every time of the grid, shape (g, n_times, p).

    Between two of the stratum's times it is what it is at the later one; after the last it is 0.

    times  shape (D,): positions on the grid of the stratum's times
    """
    gain = sets.gain
    following = np.searchsorted(times, np.arange(n_times))
    padded = np.concatenate([gain, np.zeros_like(gain[:, :1])], axis=1)
    return np.asarray(padded[:, following])


def middle(rows: SortedRows, beta: Reals, center: Reals, tables: ResidualTables) -> Reals:
    """Sum over rows of the outer products of their influence, shape (p, p)."""

    def one(block: Block) -> Reals:
        size, run = np.diff(block.starts), block.run_key
        theta = relative_hazards(rows, block, beta, center)
        event = np.repeat(block.run_event, size)
        influence = np.repeat(tables.pull[run], size, axis=0)
        influence *= theta[:, None]
        influence += np.repeat(tables.rest[run], size, axis=0)
        multiple = event - theta * np.repeat(tables.hazard[run], size)
        influence += covariates_about(rows, block, center) * multiple[:, None]
        return np.asarray(influence.T @ influence)

    parts = [np.zeros((beta.size, beta.size)), *over_blocks(one, rows.blocks, rows.n)]
    return np.asarray(np.sum(parts, axis=0))
