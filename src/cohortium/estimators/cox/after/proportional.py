r"""The test of proportional hazards: the score test for a covariate effect that changes with time.

The test of R's `cox.zph` since survival 3.0. In the model with effects beta + theta g(t), the score for theta at
theta = 0 and the fitted beta is compared with its information given beta, of each term and of all together. At a
penalized estimate the score for beta is not zero; the efficient score then takes its place (Neyman 1959).

round `counts`  rows, events and entries by time over everybody, from which g and the knots of the curves are made;
                where risk sets are shared between sites, also sums by (stratum, time) at the final coefficients
round `trend`   strata inside sites: the score and three information matrices; otherwise three weighted Gram matrices
round `smooth`  of each column, sums over events of spline functions times residuals
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.cox.after.schoenfeld import EffectCurve
from cohortium.estimators.cox.after.transforms import Transform
from cohortium.estimators.distributions import chi_square_tail

if TYPE_CHECKING:
    from cohortium.estimators.contract import Reals
    from cohortium.estimators.cox.spec import CoxSpec

GLOBAL = "GLOBAL"
SINGULAR = 1e-10
"""Information about a change of effect, given the effect, below this share of itself: there is none."""
NO_CHANGE = "too few distinct event times to tell a change of effect over time"


@dataclass(frozen=True, slots=True)
class ProportionalHazards:
    """What to test.

    transform   scale g of time: `km` is one minus the Kaplan-Meier curve just before, `rank` the rank among all times
    smooth_df   degrees of freedom of the smoothed scaled Schoenfeld residuals, 2 or more; 0 for no curves
    """

    transform: Transform = "km"
    smooth_df: int = 4


@dataclass(frozen=True)
class TermTest:
    """The test of one term, or of all; NaN with a `problem` when it cannot be made."""

    term: str
    statistic: float
    df: int
    p_value: float
    problem: str = ""


@dataclass(frozen=True)
class ProportionalTests:
    """Tests of every term with a finite estimate, the global one last, and the curve of every such column.

    mean_information  shape (p, p): information over the events at which both columns vary, 0 for columns without an
                      estimate; by it Schoenfeld residuals are scaled
    """

    transform: Transform
    tests: tuple[TermTest, ...]
    curves: tuple[EffectCurve, ...]
    mean_information: Reals


def tests_of(spec: CoxSpec, free: np.ndarray, score: Reals, information: Reals) -> tuple[TermTest, ...]:
    """Score tests from the augmented model.

    free         shape (p,): columns in the test
    score        shape (2, p): for beta and for theta; that for beta is 0 at the maximum of the likelihood
    information  shape (3, p, p): sums over event times of g^m V
    """
    terms = {term.name: [] for term in spec.terms}  # type: dict[str, list[int]]
    for j, column in enumerate(spec.columns):
        if free[j]:
            terms[column.term.name].append(j)
    columns = np.flatnonzero(free)
    groups = [(name, np.array(chosen)) for name, chosen in terms.items() if chosen]
    return tuple(_test(name, columns, chosen, score, information) for name, chosen in [*groups, (GLOBAL, columns)])


def _test(name: str, columns: np.ndarray, chosen: np.ndarray, score: Reals, information: Reals) -> TermTest:
    plain, first, second = information
    across = first[np.ix_(columns, chosen)]
    own = second[np.ix_(chosen, chosen)]
    share = np.linalg.solve(plain[np.ix_(columns, columns)], across)
    given = own - across.T @ share
    scale = np.sqrt(np.maximum(np.diag(own), 0.0))
    if not (scale > 0).all() or np.linalg.eigvalsh(given / np.outer(scale, scale)).min() < SINGULAR:
        return TermTest(name, float("nan"), chosen.size, float("nan"), NO_CHANGE)
    efficient = score[1, chosen] - score[0, columns] @ share
    statistic = float(efficient @ np.linalg.solve(given, efficient))
    return TermTest(name, statistic, chosen.size, chi_square_tail(statistic, chosen.size))
