"""Totals to the next parameters of a logistic model, or to its estimate.

First the model without covariates where it has no closed form, then the whole model by Newton's method; where a
penalty is wanted, its maximum; then all tests and limits side by side; last, rows by predicted risk.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.contract import Done, Next
from cohortium.estimators.logistic.estimate import refused, with_risks
from cohortium.estimators.logistic.finish import estimated
from cohortium.estimators.logistic.jobs import Job, NotBegun, Point, all_onward
from cohortium.estimators.logistic.performance import RiskCells
from cohortium.estimators.logistic.rounds import MOMENTS, PENALTY, RISKS, SUMS
from cohortium.estimators.logistic.setting import problem_of, setting_of
from cohortium.estimators.logistic.side import FULL, NULL, Fitted, first_peak, side_jobs
from cohortium.estimators.regression.counts import read_counts
from cohortium.estimators.regression.newton import CONSTANT, Ended, dependent_columns
from cohortium.totals import Params

if TYPE_CHECKING:
    from cohortium.estimators.contract import Reals, Step
    from cohortium.estimators.logistic.estimate import LogisticEstimate
    from cohortium.estimators.logistic.origin import Setting
    from cohortium.estimators.logistic.spec import LogisticSpec
    from cohortium.totals import Totals


@dataclass(frozen=True)
class _Memory:
    """What the center keeps between rounds.

    moments    totals of the first round
    jobs       what the round is for
    free       shape (q,): columns that carry information, with a penalty; None before they are known
    null       the model without covariates
    main       the fit by maximum likelihood, None until it has ended
    peak       the penalized maximum, None until it is found or when there is none
    augmented  information of the augmented data at the penalized maximum
    half       points whose penalty is being asked for
    """

    setting: Setting
    moments: Totals
    jobs: tuple[Job, ...]
    penalized: bool = False
    free: np.ndarray | None = None
    null: Point | None = None
    main: Job | None = None
    peak: Job | None = None
    augmented: Reals | None = None
    half: tuple[Point, ...] = ()


@dataclass(frozen=True)
class _Counting:
    """The estimate, while rows are counted by predicted risk."""

    estimate: LogisticEstimate


def solve(spec: LogisticSpec, totals: Totals, step: Next) -> Step:
    """The next round, or the estimate."""
    phase = int(step.params["phase"])
    if phase == MOMENTS:
        return _after_moments(spec, totals)
    if phase == RISKS:
        counting: _Counting = step.memory
        return Done(with_risks(counting.estimate, RiskCells(totals["risk_counts"], totals["risk_sums"])))
    memory: _Memory = step.memory
    if phase == PENALTY:
        extra = zip(memory.half, totals["score"], totals["augmented"], strict=True)
        found = [(point._replace(penalty_score=score), augmented) for point, score, augmented in extra]
        memory = replace(memory, augmented=found[0][1] if memory.peak is None else memory.augmented)
        return _after(spec, memory, [point for point, _ in found])
    names = ("log_likelihood", "score", "information")
    parts = zip(step.params["candidates"], *(totals[name] for name in names), strict=True)
    points = [Point(beta, float(value), u, info, 0.0, np.zeros_like(u)) for beta, value, u, info in parts]
    return _ask_penalty(memory, points) if memory.penalized else _after(spec, memory, points)


def _after_moments(spec: LogisticSpec, totals: Totals) -> Step:
    counts = read_counts(totals)
    if problem := problem_of(spec, counts, totals):
        return Done(refused(spec, counts, problem))
    everywhere = spec.penalty == "firth" and not spec.conditional
    setting = setting_of(spec, counts, totals, all_strata=everywhere)
    if everywhere and spec.strata:
        # A stratum without both outcomes has no finite constant but with the penalty, so the penalized fit comes first.
        return _ask(_Memory(setting, totals, (first_peak(setting, np.ones(spec.size, bool)),), penalized=True))
    q, n_constants = spec.size, spec.n_constants
    columns = np.eye(q) if setting.solved else np.eye(q)[:, :n_constants]
    state = NotBegun(setting.mean_square[: columns.shape[1]], setting.n, setting.mass)
    return _ask(_Memory(setting, totals, (Job((FULL if setting.solved else NULL, 0), setting.start, columns, state),)))


def _ask(memory: _Memory) -> Next:
    candidates = np.stack([job.candidate for job in memory.jobs if not job.is_over])
    return Next(_params(memory.setting, SUMS, candidates=candidates), memory)


def _params(setting: Setting, phase: int, **others: Reals) -> Params:
    return Params({"phase": phase, "center": setting.center, "counted": setting.counted, **others})


def _ask_penalty(memory: _Memory, points: list[Point]) -> Next:
    """What the penalty adds, given the inverse of the information of all sites."""
    free = memory.free
    if free is None:
        information = points[0].information
        constant = np.diag(information) <= CONSTANT * memory.setting.mass * memory.setting.mean_square
        free = ~dependent_columns(information, np.diag(information).copy(), constant)
        memory = replace(memory, free=free, jobs=(first_peak(memory.setting, free),))
    inverses = np.zeros((len(points), free.size, free.size))
    half = []
    for at, point in enumerate(points):
        inverse, penalty = inverse_and_penalty(point.information[np.ix_(free, free)])
        inverses[at][np.ix_(free, free)] = inverse
        half.append(point._replace(penalty=penalty))
    candidates = np.stack([point.beta for point in points])
    memory = replace(memory, half=tuple(half))
    return Next(_params(memory.setting, PENALTY, candidates=candidates, inverse=inverses), memory)


def inverse_and_penalty(information: Reals) -> tuple[Reals, float]:
    """The inverse and half the log determinant; zeros and minus infinity where it is singular to rounding."""
    scale = np.sqrt(np.maximum(np.diag(information), 0.0))
    if not (scale > 0).all():
        return np.zeros_like(information), -np.inf
    try:
        root = np.linalg.cholesky(information / np.outer(scale, scale))
    except np.linalg.LinAlgError:
        return np.zeros_like(information), -np.inf
    half = np.linalg.inv(root) / scale
    return half.T @ half, float(np.log(np.diag(root)).sum() + np.log(scale).sum())


def _after(spec: LogisticSpec, memory: _Memory, found: list[Point]) -> Step:
    jobs = all_onward(memory.jobs, found)
    memory = replace(memory, jobs=jobs)
    if memory.null is None and not memory.penalized:
        # The first evaluation of the whole model, or every one of the model without covariates.
        memory = replace(memory, null=jobs[0].last if jobs[0].name[0] == FULL else None)
    if not all(job.is_over for job in jobs):
        return _ask(memory)
    stage = jobs[0].name[0]
    if stage == NULL:
        return _begin_main(spec, memory, jobs[0])
    if memory.main is None and not memory.penalized:
        return _after_main(spec, replace(memory, main=jobs[0]))
    if memory.penalized and memory.peak is None:
        return _side(spec, replace(memory, peak=jobs[0]))
    return _finish(spec, memory)


def _begin_main(spec: LogisticSpec, memory: _Memory, null: Job) -> Step:
    if null.last is None or (isinstance(null.state, Ended) and not null.state.converged):
        return Done(refused(spec, memory.setting.counts, "no convergence of the model without covariates"))
    setting = replace(memory.setting, start=null.last.beta)
    state = NotBegun(setting.mean_square, setting.n, setting.mass)
    job = Job((FULL, 0), setting.start, np.eye(spec.size), state)
    memory = replace(memory, setting=setting, null=null.last)
    jobs = all_onward((job,), [null.last])
    return _after_main(spec, replace(memory, main=jobs[0])) if jobs[0].is_over else _ask(replace(memory, jobs=jobs))


def _after_main(spec: LogisticSpec, memory: _Memory) -> Step:
    end = memory.main.state if memory.main is not None else None
    if not isinstance(end, Ended):
        raise TypeError("the fit has not ended")
    if not end.converged:
        problem = f"no convergence after {end.evaluations} evaluations"
        return Done(refused(spec, memory.setting.counts, problem))
    needed = spec.penalty == "if-needed" and bool(end.infinite.any())
    carries = not end.dependent[spec.n_constants :].all()
    if spec.conditional or not (needed or (spec.penalty == "firth" and carries)):
        return _side(spec, memory)
    setting = memory.setting
    if spec.strata:
        setting = setting_of(spec, setting.counts, memory.moments, all_strata=True)
    everything = np.ones(spec.size, bool)
    return _ask(replace(memory, setting=setting, jobs=(first_peak(setting, everything),), penalized=True))


def _side(spec: LogisticSpec, memory: _Memory) -> Step:
    jobs = side_jobs(spec, _fitted(memory))
    memory = replace(memory, jobs=jobs)
    return _finish(spec, memory) if all(job.is_over for job in jobs) else _ask(memory)


def _fitted(memory: _Memory) -> Fitted:
    return Fitted(memory.setting, memory.null, memory.main, memory.peak, memory.free, memory.augmented)


def _finish(spec: LogisticSpec, memory: _Memory) -> Step:
    estimate = estimated(spec, _fitted(memory), {job.name: job for job in memory.jobs})
    if not spec.risk_groups or spec.conditional or not estimate.has_risks:
        return Done(estimate)
    return Next(_params(memory.setting, RISKS, beta=estimate.beta), _Counting(estimate))
