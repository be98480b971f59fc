"""Sums over the rows of a logistic model at given coefficients: log-likelihood, score, information.

Blocks of rows that fit the cache; the information is one symmetric product a block with square-root weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from cohortium.estimators.contract import Reals

BLOCK_ROWS = 8_192


@dataclass(frozen=True)
class LogisticRows:
    """The complete rows of a site.

    design   shape (n, p), the constant included
    outcome  shape (n,), 1 or 0
    weight   shape (n,); None when every row counts once
    offset   shape (n,); None for none
    """

    design: Reals
    outcome: Reals
    weight: Reals | None = None
    offset: Reals | None = None


class LogisticSums(NamedTuple):
    """Log-likelihood, score (p,), information (p, p)."""

    log_likelihood: float
    score: Reals
    information: Reals


class PenaltySums(NamedTuple):
    """What Firth's penalty adds, for a given inverse of the information.

    score      shape (p,): sum of h (1/2 - probability) x, where h is a row's leverage
    augmented  shape (p, p): information with weights (1 + h) p (1 - p), whose inverse R's logistf prints
    """

    score: Reals
    augmented: Reals


def logistic_sums(rows: LogisticRows, beta: Reals) -> LogisticSums:
    """The sums at coefficients of shape (p,)."""
    p = beta.size
    log_likelihood, score, information = 0.0, np.zeros(p), np.zeros((p, p))
    for part in _blocks(rows):
        design, outcome = rows.design[part], rows.outcome[part]
        eta, probability = _probability(rows, part, beta)
        residual = outcome - probability
        spread = probability * (1.0 - probability)
        # log(1 + exp(eta)) without overflow, and without losing a small eta.
        terms = outcome * eta - np.logaddexp(0.0, eta)
        if rows.weight is not None:
            weight = rows.weight[part]
            residual, spread, terms = residual * weight, spread * weight, terms * weight
        log_likelihood += float(terms.sum())
        score += residual @ design
        scaled = design * np.sqrt(spread)[:, None]
        information += scaled.T @ scaled
    return LogisticSums(log_likelihood, score, information)


def penalty_sums(rows: LogisticRows, beta: Reals, inverse: Reals) -> PenaltySums:
    """The sums that Firth's penalty adds at coefficients of shape (p,).

    inverse   shape (p, p): inverse of the information of all sites at the same coefficients

    Reference: Heinze and Schemper 2002.
    """
    p = beta.size
    score, augmented = np.zeros(p), np.zeros((p, p))
    root = np.linalg.cholesky(inverse)
    for part in _blocks(rows):
        design = rows.design[part]
        _, probability = _probability(rows, part, beta)
        spread = probability * (1.0 - probability)
        if rows.weight is not None:
            spread = spread * rows.weight[part]
        leverage = spread * np.square(design @ root).sum(axis=1)
        score += (leverage * (0.5 - probability)) @ design
        scaled = design * np.sqrt((1.0 + leverage) * spread)[:, None]
        augmented += scaled.T @ scaled
    return PenaltySums(score, augmented)


def _blocks(rows: LogisticRows) -> list[slice]:
    n = rows.outcome.size
    return [slice(begin, min(begin + BLOCK_ROWS, n)) for begin in range(0, n, BLOCK_ROWS)]


def _probability(rows: LogisticRows, part: slice, beta: Reals) -> tuple[Reals, Reals]:
    from scipy.special import expit

    eta = rows.design[part] @ beta
    if rows.offset is not None:
        eta = eta + rows.offset[part]
    return eta, np.asarray(expit(eta))
