r"""One search over the penalized log likelihood: for its maximum, or for a profile limit.

The penalized log likelihood has second derivatives that need fourth moments of the risk sets. Each search uses the
information instead, with a correction learned from the scores met on its way (a symmetric secant update in the
metric of the information), so that it converges faster than linearly.

A limit of coefficient j solves

.. math:: \ell^*(\beta) = \ell^*(\hat\beta) - \tfrac12 \chi^2_1, \qquad U^*_k(\beta) = 0 \text{ for } k \ne j

by the steps of Venzon and Moolgavkar (1988).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.regression.newton import DECREMENT, NEAR, STALLED

if TYPE_CHECKING:
    from cohortium.estimators.contract import Reals
    from cohortium.estimators.regression.penalty import Penalized

NOT_FOUND = "the profile penalized likelihood did not reach it"
MAX_EVALUATIONS = 100
MAX_HALVINGS = 30
LONGEST_STEP = 5.0
"""In standard errors; the model of a step is not good beyond."""


@dataclass(frozen=True)
class Search:
    """Where a search stands.

    held         shape (p,): coefficients that do not move
    best         last accepted evaluation; None before the first
    proposal     shape (p,): coefficients to evaluate next, the result when the search has ended
    correction   shape (p, p): what is added to the information as second derivatives
    limit_of     the coefficient whose limit is sought; None for a maximum
    side         -1 for a lower limit, 1 for an upper one
    target       value of the penalized log likelihood at the limit
    exact        the information is all of the second derivatives: nothing is learned
    tolerance    a fall of the value by no more than this is rounding
    distance     squared length of the last step, in standard errors
    """

    held: np.ndarray
    proposal: Reals
    correction: Reals
    best: Penalized | None = None
    limit_of: int | None = None
    side: int = 0
    target: float = 0.0
    exact: bool = False
    tolerance: float = 0.0
    distance: float = np.inf
    halvings: int = 0
    evaluations: int = 0
    ended: bool = False
    failed: bool = False


def for_maximum(start: Reals, held: np.ndarray, correction: Reals) -> Search:
    """A search for the maximum from `start`, shape (p,)."""
    return Search(held, start, correction)


def held_at_zero(peak: Search, held: np.ndarray) -> Search:
    """A search for the maximum with coefficients at zero, from where the information would have it."""
    start = np.where(held, 0.0, peak.proposal)
    if peak.best is not None and held.any() and not held.all():
        information = peak.best.information
        given_up = information[np.ix_(~held, held)] @ peak.proposal[held]
        start[~held] += np.linalg.solve(information[np.ix_(~held, ~held)], given_up)
    return for_maximum(start, held, peak.correction)


def for_limit(peak: Search, coefficient: int, side: int, drop: float) -> Search:
    """A search for a limit from the maximum that `peak` found.

    side   -1 for the lower limit, 1 for the upper one
    drop   by how much the penalized log likelihood is lower at the limit
    """
    best = _accepted(peak)
    search = Search(
        held=peak.held,
        proposal=best.beta,
        correction=peak.correction,
        best=best,
        limit_of=coefficient,
        side=side,
        target=best.value - drop,
        exact=peak.exact,
        tolerance=peak.tolerance,
    )
    return replace(search, proposal=best.beta + _limited(search, _step(search)))


def advance(search: Search, found: Penalized) -> Search:
    """The search after an evaluation of its proposal."""
    if search.ended:
        return search
    search = replace(search, evaluations=search.evaluations + 1)
    if _is_too_low(search, found):
        return _halve(search)
    if search.best is None:
        search = replace(search, tolerance=1e-12 * max(abs(found.value), 1.0))
    elif not search.exact:
        search = replace(search, correction=_learned(search, search.best, found))
    search = replace(search, best=found, halvings=0)
    step = _step(search)
    distance = float(step @ _curvature(search) @ step)
    at_noise = distance < NEAR and distance > STALLED * search.distance
    ended = distance <= DECREMENT or at_noise
    return replace(
        search,
        proposal=found.beta + (step if ended else _limited(search, step)),
        distance=distance,
        ended=ended or search.evaluations >= MAX_EVALUATIONS,
        failed=not ended and search.evaluations >= MAX_EVALUATIONS,
    )


def _is_too_low(search: Search, found: Penalized) -> bool:
    """A climb must not fall; a search for a limit must not fall twice as deep as the limit lies."""
    if not np.isfinite(found.value):
        return True
    if search.best is None:
        return False
    if search.limit_of is None:
        return found.value < search.best.value - search.tolerance
    deepest = min(search.best.value, search.target) - max(search.best.value - search.target, 1.0)
    return found.value < deepest


def _halve(search: Search) -> Search:
    if search.best is None or search.halvings >= MAX_HALVINGS or search.evaluations >= MAX_EVALUATIONS:
        return replace(search, ended=True, failed=True)
    shorter = search.best.beta + (search.proposal - search.best.beta) / 2
    return replace(search, proposal=shorter, halvings=search.halvings + 1)


def _learned(search: Search, before: Penalized, after: Penalized) -> Reals:
    """The correction under which the second derivatives explain the change of the score."""
    step = after.beta - before.beta
    pull = after.information @ step
    length = float(step @ pull)
    if length <= DECREMENT:
        return search.correction
    missed = before.score - after.score - pull - search.correction @ step
    cross = np.outer(missed, pull) / length
    learned = search.correction + cross + cross.T - (missed @ step) * np.outer(pull, pull) / length**2
    free = ~search.held
    return np.asarray(np.where(np.outer(free, free), learned, search.correction))


def _curvature(search: Search) -> Reals:
    """Minus the second derivatives: the information, corrected where that is safe."""
    information = _accepted(search).information
    corrected = information + search.correction
    free = np.ix_(~search.held, ~search.held)
    values = np.linalg.eigvals(np.linalg.solve(information[free], corrected[free])).real if free[0].size else np.ones(1)
    return corrected if values.min() > 0.1 else information


def _step(search: Search) -> Reals:
    best, step = _accepted(search), np.zeros(search.held.size)
    free = np.flatnonzero(~search.held)
    if not free.size:
        return step
    inverse = np.linalg.inv(_curvature(search)[np.ix_(free, free)])
    climb = inverse @ best.score[free]
    if search.limit_of is None:
        step[free] = climb
        return step
    j = int(np.searchsorted(free, search.limit_of))
    room = 2 * (best.value - search.target) + float(best.score[free] @ climb)
    step[free] = climb + search.side * float(np.sqrt(np.maximum(room, 0.0) / inverse[j, j])) * inverse[j]
    return step


def _limited(search: Search, step: Reals) -> Reals:
    length = float(np.sqrt(np.maximum(step @ _accepted(search).information @ step, 0.0)))
    return step * min(1.0, LONGEST_STEP / length) if length else step


def _accepted(search: Search) -> Penalized:
    if search.best is None:
        raise ValueError("a search has no step before its first evaluation")
    return search.best
