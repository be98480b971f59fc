"""All searches of a penalized fit: the maximum first, then tests and limits of all coefficients side by side."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.distributions import chi_square_tail, normal_quantile
from cohortium.estimators.regression.penalty import Likelihood, Penalized, penalize
from cohortium.estimators.regression.search import NOT_FOUND, Search, advance, for_limit, for_maximum, held_at_zero

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.estimators.contract import Reals


@dataclass(frozen=True)
class FirthFit:
    """A Firth-penalized fit; columns without information of their own have NaN.

    beta            shape (p,)
    covariance      shape (p, p): inverse information of the likelihood at the penalized maximum
    information     shape (p, p)
    lower, upper    shape (p,): profile penalized likelihood limits, NaN where not found
    statistics      shape (p,): penalized likelihood-ratio statistic of each coefficient
    log_likelihood  penalized log likelihood at its maximum, the penalty counted from that at beta = 0: a change of units
                    adds a constant to both
    log_likelihood_null   the same at beta = 0, where it is the log partial likelihood itself
    term_statistics  for each group of columns that was tested together, its penalized likelihood-ratio statistic
    evaluations     of the likelihood, for the maximum and for the limits together
    problems        column position to what was not found
    failure         why there is no fit; empty when there is one
    instead_of      column name to the reason why it has no finite maximum-likelihood estimate
    """

    beta: Reals
    covariance: Reals
    information: Reals
    lower: Reals
    upper: Reals
    statistics: Reals
    log_likelihood: float
    log_likelihood_null: float
    evaluations: int
    term_statistics: tuple[float, ...] = ()
    problems: dict[int, str] = field(default_factory=dict)
    failure: str = ""
    instead_of: dict[str, str] = field(default_factory=dict)

    @property
    def p_values(self) -> Reals:
        """P-values of the penalized likelihood-ratio tests, shape (p,)."""
        return np.array([chi_square_tail(float(statistic), 1) for statistic in self.statistics])


@dataclass(frozen=True)
class Progress:
    """Where a penalized fit stands.

    free      shape (p,): columns that carry information of their own; the searches know these alone
    groups    shape (g, p): columns that are tested together, besides each alone
    null      evaluation at beta = 0
    peak      the search for the maximum
    profiles  tests of columns, lower limits, upper limits, in the order of the free columns, then tests of groups; empty
              while the maximum is sought
    """

    free: np.ndarray
    groups: np.ndarray
    confidence: float
    peak: Search
    null: Penalized | None = None
    profiles: tuple[Search, ...] = ()
    evaluations: int = 0

    @property
    def candidates(self) -> Reals:
        """Coefficients to evaluate next, shape (1, p) or (3p + g, p)."""
        p = self.free.size
        out = np.zeros((3 * p + len(self.groups) if self.profiles else 1, p))
        out[:, self.free] = self.peak.proposal
        for row, search in enumerate(self.profiles):
            out[row, self.free] = search.proposal
        return out


def begin(free: np.ndarray, groups: np.ndarray, confidence: float) -> Progress:
    """The fit before its first evaluation, at beta = 0; arguments as of `Progress`."""
    q = int(free.sum())
    return Progress(free, groups, confidence, for_maximum(np.zeros(q), np.zeros(q, bool), np.zeros((q, q))))


def onward(progress: Progress, found: Sequence[Likelihood]) -> Progress | FirthFit:
    """The fit after an evaluation of its candidates."""
    at = [penalize(_of_free(likelihood, progress.free)) for likelihood in found]
    progress = replace(progress, evaluations=progress.evaluations + 1, null=progress.null or at[0])
    if progress.profiles:
        profiles = tuple(advance(search, it) for search, it in zip(progress.profiles, at, strict=False))
        after = replace(progress, profiles=profiles)
        return after if any(not search.ended for search in profiles) else _finished(after)
    peak = advance(progress.peak, at[0])
    after = replace(progress, peak=peak)
    if not peak.ended:
        return after
    return _failed(after) if peak.failed else replace(after, profiles=_profiles(after))


def _of_free(at: Likelihood, free: np.ndarray) -> Likelihood:
    block = np.ix_(free, free)
    third = at.third[np.ix_(free, free, free)]
    return Likelihood(at.beta[free], at.log_likelihood, at.score[free], at.information[block], third)


def _profiles(progress: Progress) -> tuple[Search, ...]:
    peak = progress.peak
    q = peak.proposal.size
    drop = normal_quantile(0.5 + progress.confidence / 2) ** 2 / 2
    alone = np.eye(q, dtype=bool)
    together = progress.groups[:, progress.free]
    return (
        *(held_at_zero(peak, held) for held in alone),
        *(for_limit(peak, j, side, drop) for side in (-1, 1) for j in range(q)),
        *(held_at_zero(peak, held) for held in together),
    )


def _finished(progress: Progress) -> FirthFit:
    q = progress.peak.proposal.size
    tests, lower, upper = (progress.profiles[k * q : (k + 1) * q] for k in range(3))
    fit, penalty = _at_peak(progress), progress.null.penalty if progress.null is not None else 0.0
    for at, j in enumerate(np.flatnonzero(progress.free)):
        fit.statistics[j] = _fall(fit, tests[at], penalty)
        missing = [side for side, search in (("lower", lower[at]), ("upper", upper[at])) if search.failed]
        fit.lower[j] = np.nan if lower[at].failed else lower[at].proposal[at]
        fit.upper[j] = np.nan if upper[at].failed else upper[at].proposal[at]
        if missing:
            fit.problems[int(j)] = f"no {' and '.join(missing)} limit: {NOT_FOUND}"
    return replace(fit, term_statistics=tuple(_fall(fit, search, penalty) for search in progress.profiles[3 * q :]))


def _fall(fit: FirthFit, test: Search, penalty: float) -> float:
    """The penalized likelihood-ratio statistic of a test, NaN when its maximum was not found.

    penalty  at beta = 0
    """
    if test.failed or test.best is None:
        return float("nan")
    return max(2 * (fit.log_likelihood - (test.best.value - penalty)), 0.0)


def _at_peak(progress: Progress) -> FirthFit:
    p = progress.free.size
    block = np.ix_(progress.free, progress.free)
    beta, covariance, information = np.full(p, np.nan), np.full((p, p), np.nan), np.full((p, p), np.nan)
    value = start = float("nan")
    if (peak := progress.peak.best) is not None and progress.null is not None and not progress.peak.failed:
        beta[progress.free] = progress.peak.proposal
        covariance[block], information[block] = np.linalg.inv(peak.information), peak.information
        value, start = (at.value - progress.null.penalty for at in (peak, progress.null))
    lower, upper, statistics = np.full((3, p), np.nan)
    evaluations = progress.evaluations
    return FirthFit(beta, covariance, information, lower, upper, statistics, value, start, evaluations)


def _failed(progress: Progress) -> FirthFit:
    why = f"the penalized likelihood was not maximized in {progress.evaluations} evaluations"
    return replace(_at_peak(progress), failure=why)
