"""Totals to the next parameters of a Cox model, or to its estimate.

First the fit, then a fit without each term where tests of terms are asked for, then the stages of sequence.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.contract import Done, Next
from cohortium.estimators.cox.estimate import CoxEstimate, estimated, refused
from cohortium.estimators.cox.firth.stage import wanted as firth_wanted
from cohortium.estimators.cox.follow import Following, first_after, next_after
from cohortium.estimators.cox.stages import Fit
from cohortium.estimators.cox.summaries import GRAM, MOMENTS, SUMS
from cohortium.estimators.cox.ties import RiskTerms, risk_terms
from cohortium.estimators.regression.counts import Counts, level_table, read_counts
from cohortium.estimators.regression.fitted import TermTest
from cohortium.estimators.regression.newton import Ended, Evaluation, Path, advance, begin, halve, is_worse, without
from cohortium.totals import Params

if TYPE_CHECKING:
    from cohortium.estimators.contract import Reals, Step
    from cohortium.estimators.cox.spec import CoxSpec
    from cohortium.totals import Totals

__all__ = ["Counts", "CoxEstimate", "level_table", "solve"]


NOT_SUMMED = (
    "with late entry, weights or offsets of rows at risk at one time are too small beside those at other times to be "
    "added up; leave out the rows with the smallest or largest, or bound them"
)


@dataclass(frozen=True)
class _Fitted:
    """The fit of the whole model, and how far its tests of terms are."""

    end: Ended
    estimate: CoxEstimate
    tests: tuple[TermTest, ...] = ()


@dataclass(frozen=True)
class _Memory:
    """What the center keeps between rounds.

    tables  totals of the `sums` round at beta = 0 and at the last coefficients, where risk sets are shared
    fitted  None until the whole model has been fitted
    """

    counts: Counts
    center: Reals
    mean_square: Reals
    event_weight: float
    path: Path | None = None
    tables: tuple[Totals, Totals] | None = None
    fitted: _Fitted | None = None


@dataclass(frozen=True)
class _HalfEvaluated:
    """What the center keeps between the sums and the Gram matrix of one evaluation."""

    memory: _Memory
    log_likelihood: float
    score: Reals
    outer: Reals


def solve(spec: CoxSpec, totals: Totals, step: Next) -> Step:
    """The next round, or the estimate."""
    phase = int(step.params["phase"])
    if phase == MOMENTS:
        return _after_moments(spec, totals)
    if isinstance(step.memory, Following):
        return next_after(spec, totals, step.memory)
    beta = step.params["beta"]
    if phase == GRAM:
        half: _HalfEvaluated = step.memory
        gram = totals["gram"]
        found = Evaluation(beta, half.log_likelihood, half.score, np.asarray(gram - half.outer), np.diag(gram))
        return _evaluated(spec, half.memory, found)
    memory: _Memory = step.memory
    if spec.nested:
        found = Evaluation(
            beta, float(totals["log_likelihood"]), totals["score"], totals["information"], totals["moment"]
        )
        return _evaluated(spec, memory, found)
    return _after_sums(spec, totals, memory, beta)


def _after_moments(spec: CoxSpec, totals: Totals) -> Step:
    counts = read_counts(totals)
    if counts.n == 0:
        return Done(refused(spec, counts, "no patients with complete covariates"))
    if counts.n_events == 0:
        return Done(refused(spec, counts, "no events"))
    memory = _Memory(
        counts=counts,
        center=totals["event_column_sum"] / counts.n_events,
        mean_square=totals["square_sum"] / counts.n,
        event_weight=float(totals.get("event_weight", counts.n_events)),
    )
    return _evaluate_at(memory, np.zeros(len(spec.columns)))


def _evaluate_at(memory: _Memory, beta: Reals) -> Next:
    return Next(Params({"phase": SUMS, "beta": beta, "center": memory.center}), memory)


def _after_sums(spec: CoxSpec, totals: Totals, memory: _Memory, beta: Reals) -> Step:
    bounds = np.arange(spec.n_strata + 1) * spec.grid.size
    terms: RiskTerms = risk_terms(
        totals["all_rows"],
        totals["deaths"],
        totals["n_deaths"],
        bounds,
        spec.ties,
        totals.get("entering"),
        totals.get("death_weight"),
    )
    log_likelihood = float(totals["eta_deaths"]) - terms.log_sum
    if memory.path is not None and is_worse(memory.path, log_likelihood):
        path = halve(memory.path)
        return _evaluate_at(replace(memory, path=path), path.proposal)
    score = np.asarray(totals["event_sum"] - terms.mean_sum)
    memory = replace(memory, tables=(totals if memory.tables is None else memory.tables[0], totals))
    params = Params(
        {
            "phase": GRAM,
            "beta": beta,
            "center": memory.center,
            "hazard": terms.hazard,
            "death_part": terms.death_part,
        }
    )
    return Next(params, _HalfEvaluated(memory, log_likelihood, score, terms.outer))


def _evaluated(spec: CoxSpec, memory: _Memory, found: Evaluation) -> Step:
    if memory.path is None and not found.is_summed:
        return Done(refused(spec, memory.counts, NOT_SUMMED))
    if memory.path is None:
        onward = begin(found, memory.mean_square, memory.counts.n_events, memory.event_weight)
    else:
        onward = advance(memory.path, found)
    if isinstance(onward, Path):
        return _evaluate_at(replace(memory, path=onward), onward.proposal)
    if memory.fitted is not None:
        return _next_test(spec, memory, _with_test(memory.fitted, onward))
    if not onward.converged:
        return Done(refused(spec, memory.counts, f"no convergence after {onward.evaluations} evaluations"))
    return _next_test(spec, memory, _Fitted(onward, estimated(spec, _fit(memory, onward), onward)))


def _fit(memory: _Memory, end: Ended) -> Fit:
    return Fit(
        counts=memory.counts,
        beta=end.beta,
        center=memory.center,
        covariance=end.covariance,
        dependent=end.dependent,
        infinite=end.infinite,
        null=end.null,
        final=end.final,
        tables=memory.tables,
    )


def _next_test(spec: CoxSpec, memory: _Memory, fitted: _Fitted) -> Step:
    """The first evaluation without the next term, or what follows when all terms have been tested."""
    # A penalized fit brings its own tests.
    has_own = fitted.estimate.fit is not None and firth_wanted(spec, fitted.estimate.fit)
    terms = () if has_own else spec.tested_terms
    while len(fitted.tests) < len(terms):
        term = terms[len(fitted.tests)]
        path = without(fitted.end, np.array([column.term is term for column in spec.columns]))
        if isinstance(path, Path):
            return _evaluate_at(replace(memory, path=path, fitted=fitted), path.proposal)
        fitted = _with_test(fitted, path)
    tests = {term.name: test for term, test in zip(terms, fitted.tests, strict=True)}
    return first_after(spec, replace(fitted.estimate, term_tests=tests))


def _with_test(fitted: _Fitted, reduced: Ended) -> _Fitted:
    found = reduced.final.log_likelihood
    statistic = max(0.0, 2 * (fitted.end.final.log_likelihood - found)) if reduced.converged else float("nan")
    df = int(reduced.dependent.sum() - fitted.end.dependent.sum())
    return replace(fitted, tests=(*fitted.tests, TermTest(found, statistic, df)))
