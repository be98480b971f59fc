"""Totals to the next parameters of a Cox model, or to its estimate."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cohortium.estimators.contract import Done, Integers, Next, Reals, Step
from cohortium.estimators.cox.newton import Ended, Evaluation, Path, advance, begin, halve, is_worse
from cohortium.estimators.cox.spec import CoxSpec, FactorTerm
from cohortium.estimators.cox.summaries import GRAM, MOMENTS, SUMS
from cohortium.estimators.cox.ties import RiskTerms, risk_terms
from cohortium.totals import Params, Totals


@dataclass(frozen=True)
class Counts:
    """Who was counted.

    level_counts  shape (levels, 2): patients and events of each level of the categorical covariates
    """

    n: int
    n_events: int
    missing: int
    missing_stratum: int
    level_counts: Integers


@dataclass(frozen=True)
class CoxEstimate:
    """A fitted Cox model.

    coefficients  shape (p,), NaN where refused
    covariance    shape (p, p), NaN where refused
    df            columns that carry information of their own: degrees of freedom of the tests
    refusals      column name to the reason why it has no estimate
    problem       why the whole model was refused; empty when it was not
    """

    spec: CoxSpec
    counts: Counts
    coefficients: Reals
    covariance: Reals
    log_likelihood_null: float
    log_likelihood: float
    score_test: float
    wald_test: float
    df: int
    evaluations: int
    refusals: dict[str, str]
    problem: str = ""

    @property
    def likelihood_ratio(self) -> float:
        """Likelihood-ratio statistic against no covariates."""
        return 2 * (self.log_likelihood - self.log_likelihood_null)

    @property
    def standard_errors(self) -> Reals:
        """Shape (p,)."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))


@dataclass(frozen=True)
class _Memory:
    """What the center keeps between rounds."""

    counts: Counts
    center: Reals
    mean_square: Reals
    path: Path | None = None


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
    counts = Counts(
        n=int(totals["n"]),
        n_events=int(totals["n_events"]),
        missing=int(totals["missing"]),
        missing_stratum=int(totals["missing_stratum"]),
        level_counts=totals["level_counts"],
    )
    if counts.n == 0:
        return Done(_refused(spec, counts, "no patients with complete covariates"))
    if counts.n_events == 0:
        return Done(_refused(spec, counts, "no events"))
    memory = _Memory(counts, totals["event_column_sum"] / counts.n_events, totals["square_sum"] / counts.n)
    return _evaluate_at(memory, np.zeros(len(spec.columns)))


def _evaluate_at(memory: _Memory, beta: Reals) -> Next:
    return Next(Params({"phase": SUMS, "beta": beta, "center": memory.center}), memory)


def _after_sums(spec: CoxSpec, totals: Totals, memory: _Memory, beta: Reals) -> Step:
    bounds = np.arange(spec.n_strata + 1) * spec.grid.size
    terms: RiskTerms = risk_terms(totals["all_rows"], totals["deaths"], totals["n_deaths"], bounds, spec.ties)
    log_likelihood = float(totals["eta_deaths"]) - terms.log_sum
    if memory.path is not None and is_worse(memory.path, log_likelihood):
        path = halve(memory.path)
        return _evaluate_at(replace(memory, path=path), path.proposal)
    score = np.asarray(totals["event_sum"] - terms.mean_sum)
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
    if memory.path is None:
        onward = begin(found, memory.mean_square, memory.counts.n_events)
    else:
        onward = advance(memory.path, found)
    if isinstance(onward, Path):
        return _evaluate_at(replace(memory, path=onward), onward.proposal)
    return Done(_estimate(spec, memory.counts, onward))


def _estimate(spec: CoxSpec, counts: Counts, end: Ended) -> CoxEstimate:
    if not end.converged:
        return _refused(spec, counts, f"no convergence after {end.evaluations} evaluations")
    refused = end.dependent | end.infinite
    free = ~end.dependent
    coefficients, covariance = np.where(refused, np.nan, end.beta), end.covariance.copy()
    coefficients.flags.writeable = covariance.flags.writeable = False
    null = end.null
    step = np.linalg.solve(null.information[np.ix_(free, free)], null.score[free]) if free.any() else np.zeros(0)
    return CoxEstimate(
        spec=spec,
        counts=counts,
        coefficients=coefficients,
        covariance=covariance,
        log_likelihood_null=null.log_likelihood,
        log_likelihood=end.final.log_likelihood,
        score_test=float(step @ null.score[free]),
        wald_test=_wald(end, free),
        df=int(free.sum()),
        evaluations=end.evaluations,
        refusals=_refusals(spec, counts, end),
    )


def _wald(end: Ended, free: np.ndarray) -> float:
    if end.infinite.any() or not free.any():
        return float("nan")
    beta = end.beta[free]
    return float(beta @ end.final.information[np.ix_(free, free)] @ beta)


def _refusals(spec: CoxSpec, counts: Counts, end: Ended) -> dict[str, str]:
    reasons: dict[str, str] = {}
    levels = level_table(spec, counts)
    for column, dependent, infinite in zip(spec.columns, end.dependent, end.infinite, strict=True):
        n, n_events = levels.get(column.name, (counts.n, counts.n_events))
        if dependent:
            reasons[column.name] = (
                "no information beyond the covariates before it" if n else "no patients in this level"
            )
        elif infinite:
            why = "" if n_events else "no events in this level; "
            reasons[column.name] = f"{why}separation: the coefficient has no finite maximum-likelihood estimate"
    return reasons


def level_table(spec: CoxSpec, counts: Counts) -> dict[str, tuple[int, int]]:
    """Patients and events of every level of every categorical covariate, by column name (`sex[Female]`)."""
    table: dict[str, tuple[int, int]] = {}
    position = 0
    for term in spec.terms:
        if isinstance(term, FactorTerm):
            for label in term.factor.labels:
                n, n_events = counts.level_counts[position]
                table[f"{term.variable}[{label}]"] = (int(n), int(n_events))
                position += 1
    return table


def _refused(spec: CoxSpec, counts: Counts, problem: str) -> CoxEstimate:
    p = len(spec.columns)
    nan = float("nan")
    return CoxEstimate(
        spec=spec,
        counts=counts,
        coefficients=np.full(p, nan),
        covariance=np.full((p, p), nan),
        log_likelihood_null=nan,
        log_likelihood=nan,
        score_test=nan,
        wald_test=nan,
        df=0,
        evaluations=0,
        refusals={column.name: problem for column in spec.columns},
        problem=problem,
    )
