"""Newton's method for a log likelihood: the next coefficients, or that the fit has ended.

Information is judged against the information at beta = 0 by the generalized eigenvalues of the two, which no
change of units or of reference level can alter. A direction whose information vanishes along the way is one in
which the likelihood has no maximum (separation). The stopping rule is on the Newton decrement, the squared
distance to the optimum in standard errors, so that standard errors are exact to nine digits.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from cohortium.estimators.contract import Reals

NOT_SUMMED = 1e300
"""Taken off the log likelihood where it cannot be summed: any other coefficients are better."""
DECREMENT = 1e-18
DECREMENT_PER_EVENT = 1e-20
"""The root of the decrement per event is how far the linear predictor is from its end, and with it, in the same
measure, the information: to ten digits."""
MAX_EVALUATIONS = 200
MAX_HALVINGS = 30
EDGE_HALVINGS = 12
"""Of a step to where risk sets are lost to rounding: the fit is then at the edge of what numbers can hold."""
DEPENDENT = 1e-11
"""A column whose information, given the columns before it, is below this share of its second moment is dependent."""
CONSTANT = 1e-24
"""A column whose variance is below this share of its mean square differs by rounding only."""
NEAR = 1e-9
"""Below this decrement Newton's method squares it at each step, so that one that does not fall is rounding."""
STALLED = 0.6
"""A decrement that has not fallen to this share is at the noise; on the way to infinity it falls to exp(-1)."""
VANISHING = 1e-10
"""Stop when the information in some direction has fallen to this share of that at beta = 0."""
VANISHED = 1e-7
"""At the end, directions with less than this share of the information at beta = 0 have no finite estimate."""
FADED = 1e-2
"""The same where evaluations or numbers have run out: Newton's method would have reached a finite maximum long before."""
TAKES_PART = 1e-4
"""A coefficient that makes up this much of such a direction is infinite."""

INDEFINITE = 1e-6
"""Information this far below zero, as a share of that at beta = 0, is the rounding of relative hazards of wide range."""


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The log partial likelihood and its derivatives at `beta`; `moment` holds the weighted second moments, shape (p,)."""

    beta: Reals
    log_likelihood: float
    score: Reals
    information: Reals
    moment: Reals

    @property
    def is_summed(self) -> bool:
        """Whether all risk sets could be summed."""
        return is_summed(self.log_likelihood)


@dataclass(frozen=True)
class Path:
    """Where the iteration stands.

    null         evaluation at beta = 0
    accepted     best evaluation so far
    step         Newton step from `accepted`, zero for dependent columns
    mass         weights of the rows with the event together, their number where every row counts once
    unit         their mean weight, the scale of log-likelihood, score and information
    constant     shape (p,): columns that differ by rounding only
    dependent    shape (p,): columns left out: constant, held at zero, or without information of their own
    decrement    of the last accepted evaluation, in units of the mean weight
    halvings     how often the current step was halved
    evaluations  made so far
    """

    null: Evaluation
    accepted: Evaluation
    step: Reals
    constant: np.ndarray
    dependent: np.ndarray
    mass: float
    unit: float
    decrement: float = np.inf
    halvings: int = 0
    evaluations: int = 1

    @property
    def proposal(self) -> Reals:
        """Coefficients to evaluate next."""
        return np.asarray(self.accepted.beta + self.step / 2**self.halvings)


@dataclass(frozen=True)
class Ended:
    """The fit has ended.

    beta         final coefficients, shape (p,)
    covariance   inverse information at the optimum, NaN for coefficients without a finite estimate
    constant, dependent, infinite   shape (p,) each
    mass, unit   weights of the rows with the event, together and on average
    converged    False when the evaluations ran out
    """

    beta: Reals
    covariance: Reals
    null: Evaluation
    final: Evaluation
    constant: np.ndarray
    dependent: np.ndarray
    infinite: np.ndarray
    mass: float
    unit: float
    evaluations: int
    converged: bool


def begin(null: Evaluation, mean_square: Reals, n_events: int, mass: float) -> Path | Ended:
    """The path after the evaluation at beta = 0.

    mean_square   shape (p,): mean square of each column as it is in the data
    mass          weights of the rows with the event together; `n_events` where every row counts once
    """
    constant = np.diag(null.information) <= CONSTANT * mass * mean_square
    dependent = dependent_columns(null.information, null.moment, constant)
    return _onward(Path(null, null, np.zeros_like(null.beta), constant, dependent, mass, mass / n_events))


def without(end: Ended, held: np.ndarray) -> Path | Ended:
    """The path of the fit with some coefficients held at zero, from a fit with all of them.

    It begins where the likelihood would have its maximum if it were the parabola that it is near the full fit.

    held  shape (p,)
    """
    null = end.null
    dependent = dependent_columns(null.information, null.moment, end.constant | held)
    path = Path(null, null, np.zeros_like(null.beta), end.constant, dependent, end.mass, end.unit)
    free = np.flatnonzero(~dependent)
    if end.infinite.any() or not free.size:
        return _onward(path)
    information, given_up = end.final.information, end.beta * ~np.isin(np.arange(held.size), free)
    step = np.zeros_like(end.beta)
    step[free] = end.beta[free] + np.linalg.solve(information[np.ix_(free, free)], information[free] @ given_up)
    return replace(path, step=step)


def is_worse(path: Path, log_likelihood: float) -> bool:
    """Whether the proposal's log partial likelihood asks for half the step."""
    tolerance = 1e-11 * max(abs(path.null.log_likelihood), path.mass)
    worse = not np.isfinite(log_likelihood) or log_likelihood < path.accepted.log_likelihood - tolerance
    return bool(worse and path.halvings < (MAX_HALVINGS if is_summed(log_likelihood) else EDGE_HALVINGS))


