"""Coefficients with covariates taken from an origin, in which sites sum, and coefficients as they are printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from cohortium.estimators.contract import Integers, Reals
    from cohortium.estimators.regression.counts import Counts


@dataclass(frozen=True)
class Setting:
    """What does not change between the rounds of a fit.

    center       shape (p,): the origin of the covariates
    counted      shape (k,): 1 for strata whose rows count, 0 for others
    mean_square  shape (q,): mean square of each column as it is in the data; 1 for constants
    n            rows of the strata that count
    mass         their weights together
    start        shape (q,): coefficients of the model without covariates, or near them
    solved       whether `start` is the maximum of the model without covariates
    """

    counts: Counts
    center: Reals
    counted: Integers
    mean_square: Reals
    n: int
    mass: float
    start: Reals
    solved: bool

    @property
    def n_constants(self) -> int:
        """Coefficients before those of the covariates."""
        return int(self.start.size - self.center.size)

    @property
    def from_printed(self) -> Reals:
        """The matrix that makes coefficients about the origin from printed ones, shape (q, q)."""
        matrix = np.eye(self.start.size)
        if self.n_constants:
            matrix[0, self.n_constants :] = self.center
        return matrix

    @property
    def to_printed(self) -> Reals:
        """The inverse of `from_printed`, shape (q, q)."""
        matrix = np.eye(self.start.size)
        if self.n_constants:
            matrix[0, self.n_constants :] = -self.center
        return matrix
