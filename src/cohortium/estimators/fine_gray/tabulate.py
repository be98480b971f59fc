"""A Fine-Gray model as rows of the results table: every term, then the model."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.cox.counts import level_table
from cohortium.estimators.cox.terms import FactorTerm, NumberTerm
from cohortium.estimators.distributions import chi_square_tail, normal_quantile, normal_two_sided
from cohortium.estimators.wording import left_out
from cohortium.results import Statistic

if TYPE_CHECKING:
    from cohortium.estimators.contract import Task
    from cohortium.estimators.cox.terms import Term
    from cohortium.estimators.fine_gray.estimate import FineGrayEstimate

_RATIO = "subdistribution-hazard-ratio"
_ROBUST = "robust standard errors, the estimated distribution of censoring allowed for"
_PSEUDO = "from the pseudo-likelihood; only without censoring does it have the distribution of its p-value"


def tabulate(task: Task, estimate: FineGrayEstimate) -> list[Statistic]:
    """Rows of the results table."""
    rows = [row for term in estimate.spec.terms for row in _term_rows(task, estimate, term)]
    return rows + _model_rows(task, estimate)


def _term_rows(task: Task, estimate: FineGrayEstimate, term: Term) -> list[Statistic]:
    base = partial(Statistic, analysis=task.analysis, method="fine-gray", model=task.model, variable=term.variable)
    places = {column.level: j for j, column in enumerate(estimate.spec.columns) if column.term is term}
    counts = estimate.counts
    if not isinstance(term, FactorTerm):
        note = term.note if isinstance(term, NumberTerm) else ""
        (j,) = places.values()
        return _counts(base, (counts.n, counts.n_events)) + _effect(base, estimate, j, note)
    rows: list[Statistic] = []
    levels = level_table(estimate.spec.rows, counts)
    for level, label in enumerate(term.factor.labels):
        row = partial(base, level=label)
        rows += _counts(row, levels[f"{term.variable}[{label}]"])
        if level == term.reference:
            rows.append(row(statistic=_RATIO, value=1.0, format="ratio", note="reference"))
        else:
            rows += _effect(row, estimate, places[level], "")
    return rows


def _counts(row: partial[Statistic], counts: tuple[int, int]) -> list[Statistic]:
    n, n_events = counts
    return [
        row(statistic="n", value=n, n=n, format="count"),
        row(statistic="events", value=n_events, n=n, denominator=n, format="count"),
    ]


def _effect(row: partial[Statistic], estimate: FineGrayEstimate, j: int, note: str) -> list[Statistic]:
    spec = estimate.spec
    row = partial(row, n=estimate.counts.n)
    refusal = estimate.refusals.get(spec.columns[j].name, "")
    if refusal:
        refused = partial(row, value=None, note=note, warning=refusal)
        return [
            refused(statistic="coefficient"),
            refused(statistic="standard-error"),
            refused(statistic=_RATIO, format="ratio"),
            refused(statistic="p-value", format="p"),
        ]
    beta, se = float(estimate.coefficients[j]), float(estimate.standard_errors[j])
    caution = "" if se > 0 else "too few rows for a standard error"
    half = normal_quantile(0.5 + spec.confidence / 2) * se
    with np.errstate(over="ignore"):
        ratio, low, high = (float(np.exp(x)) for x in (beta, beta - half, beta + half))
    note = "; ".join(filter(None, [note, _ROBUST]))
    limited = partial(row, confidence=spec.confidence, note=note, warning=caution)
    p_value = normal_two_sided(beta / se) if se > 0 else None
    return [
        limited(statistic="coefficient", value=beta, lower=beta - half, upper=beta + half),
        row(statistic="standard-error", value=se, note=note, warning=caution),
        limited(statistic=_RATIO, value=_known(ratio), lower=_known(low), upper=_known(high), format="ratio"),
        row(statistic="p-value", value=p_value, format="p", note="Wald test", warning=caution),
    ]


def _model_rows(task: Task, estimate: FineGrayEstimate) -> list[Statistic]:
    counts, spec = estimate.counts, estimate.spec
    unknown = "a value not known" if spec.censoring is None else "a value or the group of censoring not known"
    row = partial(
        Statistic,
        analysis=task.analysis,
        method="fine-gray",
        model=task.model,
        variable=task.variable,
        n=counts.n,
        note="; ".join(filter(None, [spec.note, spec.grid.note])),
        warning=estimate.problem or left_out((counts.missing, unknown), (counts.missing_stratum, "stratum not known")),
    )
    return [
        row(statistic="model-n", value=counts.n, format="count"),
        row(statistic="model-events", value=counts.n_events, format="count"),
        row(statistic="model-competing-events", value=estimate.n_others, format="count"),
        row(statistic="model-missing", value=counts.missing + counts.missing_stratum, format="count"),
        row(statistic="model-df", value=estimate.df, format="count"),
        row(statistic="log-likelihood-null", value=_known(estimate.log_likelihood_null)),
        row(statistic="log-likelihood", value=_known(estimate.log_likelihood)),
        *_test(row, estimate, "likelihood-ratio", estimate.likelihood_ratio, _PSEUDO),
        *_test(row, estimate, "wald", estimate.wald_test, spec.note),
        *_bound(row, estimate),
    ]


def _bound(row: partial[Statistic], estimate: FineGrayEstimate) -> list[Statistic]:
    """Where follow-up is counted in weeks or months: how far the coefficients can be from those in days."""
    grid = estimate.spec.grid
    if not grid.note:
        return []
    of = partial(row, statistic="grid-bound", level="coefficient", note=grid.note)
    why = "not bounded for a Fine-Gray model"
    return [of(value=0.0, warning="") if grid.kept else of(value=None, warning=why)]


def _test(
    row: partial[Statistic], estimate: FineGrayEstimate, name: str, statistic: float, note: str
) -> list[Statistic]:
    if np.isfinite(statistic) and estimate.df > 0:
        tail = chi_square_tail(statistic, estimate.df)
        return [
            row(statistic=name, value=statistic, note=note),
            row(statistic=f"{name}-p", value=tail, format="p", note=note),
        ]
    why = estimate.problem or (
        "a coefficient has no finite estimate" if estimate.refusals else "fewer rows than coefficients"
    )
    return [row(statistic=test, value=None, note=note, warning=why) for test in (name, f"{name}-p")]


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
