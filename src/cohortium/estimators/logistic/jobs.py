"""Fits and searches side by side: each asks for the likelihood at its own coefficients in the same round.

The coefficients of a job are a point plus a combination of directions, so that one description serves a fit of some
columns, a search in printed coefficients, and a recalibration.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cohortium.estimators.regression import search as searching
from cohortium.estimators.regression.newton import Ended, Evaluation, Path
from cohortium.estimators.regression.newton import advance as newton_advance
from cohortium.estimators.regression.newton import begin as newton_begin
from cohortium.estimators.regression.penalty import Penalized
from cohortium.estimators.regression.search import Search

if TYPE_CHECKING:
    from cohortium.estimators.contract import Reals


class Point(NamedTuple):
    """The likelihood at coefficients of shape (q,), and what a penalty adds: half a log determinant and its score."""

    beta: Reals
    log_likelihood: float
    score: Reals
    information: Reals
    penalty: float
    penalty_score: Reals


class NotBegun(NamedTuple):
    """A fit before its first evaluation; see `newton.begin`."""

    mean_square: Reals
    n: int
    mass: float


State = NotBegun | Path | Ended | Search


@dataclass(frozen=True)
class Job:
    """A fit or a search.

    name   what it is for
    base   shape (q,): the point at which its own coefficients are zero
    basis  shape (q, k): its directions
    last   the last point that was evaluated
    """

    name: tuple[str, int]
    base: Reals
    basis: Reals
    state: State
    last: Point | None = None

    @property
    def candidate(self) -> Reals:
        """The coefficients to evaluate next, shape (q,)."""
        if isinstance(self.state, NotBegun):
            return self.base
        own = self.state.beta if isinstance(self.state, Ended) else self.state.proposal
        return np.asarray(self.base + self.basis @ own)

    @property
    def is_over(self) -> bool:
        """Whether nothing more is asked for."""
        return isinstance(self.state, Ended) or (isinstance(self.state, Search) and self.state.ended)

    @property
    def is_search(self) -> bool:
        """Whether it is a search and no fit."""
        return isinstance(self.state, Search)


def onward(job: Job, at: Point) -> Job:
    """The job after the evaluation of its candidate."""
    state, score, information = job.state, job.basis.T @ at.score, job.basis.T @ at.information @ job.basis
    if isinstance(state, Ended):
        return job
    if isinstance(state, Search):
        value = at.log_likelihood + at.penalty
        pulled = score + job.basis.T @ at.penalty_score
        found = Penalized(state.proposal, value, pulled, information, at.penalty)
        return replace(job, state=searching.advance(state, found), last=at)
    own = np.zeros(score.size) if isinstance(state, NotBegun) else state.proposal
    evaluation = Evaluation(own, at.log_likelihood, score, information, np.diag(information).copy())
    if isinstance(state, NotBegun):
        return replace(job, state=newton_begin(evaluation, state.mean_square, state.n, state.mass), last=at)
    after = newton_advance(state, evaluation)
    is_taken = isinstance(after, Ended) or after.accepted is evaluation
    return replace(job, state=after, last=at if is_taken else job.last)


def all_onward(jobs: tuple[Job, ...], found: list[Point]) -> tuple[Job, ...]:
    """All jobs after a round that held those that were not over, in order."""
    points = iter(found)
    return tuple(job if job.is_over else onward(job, next(points)) for job in jobs)
