"""Score residuals of rows, from tables by (stratum, time).

The score residual of a row is its share of the score:

    w_i [ d_i (x_i - m(t_i)) - exp(eta_i) ( x_i (H(t_i) - H(entry_i) - d_i B(t_i)) - (M(t_i) - M(entry_i) - d_i N(t_i)) ) ]

with m the mean over the tied deaths of the risk-set means, and M and N the sums of those means over the jumps of H
and over B (Therneau and Grambsch 2000, section 4.6; for Efron's ties, as in R, a tied death bears (1 - l/d) of the
l-th jump).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cohortium.estimators.cox.sums import covariates_about, exposures, relative_hazards
from cohortium.estimators.cox.ties import cumulated

if TYPE_CHECKING:
    from cohortium.estimators.contract import Integers, Reals
    from cohortium.estimators.cox.rows import Block, SortedRows
    from cohortium.estimators.cox.ties import EventTimes


class ScoreTables(NamedTuple):
    """What score residuals need at each (stratum, time).

    hazard       shape (k,): cumulative hazard H
    death_part   shape (k,): B, the share of it that rows dying at the key do not bear
    mean_hazard  shape (k, p): M, risk-set means summed over the jumps of H
    mean_death   shape (k, p): N, risk-set means summed over B
    mean         shape (k, p): m, the mean that the deaths at the key are compared with
    """

    hazard: Reals
    death_part: Reals
    mean_hazard: Reals
    mean_death: Reals
    mean: Reals


def score_tables(found: EventTimes, n_keys: int, stratum_starts: Integers) -> ScoreTables:
    """The tables from the risk sets at the event times."""
    sums, s0 = found.sums, found.s0[:, None]

    def over(first: Reals, second: Reals) -> Reals:
        return np.asarray(found.mean * first[:, None] - found.dead_mean * second[:, None])

    def by_key(values: Reals) -> Reals:
        table = np.zeros((n_keys, *values.shape[1:]))
        table[found.at] = values
        return table

    return ScoreTables(
        hazard=cumulated(by_key(sums.a / found.s0), stratum_starts),
        death_part=by_key(sums.phi_a / found.s0),
        mean_hazard=cumulated(by_key(over(sums.a2, sums.phi_a2) / s0), stratum_starts),
        mean_death=by_key(over(sums.phi_a2, sums.phi2_a2) / s0),
        mean=by_key(over(sums.a, sums.phi_a) / found.death_weight[:, None]),
    )


def score_residuals(rows: SortedRows, block: Block, beta: Reals, center: Reals, tables: ScoreTables) -> Reals:
    """Weighted score residuals of the rows of a block, shape (m, p).

    tables  by the keys of the site, about the same origin as the covariates
    """
    x = covariates_about(rows, block, center)
    theta = relative_hazards(rows, block, beta, center)
    residuals = exposures(block, tables.mean_hazard, tables.mean_death)
    residuals -= x * exposures(block, tables.hazard, tables.death_part)[:, None]
    residuals *= theta[:, None]
    sizes = np.diff(block.starts)
    dead = np.repeat(block.run_event, sizes)
    expected = np.repeat(tables.mean[block.run_key[block.run_event]], sizes[block.run_event], axis=0)
    weight = 1.0 if block.weight is None else block.weight[dead][:, None]
    residuals[dead] += weight * (x[dead] - expected)
    return residuals