def is_summed(log_likelihood: float) -> bool:
    """Whether the risk sets behind a log partial likelihood could be summed."""
    return log_likelihood > -NOT_SUMMED / 2


def halve(path: Path) -> Path:
    """The path with half the step."""
    return replace(path, halvings=path.halvings + 1, evaluations=path.evaluations + 1)


def advance(path: Path, evaluation: Evaluation) -> Path | Ended:
    """The path after an evaluation of its proposal."""
    if is_worse(path, evaluation.log_likelihood):
        return halve(path)
    if not _is_sound(evaluation, path):
        is_last = path.halvings >= EDGE_HALVINGS
        return _end(path, path.step, converged=False) if is_last else halve(path)
    return _onward(replace(path, accepted=evaluation, halvings=0, evaluations=path.evaluations + 1))


def dependent_columns(information: Reals, moment: Reals, constant: np.ndarray) -> np.ndarray:
    """Columns without information of their own, given the columns before them, shape (p,).

    moment     shape (p,): second moments of which the information is what is left; they bear its rounding
    constant   shape (p,): columns known to be constant
    """
    rest = information.copy()
    dependent = constant.copy()
    for j in range(moment.size):
        if dependent[j] or not rest[j, j] > DEPENDENT * moment[j]:
            dependent[j] = True
            continue
        after = rest[j + 1 :, j]
        rest[j + 1 :, j + 1 :] -= np.outer(after, after) / rest[j, j]
    return dependent


def _onward(path: Path) -> Path | Ended:
    free = np.flatnonzero(~path.dependent)
    if not free.size:
        return _end(path, np.zeros_like(path.step), converged=True)
    values, vectors = _relative(path.accepted, path.null, free)
    pull = vectors.T @ path.accepted.score[free]
    usable = values > VANISHING
    step = np.zeros_like(path.step)
    step[free] = vectors[:, usable] @ (pull[usable] / values[usable])
    decrement = float(pull[usable] @ (pull[usable] / values[usable])) / path.unit
    at_noise = decrement < NEAR and decrement > STALLED * path.decrement
    enough = max(DECREMENT, DECREMENT_PER_EVENT * path.mass / path.unit)
    if decrement <= enough or at_noise or _is_away(values, pull, path.unit):
        return _end(path, step, converged=True)
    if path.evaluations >= MAX_EVALUATIONS:
        return _end(path, step, converged=False)
    return replace(path, step=step, decrement=decrement)


def _is_sound(evaluation: Evaluation, path: Path) -> bool:
    """Whether no risk set was lost to rounding, nor the information, which then has a direction below zero."""
    free = np.flatnonzero(~path.dependent)
    return evaluation.is_summed and bool(_relative(evaluation, path.null, free)[0].min(initial=0.0) > -INDEFINITE)


def _is_away(values: Reals, pull: Reals, unit: float) -> bool:
    """Whether some direction is on its way to infinity, and the likelihood as high as it gets in the others."""
    rest = values >= VANISHING
    return not rest.all() and float(pull[rest] @ (pull[rest] / values[rest])) <= VANISHING * unit


def _relative(at: Evaluation, null: Evaluation, free: np.ndarray) -> tuple[Reals, Reals]:
    """Eigenvalues of the information relative to that at beta = 0, and vectors u with u' I u = value, u' I(0) u = 1."""
    return _eigen(at, null, tuple(free.tolist()))


# Asked for up to three times for an evaluation, which takes as long as its sums where rows are few.
@lru_cache(maxsize=4)
def _eigen(at: Evaluation, null: Evaluation, free: tuple[int, ...]) -> tuple[Reals, Reals]:
    basis = _basis(null, free)
    values, rotation = np.linalg.eigh(basis @ at.information[np.ix_(free, free)] @ basis.T)
    return values, basis.T @ rotation


@lru_cache(maxsize=4)
def _basis(null: Evaluation, free: tuple[int, ...]) -> Reals:
    """The inverse root of the information at beta = 0."""
    information = null.information[np.ix_(free, free)]
    scale = np.sqrt(np.diag(information))
    root = np.linalg.cholesky(information / np.outer(scale, scale))
    return np.asarray(np.linalg.inv(root) / scale)


def _end(path: Path, step: Reals, *, converged: bool) -> Ended:
    """The end of the fit; directions without information are left out of the covariance of the others."""
    infinite = np.zeros_like(path.dependent)
    covariance = np.full_like(path.null.information, np.nan)
    free = np.flatnonzero(~path.dependent)
    if free.size:
        values, vectors = _relative(path.accepted, path.null, free)
        lost = values < (VANISHED if converged else FADED)
        spread = np.sqrt(np.diag(path.null.information)[free])
        parts = np.abs(vectors[:, lost]) * spread[:, None]
        infinite[free] = (parts > TAKES_PART * parts.max(axis=0, initial=0.0)).any(axis=1)
        covariance[np.ix_(free, free)] = (vectors[:, ~lost] / values[~lost]) @ vectors[:, ~lost].T
    covariance[infinite, :] = np.nan
    covariance[:, infinite] = np.nan
    return Ended(
        beta=path.accepted.beta + np.where(infinite, 0.0, step),
        covariance=covariance,
        null=path.null,
        final=path.accepted,
        constant=path.constant,
        dependent=path.dependent,
        infinite=infinite,
        mass=path.mass,
        unit=path.unit,
        evaluations=path.evaluations,
        converged=converged or bool(infinite.any()),
    )
