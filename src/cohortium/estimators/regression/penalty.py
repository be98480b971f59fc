r"""The penalized log likelihood and its score.

.. math:: \ell^*(\beta) = \ell(\beta) + \tfrac12 \log |I(\beta)|, \qquad
    U^*_j = U_j + \tfrac12 \mathrm{tr}\{I^{-1}\, \partial I / \partial \beta_j\}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from cohortium.estimators.contract import Reals


class Likelihood(NamedTuple):
    """The log partial likelihood at `beta` with its derivatives; `third` is that of the information, (p, p, p)."""

    beta: Reals
    log_likelihood: float
    score: Reals
    information: Reals
    third: Reals


class Penalized(NamedTuple):
    """The penalized log likelihood at `beta` with its score, and the information of the likelihood itself.

    value    minus infinity where the information is singular to rounding
    penalty  the part of it that is half the log determinant
    """

    beta: Reals
    value: float
    score: Reals
    information: Reals
    penalty: float = 0.0


def penalize(at: Likelihood) -> Penalized:
    """The penalized log likelihood of columns that carry information."""
    information = (at.information + at.information.T) / 2
    scale = np.sqrt(np.maximum(np.diag(information), 0.0))
    if not (np.isfinite(at.log_likelihood) and np.isfinite(information).all() and (scale > 0).all()):
        return _worthless(at.beta, information)
    try:
        root = np.linalg.cholesky(information / np.outer(scale, scale))
    except np.linalg.LinAlgError:
        return _worthless(at.beta, information)
    log_determinant = 2 * float(np.log(np.diag(root)).sum() + np.log(scale).sum())
    half_inverse = np.linalg.inv(root) / scale
    inverse = half_inverse.T @ half_inverse
    trace = np.tensordot(inverse, at.third, axes=([0, 1], [0, 1]))
    penalty = log_determinant / 2
    return Penalized(at.beta, at.log_likelihood + penalty, at.score + trace / 2, information, penalty)


def _worthless(beta: Reals, information: Reals) -> Penalized:
    return Penalized(beta, -np.inf, np.zeros_like(beta), information)
