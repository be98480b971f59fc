"""Sums over the rows of a logistic model at several coefficients at once: log likelihood, score, information.

Rows are taken in blocks that fit the cache; a block's design matrix lies by columns and is forgotten after use, so that
no matrix of all rows exists; with many rows a few threads share the blocks. The covariates are taken from a common
origin, which keeps their sums' digits.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from cohortium.estimators.blocks import over_blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cohortium.estimators.contract import Integers, Reals
    from cohortium.estimators.logistic.usable import LogisticRows

BLOCK_ROWS = 16_384
BLOCK_NUMBERS = 262_144
"""Fewer rows a block when there are many candidates or many columns."""
HELD_NUMBERS = 4_000_000
"""In the sums of blocks that wait to be added in order."""
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


Sums = TypeVar("Sums", LogisticSums, PenaltySums)


class Block(NamedTuple):
    """Some rows: design matrix by columns, shape (q, b), and their values, shape (b,); `scratch` is like the design."""

    design: Reals
    scratch: Reals
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

    def of(block: Block) -> LogisticSums:
        # Each thread has a setting of its own.
        with np.errstate(over="ignore", invalid="ignore"):
            log_likelihood, residual, spread = _of_rows(_linear(block, candidates), block)
            information = np.stack([_gram(block, one) for one in spread])
            return LogisticSums(log_likelihood, np.dot(residual, block.design.T), information)

    nothing = LogisticSums(np.zeros(m), np.zeros((m, q)), np.zeros((m, q, q)))
    return without_hopeless(_summed(of, nothing, rows, center, counted))


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

    def of(block: Block) -> PenaltySums:
        below, spread = _half_less_probability(_linear(block, candidates))
        found = PenaltySums(np.zeros((m, q)), np.zeros((m, q, q)))
        weight = 1.0 if block.weight is None else block.weight
        for at, one in enumerate(spread):
            leverage = one * weight * np.einsum("jb,jb->b", np.dot(inverse[at], block.design), block.design)
            found.score[at] = np.dot(block.design, leverage * below[at])
            found.augmented[at] = _gram(block, one * (weight + leverage))
        return found

    return _summed(of, PenaltySums(np.zeros((m, q)), np.zeros((m, q, q))), rows, center, counted)


def _summed(
    of: Callable[[Block], Sums], nothing: Sums, rows: LogisticRows, center: Reals, counted: Integers | None
) -> Sums:
    """The sums over all blocks, added in the order of the rows whatever the threads do.

    nothing  sums of no rows; m candidates lead each array
    """
    m = len(nothing[0])
    pieces = _pieces(rows, m)
    length = min(pieces[0].stop, rows.n) if pieces else 0
    # As many as there are threads are made; the next block reuses one.
    spare: deque[Reals] = deque()

    def at_piece(piece: slice) -> Sums:
        memory = spare.pop() if spare else np.empty((2, rows.size, length))
        found = of(_block(rows, piece, center, counted, memory))
        spare.append(memory)
        return found

    at_once = max(1, HELD_NUMBERS // (m * rows.size**2))
    for begin in range(0, len(pieces), at_once):
        for found in over_blocks(at_piece, pieces[begin : begin + at_once], rows.n):
            for total, part in zip(nothing, found, strict=True):
                np.add(total, part, out=total)
    return nothing


def blocks(rows: LogisticRows, center: Reals, counted: Integers | None) -> Iterator[Block]:
    """The rows in blocks for a single candidate; the design matrix of one is valid until the next is made."""
    pieces = _pieces(rows, 1)
    memory = np.empty((2, rows.size, pieces[0].stop if pieces else 0))
    for piece in pieces:
        yield _block(rows, piece, center, counted, memory)


def _pieces(rows: LogisticRows, m: int) -> list[slice]:
    """The rows in pieces; each of m candidates needs a number a row."""
    length = max(PRODUCT, min(BLOCK_ROWS, BLOCK_NUMBERS // max(m, rows.size)))
    return [slice(begin, min(begin + length, rows.n)) for begin in range(0, rows.n, length)]


def _block(rows: LogisticRows, piece: slice, center: Reals, counted: Integers | None, memory: Reals) -> Block:
    design, scratch = memory[:, :, : piece.stop - piece.start]
    _fill(design, rows, piece, center)
    return Block(design, scratch, rows.outcome[piece], _weight(rows, piece, counted), _part(rows.offset, piece))


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
    eta = np.dot(candidates, block.design)
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


def _gram(block: Block, spread: Reals) -> Reals:
    """The weighted second moments, shape (q, q)."""
    # A product of a matrix with itself takes half the work of one of two matrices.
    scaled = np.multiply(block.design, np.sqrt(spread), out=block.scratch)
    return np.asarray(np.dot(scaled, scaled.T))
