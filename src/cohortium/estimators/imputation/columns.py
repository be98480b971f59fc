"""Variables as columns of a design matrix: a constant, numbers scaled to their range, levels, and the outcome."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cohortium.estimators.contract import Factor, Integers, Reals
from cohortium.estimators.imputation.spec import ImputationSpec, Known, Quantity


class Layout(NamedTuple):
    """Where the columns are.

    places    columns of each variable, then of each helper, then of each outcome (events, cumulative hazards)
    n_columns with the constant, which is column 0
    """

    places: tuple[slice, ...]
    n_columns: int

    def others(self, variable: int) -> Integers:
        """The columns that predict a variable."""
        at = self.places[variable]
        return np.array([j for j in range(self.n_columns) if not at.start <= j < at.stop])


def layout_of(spec: ImputationSpec) -> Layout:
    """The columns of a specification."""
    begin, places = 1, []
    for known in (*spec.variables, *spec.helpers):
        width = len(known) - 1 if isinstance(known, Factor) else 1
        places.append(slice(begin, begin + width))
        begin += width
    for outcome in spec.outcomes:
        places.append(slice(begin, begin + 2 * outcome.n_causes))
        begin += 2 * outcome.n_causes
    return Layout(tuple(places), begin)


def by_code(factor: Factor) -> Integers:
    """Positions of the declared levels among the codes in alphabetical order, shape (levels,).

    Draws go by this order, so that they do not depend on how the study file lists the levels.
    """
    return np.argsort(np.argsort(np.array(factor.codes)))


def columns_of(known: Known, values: Reals | Integers) -> Reals:
    """Values as columns, shape (..., columns): a number scaled, a category (by `by_code`) as indicators of all levels
    but the first; 0 where not known.
    """
    if isinstance(known, Quantity):
        scaled = (values - known.middle) / known.half
        return np.asarray(np.where(np.isnan(scaled), 0.0, scaled)[..., None])
    return np.asarray((values[..., None] == np.arange(1, len(known))).astype(np.float64))
