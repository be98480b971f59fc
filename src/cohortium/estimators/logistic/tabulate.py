"""The estimate of a logistic model as rows of the results table: every term, the model, its performance."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.logistic.tabulate_risks import risk_rows
from cohortium.estimators.regression.effects import FIRTH_PENALIZED, PROFILE_LIMITS
from cohortium.estimators.regression.lines import term_rows
from cohortium.estimators.regression.term_tests import NOT_ESTIMATED, test_rows
from cohortium.estimators.regression.whole import NO_SCORE_TEST, instead_of_sentence, test_pair
from cohortium.estimators.weighting.e_value_rows import e_value_rows
from cohortium.estimators.wording import left_out
from cohortium.results import Statistic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cohortium.estimators.contract import Task
    from cohortium.estimators.logistic.estimate import LogisticEstimate

WALD_LIMITS = "Wald limits"
CONDITIONAL = "likelihood given the events of each stratum"


def tabulate(task: Task, estimate: LogisticEstimate) -> list[Statistic]:
    """Rows of the results table."""
    terms = estimate.spec.terms
    rows = [row for term in terms for row in term_rows(task, estimate, term)]
    rows += e_value_rows(rows, estimate.spec.e_value)
    rows += _other_intervals(task, estimate)
    rows += [row for term in terms for row in test_rows(task, estimate, term)]
    return [*rows, *_model_rows(task, estimate), *risk_rows(task, estimate)]


def _other_intervals(task: Task, estimate: LogisticEstimate) -> Iterator[Statistic]:
    """Each odds ratio with the interval that is not printed beside it, where both are known."""
    if estimate.profile is None:
        return
    other = "profile" if estimate.interval == "wald" else "wald"
    for j, column in enumerate(estimate.spec.columns):
        effect = estimate.effect_by(j, other)
        if effect.refusal:
            continue
        with np.errstate(over="ignore"):
            value, lower, upper = (_known(float(np.exp(x))) for x in (effect.value, effect.lower, effect.upper))
        yield Statistic(
            analysis=task.analysis,
            method=estimate.method,
            model=task.model,
            variable=column.term.variable,
            level=column.label,
            statistic=f"odds-ratio-{other}",
            value=value,
            lower=lower,
            upper=upper,
            confidence=estimate.spec.confidence,
            n=estimate.counts.n,
            format="ratio",
            note=WALD_LIMITS if other == "wald" else PROFILE_LIMITS,
            warning=effect.caution,
        )


def _model_rows(task: Task, estimate: LogisticEstimate) -> list[Statistic]:
    """Patients, events, rows left out, log likelihoods, the constant, and the tests of all coefficients."""
    counts = estimate.counts
    row = partial(
        Statistic,
        analysis=task.analysis,
        method=estimate.method,
        model=task.model,
        variable=task.variable,
        n=counts.n,
        note=_note(estimate),
        warning=_warning(estimate),
    )
    missing = counts.missing + counts.missing_stratum + counts.invalid_weight
    why = estimate.problem or NOT_ESTIMATED
    return [
        row(statistic="model-n", value=counts.n, format="count"),
        row(statistic="model-events", value=counts.n_events, format="count"),
        row(statistic="model-missing", value=missing, format="count"),
        row(statistic="model-df", value=estimate.df, format="count"),
        row(statistic="log-likelihood-null", value=_known(estimate.log_likelihood_null)),
        row(statistic="log-likelihood", value=_known(estimate.log_likelihood)),
        *_constant(row, estimate),
        *test_pair(row, "likelihood-ratio", estimate.likelihood_ratio, estimate.df, why),
        *test_pair(row, "wald", estimate.wald_test, estimate.df, why),
        *test_pair(row, "score", estimate.score_test, estimate.df, NO_SCORE_TEST if estimate.is_penalized else why),
    ]


def _constant(row: partial[Statistic], estimate: LogisticEstimate) -> Iterator[Statistic]:
    if estimate.spec.n_constants != 1:
        return
    effect = estimate.constant_effect()
    if effect is None:
        why = estimate.problem or NOT_ESTIMATED
        yield from (row(statistic=f"constant{end}", value=None, warning=why) for end in ("", "-standard-error"))
        return
    limits = {"lower": _known(effect.lower), "upper": _known(effect.upper), "confidence": estimate.spec.confidence}
    yield row(statistic="constant", value=effect.value, **limits)
    yield row(statistic="constant-standard-error", value=effect.standard_error)


def _note(estimate: LogisticEstimate) -> str:
    parts = [estimate.spec.note]
    if estimate.spec.conditional:
        parts.append(CONDITIONAL)
    return "; ".join(filter(None, [*parts, FIRTH_PENALIZED if estimate.is_penalized else ""]))


def _warning(estimate: LogisticEstimate) -> str:
    counts = estimate.counts
    left = left_out(
        (counts.missing, "a value not known"),
        (counts.missing_stratum, "stratum not known"),
        (counts.invalid_weight, "a weight that is not above 0"),
    )
    silent = ""
    if estimate.strata_left_out:
        patients = "1 patient is" if estimate.strata_left_out == 1 else f"{estimate.strata_left_out} patients are"
        silent = f"{patients} in strata where all or none have the event, which say nothing of the covariates"
    return estimate.problem or "; ".join(filter(None, [penalty_sentence(estimate), silent, left]))


def penalty_sentence(estimate: LogisticEstimate) -> str:
    """That the fit is penalized, and instead of what; empty for maximum likelihood."""
    return instead_of_sentence(estimate.instead_of) if estimate.is_penalized else ""


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
