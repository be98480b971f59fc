"""Second and third moments over a site's rows, weighed with what the risk sets gave."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.cox.sums import covariates_about, exposures, relative_hazards

if TYPE_CHECKING:
    from cohortium.estimators.contract import Reals
    from cohortium.estimators.cox.firth.risk_sets import Tables
    from cohortium.estimators.cox.rows import SortedRows

_AT_A_TIME = 4_096
"""Rows whose products of covariates are held at once."""


def row_moments(rows: SortedRows, beta: Reals, center: Reals, tables: Tables) -> tuple[Reals, Reals]:
    """Second moments, shape (p, p), and what rows contribute to third central moments, shape (p, p, p).

    A row's weight is the hazard that it bears; its vector the part of it that is weighed with risk-set means.

    tables  by the keys of the site
    """
    p = beta.size
    gram, cubes, mixed = np.zeros((p, p)), np.zeros((p, p * p)), np.zeros((p, p * p))
    for block in rows.blocks:
        theta = relative_hazards(rows, block, beta, center)
        weight = theta * exposures(block, tables.hazard, tables.death_part)
        vector = theta[:, None] * exposures(block, tables.mean_hazard, tables.mean_death)
        x = covariates_about(rows, block, center)
        for begin in range(0, theta.size, _AT_A_TIME):
            part = slice(begin, begin + _AT_A_TIME)
            weighted = x[part] * weight[part, None]
            pairs = (x[part, :, None] * x[part, None, :]).reshape(-1, p * p)
            gram += weighted.T @ x[part]
            cubes += weighted.T @ pairs
            mixed += vector[part].T @ pairs
    about = mixed.reshape(p, p, p)
    return gram, cubes.reshape(p, p, p) - (about + about.transpose(1, 0, 2) + about.transpose(1, 2, 0))
