"""Newton's method for the partial likelihood: the next coefficients, or that the fit has ended.

The stopping rule is on the Newton decrement, the squared distance to the optimum in standard errors, so that
standard errors are exact to nine digits; R's default rule stops earlier.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from cohortium.estimators.contract import Reals

DECREMENT = 1e-18
MAX_ITERATIONS = 60
MAX_HALVINGS = 30
DEPENDENT = 1e-9
"""A column whose information, given the columns before it, is below this share of its own is dependent."""
RUNAWAY_STEP = 1e-3
"""A coefficient still moving by this many standard deviations when the likelihood has stopped is infinite."""


@dataclass(frozen=True)
class Evaluation:
    """The log partial likelihood and its derivatives at `beta`."""

    beta: Reals
    log_likelihood: float
    score: Reals
    information: Reals


@dataclass(frozen=True)
class Path:
    """Where the iteration stands.

    null         evaluation at beta = 0
    accepted     best evaluation so far
    step         Newton step from `accepted`, zero for dependent columns
    dependent    shape (p,): columns left out because they carry no information of their own
    n_events     events of the fit
    halvings     how often the current step was halved
    iterations   accepted evaluations so far
    """

    null: Evaluation
    accepted: Evaluation
    step: Reals
    dependent: np.ndarray
    n_events: int
    halvings: int = 0
    iterations: int = 0

    @property
    def proposal(self) -> Reals:
        """Coefficients to evaluate next."""
        return np.asarray(self.accepted.beta + self.step / 2**self.halvings)


@dataclass(frozen=True)
class Ended:
    """The fit has ended.

    beta         final coefficients
    covariance   inverse information at the optimum, NaN for dependent and runaway columns
    dependent, runaway   shape (p,) each
    converged    False when the number of iterations ran out
    """

    beta: Reals
    covariance: Reals
    null: Evaluation
    final: Evaluation
    dependent: np.ndarray
    runaway: np.ndarray
    iterations: int
    converged: bool


def begin(null: Evaluation, n_events: int) -> Path | Ended:
    """The path after the evaluation at beta = 0."""
    return _onward(Path(null, null, np.zeros_like(null.beta), dependent_columns(null.information), n_events))


def is_worse(path: Path, log_likelihood: float) -> bool:
    """Whether the proposal's log partial likelihood asks for half the step."""
    best = path.accepted.log_likelihood
    worse = not np.isfinite(log_likelihood) or log_likelihood < best - 1e-11 * abs(best)
    return bool(worse and path.halvings < MAX_HALVINGS)


def halve(path: Path) -> Path:
    """The path with half the step."""
    return replace(path, halvings=path.halvings + 1)


def advance(path: Path, evaluation: Evaluation) -> Path | Ended:
    """The path after accepting an evaluation of its proposal."""
    if is_worse(path, evaluation.log_likelihood):
        return halve(path)
    return _onward(replace(path, accepted=evaluation, halvings=0, iterations=path.iterations + 1))


def dependent_columns(information: Reals) -> np.ndarray:
    """Columns without information of their own, given the columns before them, shape (p,)."""
    p = information.shape[0]
    rest = information.copy()
    dependent = np.zeros(p, bool)
    own = np.diag(information)
    for j in range(p):
        if not rest[j, j] > DEPENDENT * own[j]:
            dependent[j] = True
            continue
        after = rest[j + 1 :, j]
        rest[j + 1 :, j + 1 :] -= np.outer(after, after) / rest[j, j]
    return dependent


def _onward(path: Path) -> Path | Ended:
    at = path.accepted
    solved = _solve(at, path.dependent)
    if solved is None:
        return _end(path, path.step, converged=True)
    step, _ = solved
    decrement = float(step @ at.score)
    if decrement <= DECREMENT or path.iterations >= MAX_ITERATIONS:
        return _end(path, step, converged=decrement <= DECREMENT)
    return replace(path, step=step)


def _solve(at: Evaluation, dependent: np.ndarray) -> tuple[Reals, Reals] | None:
    """Newton step and inverse information; None when the information is singular to working precision."""
    free = np.flatnonzero(~dependent)
    scale = np.sqrt(np.diag(at.information)[free])
    if not (np.isfinite(scale).all() and (scale > 0).all()):
        return None
    scaled = at.information[np.ix_(free, free)] / np.outer(scale, scale)
    try:
        root = np.linalg.cholesky(scaled)
    except np.linalg.LinAlgError:
        return None
    inverse_root = np.linalg.inv(root)
    inverse = inverse_root.T @ inverse_root / np.outer(scale, scale)
    step = np.zeros_like(at.beta)
    step[free] = inverse @ at.score[free]
    covariance = np.full_like(at.information, np.nan)
    covariance[np.ix_(free, free)] = inverse
    return step, covariance


def _end(path: Path, step: Reals, *, converged: bool) -> Ended:
    """The end of the fit; a runaway column has no information left, so the others' covariance is without it."""
    spread = np.sqrt(np.maximum(np.diag(path.null.information), 0.0) / path.n_events)
    runaway = (np.abs(step) * spread > RUNAWAY_STEP) & ~path.dependent
    solved = _solve(path.accepted, path.dependent | runaway)
    if solved is None:
        runaway = ~path.dependent
    return Ended(
        beta=path.accepted.beta + np.where(runaway, 0.0, step),
        covariance=np.full_like(path.accepted.information, np.nan) if solved is None else solved[1],
        null=path.null,
        final=path.accepted,
        dependent=path.dependent,
        runaway=runaway,
        iterations=path.iterations,
        converged=converged or bool(runaway.any()),
    )
