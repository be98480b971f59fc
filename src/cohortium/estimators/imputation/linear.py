"""Bayesian linear regression from sums of squares and products (Rubin 1987, page 167; `norm` of R's mice)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cohortium.estimators.contract import Integers, Reals
from cohortium.estimators.imputation.philox import Purpose, chi_squares, normals

DEPENDENT = 1e-9
"""A column of which this share or less is left beside the columns before it is left out."""


class Root(NamedTuple):
    """The independent columns of a matrix of sums of products, and their Cholesky factor.

    kept    positions, in order
    lower   shape (kept, kept)
    """

    kept: Integers
    lower: Reals

    def solve(self, right: Reals) -> Reals:
        """The matrix's inverse times a vector of shape (p,); 0 for the columns left out."""
        from scipy.linalg import cho_solve

        out = np.zeros(right.size)
        out[self.kept] = cho_solve((self.lower, True), right[self.kept])
        return out

    def spread(self, normal: Reals) -> Reals:
        """Independent normal numbers of shape (p,) to numbers with the matrix's inverse as covariance."""
        from scipy.linalg import solve_triangular

        out = np.zeros(normal.size)
        out[self.kept] = solve_triangular(self.lower, normal[self.kept], lower=True, trans="T")
        return out


def root_of(matrix: Reals) -> Root:
    """Cholesky's factor of a matrix of sums of products without its dependent columns.

    Columns are taken in their order, not by size, so that rounding does not change which are kept.
    """
    p = matrix.shape[0]
    if p and (quick := _independent(matrix)) is not None:
        return Root(np.arange(p), quick)
    lower: Reals = np.zeros((p, p))
    kept: list[int] = []
    for j in range(p):
        row = lower[j, : len(kept)]
        for i, k in enumerate(kept):
            row[i] = (matrix[j, k] - lower[k, :i] @ row[:i]) / lower[k, i]
        left = matrix[j, j] - float(row @ row)
        if left > DEPENDENT * matrix[j, j]:
            lower[j, len(kept)] = np.sqrt(left)
            kept.append(j)
    chosen = np.array(kept, dtype=np.int64)
    return Root(chosen, lower[chosen][:, : chosen.size])


def _independent(matrix: Reals) -> Reals | None:
    """The factor of a matrix all of whose columns are independent; None for another."""
    if not (np.diag(matrix) > 0).all():
        return None
    try:
        lower: Reals = np.asarray(np.linalg.cholesky(matrix), np.float64)
    except np.linalg.LinAlgError:
        return None
    return lower if (np.square(np.diag(lower)) > DEPENDENT * np.diag(matrix)).all() else None


def draw_linear(grams: Reals, response: int, predictors: Integers, n: int, seed: int, purpose: Purpose) -> Reals:
    r"""Coefficients and residual deviation drawn from their posterior under a flat prior, shape (m, p + 1).

    .. math:: \sigma^2 = RSS / \chi^2_{n - p}, \quad \beta \sim N(\hat\beta, \sigma^2 (X'X)^{-1})

    grams       shape (m, columns, columns): of each imputation, sums of products of all columns over the n rows with a
                known response
    predictors  columns in the model, shape (p,)
    """
    m, p = grams.shape[0], predictors.size
    drawn = purpose._replace(kind=1)
    noise = normals(seed, drawn, m, np.arange(p, dtype=np.uint64))
    out = np.zeros((m, p + 1))
    roots = [root_of(gram[np.ix_(predictors, predictors)]) for gram in grams]
    squares = {kept: chi_squares(seed, drawn, m, p, max(n - kept, 1)) for kept in {root.kept.size for root in roots}}
    for i, (gram, root) in enumerate(zip(grams, roots, strict=True)):
        right = gram[predictors, response]
        estimate = root.solve(right)
        rest = max(float(gram[response, response] - right @ estimate), 0.0)
        sigma = float(np.sqrt(rest / squares[root.kept.size][i]))
        out[i, :p], out[i, p] = estimate + sigma * root.spread(noise[i]), sigma
    return out
