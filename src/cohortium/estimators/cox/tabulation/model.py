"""Counts, likelihoods and tests of a model as a whole."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.cox.firth.stage import firth_refusal
from cohortium.estimators.cox.tabulation.effects import penalized
from cohortium.estimators.regression.effects import FIRTH_PENALIZED, ROBUST_ERRORS
from cohortium.estimators.regression.term_tests import NOT_ESTIMATED
from cohortium.estimators.regression.whole import NO_SCORE_TEST, instead_of_sentence, test_pair
from cohortium.estimators.wording import left_out
from cohortium.results import Statistic
from cohortium.study.analyses.time_dependent import counted_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cohortium.estimators.contract import Task
    from cohortium.estimators.cox.estimate import CoxEstimate


def model_rows(task: Task, estimate: CoxEstimate) -> list[Statistic]:
    """Patients, events, rows left out, degrees of freedom, log likelihoods, and the tests of all coefficients."""
    counts = estimate.counts
    row = partial(
        Statistic,
        analysis=task.analysis,
        method="cox",
        model=task.model,
        variable=task.variable,
        n=counts.n,
        note=_note(estimate),
        warning=_warning(estimate),
    )
    missing = counts.missing + counts.missing_stratum + counts.invalid_entry + counts.invalid_weight
    return [
        row(statistic="model-n", value=counts.n, format="count"),
        row(statistic="model-events", value=counts.n_events, format="count"),
        row(statistic="model-missing", value=missing, format="count"),
        row(statistic="model-df", value=estimate.df, format="count"),
        row(statistic="log-likelihood-null", value=_known(estimate.log_likelihood_null)),
        row(statistic="log-likelihood", value=_known(estimate.log_likelihood)),
        *_tests(row, estimate),
    ]


def _note(estimate: CoxEstimate) -> str:
    parts = [estimate.spec.note, estimate.spec.grid.note]
    if penalized(estimate):
        parts.append(FIRTH_PENALIZED)
    if estimate.spec.is_robust:
        parts.append(ROBUST_ERRORS)
    return "; ".join(filter(None, parts))


def _warning(estimate: CoxEstimate) -> str:
    counts = estimate.counts
    left = left_out(
        (counts.missing, "a value not known"),
        (counts.missing_stratum, "stratum not known"),
        (counts.invalid_weight, "a weight that is not above 0"),
        (counts.invalid_entry, "follow-up that does not end after entry"),
        what=counted_in(estimate.spec.population),
    )
    if estimate.problem:
        return estimate.problem
    return "; ".join(filter(None, [penalty_sentence(estimate), no_penalty_sentence(estimate), left]))


def no_penalty_sentence(estimate: CoxEstimate) -> str:
    """Why a model that needs the penalty has none; empty when it has it, or does not need or want it."""
    needed = estimate.fit is not None and bool(estimate.fit.infinite.any())
    return firth_refusal(estimate.spec) if needed and estimate.spec.penalty == "if-needed" else ""


def penalty_sentence(estimate: CoxEstimate) -> str:
    """That the fit is penalized, and instead of what; empty for maximum likelihood."""
    found = penalized(estimate)
    return "" if found is None else instead_of_sentence(found.instead_of)


def _tests(row: partial[Statistic], estimate: CoxEstimate) -> Iterator[Statistic]:
    why = estimate.problem or NOT_ESTIMATED
    score = NO_SCORE_TEST if penalized(estimate) else why
    yield from test_pair(row, "likelihood-ratio", estimate.likelihood_ratio, estimate.df, why)
    yield from test_pair(row, "wald", estimate.wald_test, estimate.df, why)
    yield from test_pair(row, "score", estimate.score_test, estimate.df, score)
    if (robust := estimate.robust) is not None:
        yield from test_pair(row, "robust-wald", robust.wald_test, estimate.df, robust.problem or why)
        yield from test_pair(row, "robust-score", robust.score_test, estimate.df, robust.problem or why)


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
