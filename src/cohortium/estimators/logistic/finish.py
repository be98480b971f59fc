"""From fits and searches that have ended to the estimate."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.logistic.estimate import LogisticEstimate, Profile, Recalibration, refused
from cohortium.estimators.logistic.side import (
    COLUMN,
    LARGE,
    LOWER,
    SLOPE,
    TERM,
    UPPER,
    WITHOUT_ALL,
    Fitted,
    grouped,
    profiled,
)
from cohortium.estimators.regression.fitted import TermTest
from cohortium.estimators.regression.newton import Ended
from cohortium.estimators.regression.quadratic import quadratic
from cohortium.estimators.regression.refusals import column_refusals
from cohortium.estimators.regression.search import NOT_FOUND, Search

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cohortium.estimators.contract import Reals
    from cohortium.estimators.logistic.jobs import Job
    from cohortium.estimators.logistic.spec import LogisticSpec

ONLY_EVENTS = "every patient of this level has the event"


def estimated(spec: LogisticSpec, fitted: Fitted, jobs: Mapping[tuple[str, int], Job]) -> LogisticEstimate:
    """The estimate, when all that was sought beside the maximum has ended."""
    if fitted.peak is None:
        found = _by_maximum_likelihood(spec, fitted, jobs)
    elif fitted.penalized is None:
        found = _failed(spec, fitted)
    else:
        found = _penalized(spec, fitted, fitted.penalized, jobs)
    for array in (found.coefficients, found.covariance):
        array.flags.writeable = False
    left = int((found.counts.n - fitted.setting.n) if spec.strata else 0)
    setting = fitted.setting
    score = setting.to_printed @ found.beta if found.beta.size else found.beta
    slope, large = (_recalibrated(jobs, name, at) for name, at in ((SLOPE, 1), (LARGE, 0)))
    found = replace(found, score=score, counted=setting.counted)
    return replace(found, strata_left_out=left, slope=slope, large=large)


def _by_maximum_likelihood(spec: LogisticSpec, fitted: Fitted, jobs: Mapping[tuple[str, int], Job]) -> LogisticEstimate:
    end, null, setting = fitted.end, fitted.null, fitted.setting
    if end is None or null is None:
        raise TypeError("the fit has not ended")
    k = spec.n_constants
    dependent, infinite = end.dependent[k:], end.infinite[k:]
    beta = setting.start + end.beta
    free = ~end.dependent
    block = np.ix_(free, free)
    step = np.linalg.solve(null.information[block], null.score[free]) if free.any() else np.zeros(0)
    coefficients = np.where(dependent | infinite, np.nan, beta[k:])
    covariance = end.covariance[k:, k:].copy()
    own = np.flatnonzero(~dependent)
    wald = float("nan")
    if own.size and not infinite.any():
        wald = quadratic(covariance[np.ix_(own, own)], coefficients[own])
    return LogisticEstimate(
        spec=spec,
        counts=setting.counts,
        coefficients=coefficients,
        covariance=covariance,
        log_likelihood_null=null.log_likelihood,
        log_likelihood=end.final.log_likelihood,
        score_test=float(step @ null.score[free]),
        wald_test=wald,
        df=int((~dependent).sum()),
        evaluations=end.evaluations,
        refusals=column_refusals(spec, setting.counts, dependent, infinite, only_events=ONLY_EVENTS),
        constant=_constant(spec, fitted, beta, end.covariance, end.dependent),
        beta=beta,
        profile=_profile(spec, ~end.dependent, end.final.log_likelihood, jobs),
        term_tests=_refit_tests(spec, end, jobs),
        dependent=dependent,
    )


def _constant(
    spec: LogisticSpec, fitted: Fitted, beta: Reals, covariance: Reals, dependent: np.ndarray
) -> Recalibration | None:
    """The constant as printed, from coefficients about the origin."""
    if spec.n_constants != 1:
        return None
    weights = np.where(dependent, 0.0, fitted.setting.to_printed[0])
    used = weights != 0.0
    part = covariance[np.ix_(used, used)]
    with np.errstate(invalid="ignore"):
        error = float(np.sqrt(weights[used] @ part @ weights[used]))
    return Recalibration(float(weights @ beta) if np.isfinite(error) else float("nan"), error)


def _refit_tests(spec: LogisticSpec, end: Ended, jobs: Mapping[tuple[str, int], Job]) -> dict[str, TermTest]:
    tests = {}
    for i, term in enumerate(spec.tested_terms):
        reduced = jobs[TERM, i].state if (TERM, i) in jobs else None
        if isinstance(reduced, Ended):
            found = reduced.final.log_likelihood
            fall = max(0.0, 2 * (end.final.log_likelihood - found)) if reduced.converged else float("nan")
            tests[term.name] = TermTest(found, fall, int(reduced.dependent.sum() - end.dependent.sum()))
    return tests


def _profile(spec: LogisticSpec, free: np.ndarray, peak: float, jobs: Mapping[tuple[str, int], Job]) -> Profile | None:
    """Tests and limits of the searches, None when there were none."""
    if not any(name == COLUMN for name, _ in jobs):
        return None
    lower, upper, statistics = np.full((3, 1 + len(spec.columns)), np.nan)
    place, problems = np.cumsum(free) - 1, {}
    for j in profiled(spec, free):
        at = 1 + j - spec.n_constants
        statistics[at] = _fall(jobs[COLUMN, j], peak)
        missing = []
        for side, limits, name in ((LOWER, lower, "lower"), (UPPER, upper, "upper")):
            search = jobs[side, j].state
            if isinstance(search, Search) and not search.failed:
                limits[at] = search.proposal[place[j]]
            else:
                missing.append(name)
        if missing:
            problems[at] = f"no {' and '.join(missing)} limit: {NOT_FOUND}"
    return Profile(lower, upper, statistics, problems)


def _fall(job: Job, peak: float) -> float:
    """The likelihood-ratio statistic of a search for a lower maximum, NaN when it was not found."""
    search = job.state
    if not isinstance(search, Search) or search.failed or search.best is None:
        return float("nan")
    return max(2 * (peak - search.best.value), 0.0)


def _penalized(
    spec: LogisticSpec, fitted: Fitted, peak: Search, jobs: Mapping[tuple[str, int], Job]
) -> LogisticEstimate:
    free, setting, k = fitted.free, fitted.setting, spec.n_constants
    at = None if fitted.peak is None else fitted.peak.last
    if free is None or at is None or peak.best is None or fitted.augmented is None:
        raise TypeError("a search that has ended was evaluated")
    block = np.ix_(free, free)
    covariances = np.full((2, spec.size, spec.size), np.nan)
    for covariance, information in zip(covariances, (at.information, fitted.augmented), strict=True):
        covariance[block] = np.linalg.inv(information[block])
    chosen = covariances[1 if spec.errors == "augmented" else 0]
    beta = np.zeros(spec.size)
    beta[free] = peak.proposal
    beta = setting.from_printed @ beta
    dependent, own = ~free[k:], np.flatnonzero(free[k:])
    coefficients, value = np.where(dependent, np.nan, beta[k:]), peak.best.value
    null = value - _fall(jobs[WITHOUT_ALL, 0], value) / 2
    profile = _profile(spec, free, value, jobs)
    constants = [_constant(spec, fitted, beta, covariance, ~free) for covariance in covariances]
    return LogisticEstimate(
        spec=spec,
        counts=setting.counts,
        coefficients=coefficients,
        covariance=chosen[k:, k:].copy(),
        log_likelihood_null=null,
        log_likelihood=value,
        score_test=float("nan"),
        wald_test=quadratic(chosen[k:, k:][np.ix_(own, own)], coefficients[own]),
        df=int(own.size),
        evaluations=peak.evaluations + (fitted.end.evaluations if fitted.end else 0),
        refusals=column_refusals(spec, setting.counts, dependent, np.zeros_like(dependent)),
        constant=constants[1 if spec.errors == "augmented" else 0],
        augmented=_printed(fitted, covariances[1], free),
        beta=beta,
        profile=profile,
        term_tests=_penalized_tests(spec, free, value, profile, jobs),
        is_penalized=True,
        instead_of=_instead_of(spec, fitted),
        dependent=dependent,
    )


def _printed(fitted: Fitted, covariance: Reals, free: np.ndarray) -> Reals:
    """The covariance of printed coefficients, NaN for those that carry no information."""
    to = fitted.setting.to_printed[np.ix_(free, free)]
    printed = np.full_like(covariance, np.nan)
    printed[np.ix_(free, free)] = to @ covariance[np.ix_(free, free)] @ to.T
    return printed


def _penalized_tests(
    spec: LogisticSpec, free: np.ndarray, value: float, profile: Profile | None, jobs: Mapping[tuple[str, int], Job]
) -> dict[str, TermTest]:
    tests, together = {}, grouped(spec)
    for i, term in enumerate(spec.tested_terms):
        columns = [j for j, column in enumerate(spec.columns) if column.term is term]
        if i in together:
            statistic = _fall(jobs[TERM, i], value)
        else:
            statistic = float("nan") if profile is None else float(profile.statistics[1 + columns[0]])
        df = sum(bool(free[spec.n_constants + j]) for j in columns)
        tests[term.name] = TermTest(value - statistic / 2, statistic, df)
    return tests


def _instead_of(spec: LogisticSpec, fitted: Fitted) -> dict[str, str]:
    if fitted.end is None:
        return {}
    k = spec.n_constants
    infinite = fitted.end.infinite[k:]
    return column_refusals(spec, fitted.setting.counts, np.zeros_like(infinite), infinite, only_events=ONLY_EVENTS)


def _failed(spec: LogisticSpec, fitted: Fitted) -> LogisticEstimate:
    """Without the penalized fit that was asked for."""
    search = None if fitted.peak is None else fitted.peak.state
    evaluations = search.evaluations if isinstance(search, Search) else 0
    why = f"the penalized likelihood was not maximized in {evaluations} evaluations"
    if spec.penalty == "firth" or fitted.end is None:
        return refused(spec, fitted.setting.counts, why)
    found = _by_maximum_likelihood(spec, fitted._replace(peak=None), {})
    return replace(found, refusals={name: f"{reason}; {why}" for name, reason in found.refusals.items()})


def _recalibrated(jobs: Mapping[tuple[str, int], Job], name: str, at: int) -> Recalibration | None:
    end = jobs[name, 0].state if (name, 0) in jobs else None
    if not isinstance(end, Ended) or not end.converged or (end.dependent | end.infinite)[at]:
        return None
    # The fit begins where the multiple of the linear predictor is 1 and the constant 0.
    return Recalibration(float(end.beta[at]) + at, float(np.sqrt(end.covariance[at, at])))
