"""What is sought when the maximum is known: refits without terms, profile limits, and how the risks are calibrated."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cohortium.estimators.distributions import normal_quantile
from cohortium.estimators.logistic.jobs import Job, NotBegun, Point, onward
from cohortium.estimators.regression.newton import Ended, without
from cohortium.estimators.regression.penalty import Penalized
from cohortium.estimators.regression.search import Search, for_limit, for_maximum, held_at_zero

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cohortium.estimators.contract import Reals
    from cohortium.estimators.logistic.origin import Setting
    from cohortium.estimators.logistic.spec import LogisticSpec

NULL, FULL, PEAK = "null", "full", "peak"
TERM, COLUMN, LOWER, UPPER, WITHOUT_ALL = "term", "column", "lower", "upper", "without all"
SLOPE, LARGE = "calibration slope", "calibration in the large"


class Fitted(NamedTuple):
    """The fits that have ended.

    null       the model without covariates; None when only a penalized fit was made
    main       by maximum likelihood; None likewise
    peak       the penalized maximum; None when there is none
    free       shape (q,): columns that carry information with a penalty
    augmented  information of the augmented data at the penalized maximum
    """

    setting: Setting
    null: Point | None
    main: Job | None
    peak: Job | None
    free: np.ndarray | None
    augmented: Reals | None

    @property
    def end(self) -> Ended | None:
        """The end of the fit by maximum likelihood."""
        return self.main.state if self.main is not None and isinstance(self.main.state, Ended) else None

    @property
    def penalized(self) -> Search | None:
        """The penalized maximum, where it was found."""
        state = None if self.peak is None else self.peak.state
        return state if isinstance(state, Search) and not state.failed else None


def first_peak(setting: Setting, free: np.ndarray) -> Job:
    """The search for the penalized maximum, from the model without covariates.

    free   shape (q,): columns that carry information
    """
    q = int(free.sum())
    start = (setting.to_printed @ setting.start)[free]
    search = for_maximum(start, np.zeros(q, bool), np.zeros((q, q)))
    return Job((PEAK, 0), np.zeros(free.size), setting.from_printed[:, free], search)


def side_jobs(spec: LogisticSpec, fitted: Fitted) -> tuple[Job, ...]:
    """All that is sought side by side."""
    found: list[Job] = []
    if fitted.peak is not None:
        if fitted.penalized is None or fitted.free is None:
            return ()
        found += _searches(spec, fitted.peak, fitted.penalized, fitted.free)
        found += _groups(spec, fitted.peak, fitted.penalized, fitted.free)
    elif fitted.main is not None and fitted.end is not None:
        found += _refits(spec, fitted.main, fitted.end)
        if (spec.profile or spec.interval == "profile") and not fitted.end.infinite.any():
            job, search, free = _as_search(fitted, fitted.main, fitted.end)
            found += _searches(spec, job, search, free)
    if spec.risk_groups and not spec.conditional:
        found += _recalibrations(fitted)
    return tuple(found)


def profiled(spec: LogisticSpec, free: np.ndarray) -> list[int]:
    """Positions of the coefficients with tests and limits of their own: not those of strata."""
    first = [0] if spec.n_constants == 1 else []
    return [j for j in (*first, *range(spec.n_constants, spec.size)) if free[j]]


def grouped(spec: LogisticSpec) -> list[int]:
    """Positions among the tested terms of those with several columns."""
    return [i for i, term in enumerate(spec.tested_terms) if sum(c.term is term for c in spec.columns) > 1]


def _refits(spec: LogisticSpec, main: Job, end: Ended) -> Iterator[Job]:
    for i, term in enumerate(spec.tested_terms):
        yield Job((TERM, i), main.base, main.basis, without(end, _of_term(spec, term)))


def _of_term(spec: LogisticSpec, term: object) -> np.ndarray:
    held = [column.term is term for column in spec.columns]
    return np.concatenate([np.zeros(spec.n_constants, bool), held])


def _as_search(fitted: Fitted, main: Job, end: Ended) -> tuple[Job, Search, np.ndarray]:
    """The maximum as one from which limits can be sought, in printed coefficients."""
    if main.last is None:
        raise TypeError("a fit that has ended was evaluated")
    free = ~end.dependent
    setting, at = fitted.setting, main.last
    basis = setting.from_printed[:, free]
    own = (setting.to_printed @ np.where(free, at.beta, 0.0))[free]
    information = basis.T @ at.information @ basis
    best = Penalized(own, at.log_likelihood, basis.T @ at.score, information)
    q = own.size
    tolerance = 1e-12 * max(abs(at.log_likelihood), 1.0)
    search = Search(np.zeros(q, bool), own, np.zeros((q, q)), best, exact=True, tolerance=tolerance, ended=True)
    return Job((PEAK, 0), np.where(free, 0.0, at.beta), basis, search), search, free


def _searches(spec: LogisticSpec, peak: Job, search: Search, free: np.ndarray) -> Iterator[Job]:
    drop = normal_quantile(0.5 + spec.confidence / 2) ** 2 / 2
    place = np.cumsum(free) - 1
    for j in profiled(spec, free):
        at = int(place[j])
        held = np.arange(search.proposal.size) == at
        yield replace(peak, name=(COLUMN, j), state=_held(search, held))
        yield replace(peak, name=(LOWER, j), state=for_limit(search, at, -1, drop))
        yield replace(peak, name=(UPPER, j), state=for_limit(search, at, 1, drop))


def _groups(spec: LogisticSpec, peak: Job, search: Search, free: np.ndarray) -> Iterator[Job]:
    for i in grouped(spec):
        held = _of_term(spec, spec.tested_terms[i])[free]
        yield replace(peak, name=(TERM, i), state=_held(search, held))
    everything = (np.arange(spec.size) >= spec.n_constants)[free]
    yield replace(peak, name=(WITHOUT_ALL, 0), state=_held(search, everything))


def _held(search: Search, held: np.ndarray) -> Search:
    return replace(held_at_zero(search, held), exact=search.exact)


def _recalibrations(fitted: Fitted) -> Iterator[Job]:
    """A constant and a multiple of the linear predictor, and a constant alone, with the risks as they are at zero."""
    fit = fitted.peak or fitted.main
    at = None if fit is None else fit.last
    if at is None or (fitted.peak is None and fitted.end is not None and fitted.end.infinite.any()):
        return
    first = np.arange(at.beta.size) == 0
    basis = np.stack([first, np.where(first, 0.0, at.beta)], axis=1).astype(np.float64)
    for name, directions in ((SLOPE, basis), (LARGE, basis[:, :1])):
        state = NotBegun(np.zeros(directions.shape[1]), fitted.setting.n, fitted.setting.mass)
        yield onward(Job((name, 0), at.beta, directions, state), at)
