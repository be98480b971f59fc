"""Totals to the next parameters of a Fine-Gray model, or to its estimate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.contract import Done, Next
from cohortium.estimators.fine_gray.censoring import censoring_influence, uncensored_before
from cohortium.estimators.fine_gray.estimate import estimated, refused
from cohortium.estimators.fine_gray.residuals import ResidualTables, stratum_tables
from cohortium.estimators.fine_gray.risk_sets import RiskSets, risk_sets
from cohortium.estimators.fine_gray.summaries import GAIN, GRAM, MOMENTS, RESIDUALS, SUMS
from cohortium.estimators.regression.counts import Counts, read_counts
from cohortium.estimators.regression.newton import Ended, Evaluation, Path, advance, begin, halve, is_worse
from cohortium.totals import Params

if TYPE_CHECKING:
    from cohortium.estimators.contract import Integers, Reals, Step
    from cohortium.estimators.fine_gray.spec import FineGraySpec
    from cohortium.totals import Totals


@dataclass(frozen=True)
class _Memory:
    """What the center keeps between rounds.

    censoring  shape (groups, times, 2): rows that leave with an event, and censored; None when it lies inside sites
    before     shape (groups, times): probability of being uncensored just before each time; None likewise
    deaths     shape (strata, times): events of the cause; None where strata lie inside sites
    sets       risk sets of all strata at the last coefficients; empty where strata lie inside sites
    end        the fit, once it has ended
    """

    counts: Counts
    n_others: int
    center: Reals
    mean_square: Reals
    censoring: Integers | None
    before: Reals | None
    deaths: Integers | None
    path: Path | None = None
    sets: tuple[RiskSets, ...] = ()
    end: Ended | None = None


@dataclass(frozen=True)
class _HalfEvaluated:
    """What the center keeps between the sums and the Gram matrix of one evaluation."""

    memory: _Memory
    log_likelihood: float
    score: Reals


def solve(spec: FineGraySpec, totals: Totals, step: Next) -> Step:
    """The next round, or the estimate."""
    phase, beta = int(step.params["phase"]), step.params["beta"]
    if phase == MOMENTS:
        return _after_moments(spec, totals)
    if phase == GRAM:
        half: _HalfEvaluated = step.memory
        outer = np.sum([s.outer for s in half.memory.sets], axis=0)
        gram = totals["gram"]
        found = Evaluation(beta, half.log_likelihood, half.score, np.asarray(gram - outer), np.diag(gram))
        return _evaluated(spec, half.memory, found)
    memory: _Memory = step.memory
    if phase == GAIN:
        return _ask_residuals(spec, memory, totals["gain"])
    if phase == RESIDUALS:
        return _estimate(spec, memory, totals["middle"])
    if spec.nested:
        parts = (totals["score"], totals["information"], totals["moment"])
        return _evaluated(spec, memory, Evaluation(beta, float(totals["log_likelihood"]), *parts))
    return _after_sums(spec, totals, memory, beta)


def _after_moments(spec: FineGraySpec, totals: Totals) -> Step:
    counts, n_others = read_counts(totals), int(totals["n_others"])
    if counts.n == 0:
        return Done(refused(spec, counts, n_others, "no patients with complete covariates"))
    if counts.n_events == 0:
        return Done(refused(spec, counts, n_others, "no events of the cause"))
    censoring = None if spec.is_local else totals["censoring"]
    memory = _Memory(
        counts=counts,
        n_others=n_others,
        center=totals["event_column_sum"] / counts.n_events,
        mean_square=totals["square_sum"] / counts.n,
        censoring=censoring,
        before=None if censoring is None else uncensored_before(censoring),
        deaths=None if spec.nested else totals["deaths"],
    )
    return _ask(spec, SUMS, memory, np.zeros(len(spec.columns)))


def _ask(spec: FineGraySpec, phase: int, memory: _Memory, beta: Reals, **tables: Reals) -> Next:
    """A round at some coefficients; where strata lie inside sites, the distribution of censoring goes along."""
    params = {"phase": phase, "beta": beta, "center": memory.center, **tables}
    if spec.nested and memory.before is not None:
        params["before"] = memory.before
    return Next(Params(params), memory)


def _after_sums(spec: FineGraySpec, totals: Totals, memory: _Memory, beta: Reals) -> Step:
    before, deaths = memory.before, memory.deaths
    if before is None or deaths is None:
        raise TypeError("risk sets that reach over sites need counts of censorings and events from all of them")
    tables = zip(totals["leaving"], totals["others"], deaths, strict=True)
    sets = tuple(risk_sets(leaving, others, died, before) for leaving, others, died in tables)
    log_likelihood = float(totals["eta_deaths"]) - sum(s.log_sum for s in sets)
    if memory.path is not None and is_worse(memory.path, log_likelihood):
        path = halve(memory.path)
        return _ask(spec, SUMS, replace(memory, path=path), path.proposal)
    score = np.asarray(totals["event_sum"] - np.sum([s.mean_sum for s in sets], axis=0))
    memory = replace(memory, sets=sets)
    hazard = np.concatenate([s.hazard.ravel() for s in sets])
    asked = _ask(spec, GRAM, memory, beta, hazard=hazard)
    return Next(asked.params, _HalfEvaluated(memory, log_likelihood, score))


def _evaluated(spec: FineGraySpec, memory: _Memory, found: Evaluation) -> Step:
    if memory.path is None:
        onward = begin(found, memory.mean_square, memory.counts.n_events, memory.counts.n_events)
    else:
        onward = advance(memory.path, found)
    if isinstance(onward, Path):
        return _ask(spec, SUMS, replace(memory, path=onward), onward.proposal)
    if not onward.converged:
        problem = f"no convergence after {onward.evaluations} evaluations"
        return Done(refused(spec, memory.counts, memory.n_others, problem))
    memory = replace(memory, end=onward)
    if (onward.dependent | onward.infinite).all():
        return _estimate(spec, memory, None)
    if spec.nested and not spec.is_local:
        return _ask(spec, GAIN, memory, onward.final.beta)
    return _ask_residuals(spec, memory, None)


def _ask_residuals(spec: FineGraySpec, memory: _Memory, gain: Reals | None) -> Step:
    """The round of the variance, with what the sites do not know of one another.

    gain  shape (groups, times, p): where strata lie inside sites but the distribution of censoring does not
    """
    beta = _ended(memory).final.beta
    if spec.is_local:
        return _ask(spec, RESIDUALS, memory, beta)
    censoring = memory.censoring
    if censoring is None:
        raise TypeError("a distribution of censoring that reaches over sites needs counts from all of them")
    if gain is not None:
        return _ask(spec, RESIDUALS, memory, beta, influence=censoring_influence(censoring, gain))
    influence = censoring_influence(censoring, np.sum([s.gain for s in memory.sets], axis=0))
    found = [stratum_tables(s, influence) for s in memory.sets]
    p = len(spec.columns)
    tables = ResidualTables(
        np.concatenate([t.hazard.ravel() for t in found]),
        np.concatenate([t.pull.reshape(-1, p) for t in found]),
        np.concatenate([t.rest.reshape(-1, p) for t in found]),
    )
    return _ask(spec, RESIDUALS, memory, beta, **tables._asdict())


def _estimate(spec: FineGraySpec, memory: _Memory, middle: Reals | None) -> Done:
    return Done(estimated(spec, memory.counts, memory.n_others, _ended(memory), middle))


def _ended(memory: _Memory) -> Ended:
    if memory.end is None:
        raise TypeError("the variance follows a fit that has ended")
    return memory.end
