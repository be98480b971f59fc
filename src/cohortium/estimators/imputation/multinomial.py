"""Logistic regression of a category from sums over rows, and a draw of its coefficients.

A category of two levels is the usual logistic regression. A few light rows are added around the means, as R's mice
does, so that a level that the predictors separate has finite coefficients (White, Daniel and Royston 2010).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cohortium.estimators.contract import Integers, Reals
from cohortium.estimators.imputation.linear import root_of
from cohortium.estimators.imputation.philox import Purpose, normals

if TYPE_CHECKING:
    from collections.abc import Sequence

CLOSE = 1e-12
"""Squared distance to the optimum in standard errors at which the last step is taken."""
MAX_STEPS = 40


class Sums(NamedTuple):
    """Log-likelihood, score (levels, p) and information (levels p, levels p); 0 for levels without coefficients."""

    log_likelihood: float
    score: Reals
    information: Reals


class Fit(NamedTuple):
    """Where Newton's method stands for one imputation.

    beta             to evaluate next, shape (levels, p)
    accepted         best so far
    step             from `accepted`
    log_likelihood   at `accepted`
    information      at the last evaluation
    ended            whether `beta` is the estimate
    """

    beta: Reals
    accepted: Reals
    step: Reals
    log_likelihood: float = -np.inf
    information: Reals | None = None
    ended: bool = False


def start_fit(beta: Reals) -> Fit:
    """The first step of a fit that begins at coefficients of shape (levels, p)."""
    return Fit(beta, beta, np.zeros_like(beta))


def free_levels(seen: Reals) -> Integers:
    """Levels with coefficients: those seen, but the first of them."""
    return np.flatnonzero(seen)[1:]


def probabilities(design: Reals, beta: Reals, seen: Reals) -> Reals:
    """Probability of each level, shape (..., n, levels); 0 of levels that nobody has.

    design   shape (..., n, p)
    beta     shape (..., levels, p)
    """
    eta = np.where(seen > 0, np.matmul(design, np.swapaxes(beta, -1, -2)), -np.inf)
    if not eta.size:
        return np.zeros(eta.shape)
    odds = np.exp(eta - eta.max(axis=-1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=-1, keepdims=True))


def sums(design: Reals, level: Integers, beta: Reals, seen: Reals, weight: float = 1.0) -> Sums:
    """The sums over rows at coefficients.

    design   shape (n, p)
    level    shape (n,)
    beta     shape (levels, p)
    seen     shape (levels,): above 0 for levels that somebody has
    """
    n_levels, p = beta.shape
    probability = probabilities(design, beta, seen)
    happened = level[:, None] == np.arange(n_levels)
    chosen = probability[happened]
    score = np.zeros((n_levels, p))
    information = np.zeros((n_levels, p, n_levels, p))
    free = free_levels(seen)
    score[free] = (happened - probability)[:, free].T @ design
    for a in free:
        for b in free[free >= a]:
            part = probability[:, a] * ((a == b) - probability[:, b])
            information[a, :, b] = design.T @ (design * part[:, None])
            information[b, :, a] = information[a, :, b].T
    log_likelihood = float(np.log(np.maximum(chosen, 1e-300)).sum())
    return Sums(weight * log_likelihood, weight * score, weight * information.reshape(n_levels * p, n_levels * p))


def both(one: Sums, other: Sums) -> Sums:
    """The sums over the rows of two sets."""
    return Sums(one.log_likelihood + other.log_likelihood, one.score + other.score, one.information + other.information)


def added_rows(total: Reals, square: Reals, n: int, seen: Reals) -> tuple[Reals, Integers, float]:
    """The light rows: design, level and their common weight.

    total, square   shape (p,): sums of the columns and of their squares over the n rows; column 0 is the constant
    """
    levels, p = np.flatnonzero(seen), total.size - 1
    mean = total / n
    deviation = np.sqrt(np.maximum(square - n * mean**2, 0.0) / max(n - 1, 1))
    n_each = 2 * levels.size
    design = np.tile(mean, (p * n_each, 1))
    column = 1 + np.repeat(np.arange(p), n_each)
    design[np.arange(p * n_each), column] += np.tile([0.5, -0.5], p * levels.size) * deviation[column]
    return design, np.tile(np.repeat(levels, 2), p), (p + 1) / max(p * n_each, 1)


def advance(fit: Fit, found: Sums, seen: Reals) -> Fit:
    """The next step of Newton's method, halved where the last one went too far."""
    if found.log_likelihood < fit.log_likelihood - 1e-9 * (1 + abs(fit.log_likelihood)):
        step = fit.step / 2
        return fit._replace(beta=fit.accepted + step, step=step)
    n_levels, p = fit.beta.shape
    at = (free_levels(seen)[:, None] * p + np.arange(p)).ravel()
    step = np.zeros(n_levels * p)
    score = found.score.ravel()[at]
    step[at] = root_of(found.information[np.ix_(at, at)]).solve(score)
    ended = float(score @ step[at]) < CLOSE
    step = step.reshape(n_levels, p)
    return Fit(fit.beta + step, fit.beta, step, found.log_likelihood, found.information, ended)


def draw_coefficients(fits: Sequence[Fit], seen: Reals, seed: int, purpose: Purpose) -> Reals:
    """Coefficients of each imputation drawn from their large-sample posterior, shape (m, levels, p)."""
    n_levels, p = fits[0].beta.shape
    at = (free_levels(seen)[:, None] * p + np.arange(p)).ravel()
    normal = normals(seed, purpose._replace(kind=1), len(fits), np.arange(at.size, dtype=np.uint64))
    out = np.zeros((len(fits), n_levels * p))
    for i, fit in enumerate(fits):
        if fit.information is None:
            raise ValueError("a fit that was never evaluated has no posterior")
        out[i] = fit.beta.ravel()
        out[i, at] += root_of(fit.information[np.ix_(at, at)]).spread(normal[i])
    return out.reshape(len(fits), n_levels, p)
