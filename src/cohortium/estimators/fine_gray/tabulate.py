"""A Fine-Gray model as rows of the results table: every term, then the model."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.distributions import chi_square_tail
from cohortium.estimators.regression.lines import term_rows
from cohortium.estimators.wording import left_out
from cohortium.results import Statistic

if TYPE_CHECKING:
    from cohortium.estimators.contract import Task
    from cohortium.estimators.fine_gray.estimate import FineGrayEstimate

_PSEUDO = "from the pseudo-likelihood; only without censoring does it have the distribution of its p-value"


def tabulate(task: Task, estimate: FineGrayEstimate) -> list[Statistic]:
    """Rows of the results table."""
    rows = [row for term in estimate.spec.terms for row in term_rows(task, estimate, term)]
    return rows + _model_rows(task, estimate)


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
