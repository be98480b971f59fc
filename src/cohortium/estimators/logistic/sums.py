"""Sums over the rows of a logistic model at several coefficients at once: log likelihood, score, information.

Rows are taken in blocks that fit the cache; a block's design matrix lies by columns and is forgotten after use, so that
no matrix of all rows exists. The covariates are taken from a common origin, which keeps their sums' digits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cohortium.estimators.blocks import in_turn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cohortium.estimators.contract import Integers, Reals
    from cohortium.estimators.logistic.usable import LogisticRows

BLOCK_ROWS = 16_384
BLOCK_NUMBERS = 262_144
"""Fewer rows a block when there are many candidates or many columns."""
PRODUCT = 64
"""Factors between 1 and 2 that are multiplied before their logarithm is taken: one logarithm serves many rows."""

HOPELESS = -1e300
"""The log likelihood of coefficients so far out that their sums are not finite; the step is halved."""


class LogisticSums(NamedTuple):
    """For each of m candidates: log likelihood (m,), score (m, q), information (m, q, q)."""

    log_likelihood: Reals
    score: Reals
    information: Reals


class PenaltySums(NamedTuple):
    """What Firth's penalty adds, for a given inverse of the information of all sites.

    score      shape (m, q): sum of h (1/2 - probability) x, where h is a row's leverage
    augmented  shape (m, q, q): information with weights (1 + h) p (1 - p), whose inverse R's logistf prints
    """

    score: Reals
    augmented: Reals


class Block(NamedTuple):
    """Some rows: design matrix by columns, shape (q, b), and their values, shape (b,)."""

    design: Reals
    outcome: Reals
    weight: Reals | None
    offset: Reals | None


def logistic_sums(rows: LogisticRows, candidates: Reals, center: Reals, counted: Integers | None) -> LogisticSums:
    """The sums at each of the candidates.

    candidates  shape (m, q), of the covariates taken from `center`
    center      shape (p,)
    counted     shape (k,): 1 for strata whose rows count, 0 for others; None when all count
    """
    m, q = candidates.shape
    sums = LogisticSums(np.zeros(m), np.zeros((m, q)), np.zeros((m, q, q)))

    def add(block: Block) -> None:
        eta = _linear(block, candidates)
        log_likelihood, residual, spread = _of_rows(eta, block)
        sums.log_likelihood[:] += log_likelihood
        sums.score[:] += residual @ block.design.T
        for at, one in enumerate(spread):
            sums.information[at] += _gram(block.design, one)

    with np.errstate(over="ignore", invalid="ignore"):
        in_turn(add, blocks(rows, m, center, counted), rows.n)
    return without_hopeless(sums)


def without_hopeless(sums: LogisticSums) -> LogisticSums:
    """The sums, those of coefficients so far out that they are not finite replaced by a hopeless log likelihood."""
    m = sums.log_likelihood.size
    parts = [np.isfinite(part.reshape(m, -1)).all(axis=1) for part in sums]
    for at in np.flatnonzero(~np.logical_and.reduce(parts)):
        sums.log_likelihood[at], sums.score[at], sums.information[at] = HOPELESS, 0.0, 0.0
    return sums


def penalty_sums(
    rows: LogisticRows, candidates: Reals, center: Reals, counted: Integers | None, inverse: Reals
) -> PenaltySums:
    """The sums that Firth's penalty adds at each of the candidates.

    inverse   shape (m, q, q): inverse of the information of all sites at the same coefficients, zero in rows and columns
              of coefficients that carry none; other arguments as of `logistic_sums`

    Reference: Heinze and Schemper 2002.
    """
    m, q = candidates.shape
    sums = PenaltySums(np.zeros((m, q)), np.zeros((m, q, q)))

    def add(block: Block) -> None:
        eta = _linear(block, candidates)
        below, spread = _half_less_probability(eta)
        weight = 1.0 if block.weight is None else block.weight
        for at, one in enumerate(spread):
            leverage = one * weight * np.einsum("jb,jb->b", inverse[at] @ block.design, block.design)
            sums.score[at] += block.design @ (leverage * below[at])
            sums.augmented[at] += _gram(block.design, one * (weight + leverage))

    in_turn(add, blocks(rows, m, center, counted), rows.n)
    return sums


def blocks(rows: LogisticRows, m: int, center: Reals, counted: Integers | None) -> Iterator[Block]:
    """The rows in blocks; the design matrix of one is valid until the next is made.

    m   candidates, each of which needs a number a row; other arguments as of `logistic_sums`
    """
    length = max(PRODUCT, min(BLOCK_ROWS, BLOCK_NUMBERS // max(m, rows.size)))
    memory = np.empty((rows.size, min(length, rows.n)))
    for begin in range(0, rows.n, length):
        part = slice(begin, min(begin + length, rows.n))
        design = memory[:, : part.stop - part.start]
        _fill(design, rows, part, center)
        yield Block(design, rows.outcome[part], _weight(rows, part, counted), _part(rows.offset, part))


def _weight(rows: LogisticRows, part: slice, counted: Integers | None) -> Reals | None:
    weight = _part(rows.weight, part)
    if counted is None or rows.stratum is None or counted.all():
        return weight
    counts = counted[rows.stratum[part]].astype(np.float64)
    return counts if weight is None else weight * counts


def _fill(design: Reals, rows: LogisticRows, part: slice, center: Reals) -> None:
    if rows.n_constants:
        design[0] = 1.0
    if rows.stratum is not None:
        for other in range(1, rows.n_constants):
            design[other] = rows.stratum[part] == other
    for j, column in enumerate(rows.columns):
        np.subtract(column[part], center[j], out=design[rows.n_constants + j])


def _part(values: Reals | None, part: slice) -> Reals | None:
    return None if values is None else values[part]


def _linear(block: Block, candidates: Reals) -> Reals:
    eta = candidates @ block.design
    return eta if block.offset is None else np.asarray(eta + block.offset)


def _of_rows(eta: Reals, block: Block) -> tuple[Reals, Reals, Reals]:
    """Log likelihood (m,), residuals (m, b) and spread p (1 - p) (m, b), weighted."""
    # exp(-|eta|) never overflows, and from it come probability, spread and log(1 + exp(eta)) without loss.
    size = np.abs(eta)
    half = block.outcome - 0.5
    if block.weight is None:
        log_likelihood = eta @ half - size.sum(axis=1) / 2
    else:
        log_likelihood = (eta * half - size / 2) @ block.weight
    np.negative(size, out=size)
    less = np.exp(size, out=size)
    more = 1.0 + less
    log_likelihood -= _log_sum(more) if block.weight is None else np.log1p(less) @ block.weight
    np.divide(1.0, more, out=more)
    less *= more
    less *= more
    more -= 0.5
    residual = half - np.copysign(more, eta, out=more)
    if block.weight is not None:
        residual *= block.weight
        less *= block.weight
    return np.asarray(log_likelihood), residual, less


def _half_less_probability(eta: Reals) -> tuple[Reals, Reals]:
    """1/2 - p and p (1 - p), shape (m, b) each."""
    less = np.exp(-np.abs(eta))
    more = 1.0 / (1.0 + less)
    spread = less * more * more
    return -np.copysign(more - 0.5, eta), spread


def _log_sum(values: Reals) -> Reals:
    """Sum of the logarithms of values between 1 and 2, shape (m,)."""
    m, b = values.shape
    whole = b - b % PRODUCT
    rest = np.log(values[:, whole:]).sum(axis=1)
    if not whole:
        return np.asarray(rest)
    products = np.multiply.reduce(values[:, :whole].reshape(m, PRODUCT, -1), axis=1)
    return np.asarray(np.log(products).sum(axis=1) + rest)


def _gram(design: Reals, spread: Reals) -> Reals:
    """The weighted second moments, shape (q, q)."""
    # A product of a matrix with itself takes half the work of one of two matrices.
    scaled = design * np.sqrt(spread)
    return np.asarray(scaled @ scaled.T)
