"""A study's Cox analyses as tasks, and their estimates as rows of the results table."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.contract import Task
from cohortium.estimators.cox.solve import CoxEstimate, level_table
from cohortium.estimators.cox.spec import Column, CoxSpec, FactorTerm, NumberTerm, Term
from cohortium.estimators.distributions import chi_square_tail, normal_quantile, normal_two_sided
from cohortium.estimators.planning import factor_of, followup_grid, is_nested, strata_label, strata_of
from cohortium.estimators.wording import left_out
from cohortium.results import Statistic
from cohortium.study.analyses import Covariate, Cox

if TYPE_CHECKING:
    from cohortium.study.study import Study


def plan(study: Study, analysis: Cox) -> list[Task]:
    """The tasks of a `cox` analysis: the multivariable model and, if asked, each covariate alone."""
    terms = [_term(study, covariate) for covariate in analysis.covariates]

    def task(chosen: list[Term], model: str, variable: str, key: str) -> Task:
        spec = CoxSpec(
            time=f"{analysis.endpoint}__time",
            event=f"{analysis.endpoint}__event",
            grid=followup_grid(study),
            terms=tuple(chosen),
            strata=strata_of(study, analysis.strata),
            nested=is_nested(analysis.strata),
            ties=analysis.ties,
            confidence=analysis.confidence,
            note="; ".join(filter(None, [f"{analysis.ties.title()} ties", strata_label(study, analysis.strata)])),
        )
        return Task(key, "cox", spec, analysis.name, model, variable)

    tasks = [task(terms, "multivariable", "", f"{analysis.name}/multivariable")]
    if analysis.univariable:
        tasks += [
            task([term], "univariable", term.variable, f"{analysis.name}/univariable/{term.variable}") for term in terms
        ]
    return tasks


def _term(study: Study, given: str | Covariate) -> Term:
    covariate = Covariate(variable=given) if isinstance(given, str) else given
    variable = study.variable(covariate.variable)
    if variable.kind != "category" or covariate.as_number:
        note = f"per {covariate.per:g} {variable.unit}".rstrip() if covariate.per != 1.0 else ""
        return NumberTerm(covariate.variable, covariate.per, note)
    factor = factor_of(study, covariate.variable)
    reference = 0
    if covariate.reference is not None:
        known = factor.labels if covariate.reference in factor.labels else factor.codes
        reference = known.index(covariate.reference)
    return FactorTerm(factor, reference)


def tabulate(task: Task, estimate: CoxEstimate) -> list[Statistic]:
    """Rows of the results table: every term, then the model."""
    rows = [row for term in estimate.spec.terms for row in _term_rows(task, estimate, term)]
    return rows + _model_rows(task, estimate)


def _term_rows(task: Task, estimate: CoxEstimate, term: Term) -> list[Statistic]:
    base = partial(Statistic, analysis=task.analysis, method="cox", model=task.model, variable=term.variable)
    columns = {column.level: (j, column) for j, column in enumerate(estimate.spec.columns) if column.term is term}
    if isinstance(term, NumberTerm):
        j, column = columns[None]
        counts = (estimate.counts.n, estimate.counts.n_events)
        return _counts(base, counts) + _effect(base, estimate, j, column, term.note)
    rows: list[Statistic] = []
    levels = level_table(estimate.spec, estimate.counts)
    for level, label in enumerate(term.factor.labels):
        row = partial(base, level=label)
        rows += _counts(row, levels[f"{term.variable}[{label}]"])
        if level == term.reference:
            rows.append(row(statistic="hazard-ratio", value=1.0, format="ratio", note="reference"))
        else:
            j, column = columns[level]
            rows += _effect(row, estimate, j, column, "")
    return rows


def _counts(row: partial[Statistic], counts: tuple[int, int]) -> list[Statistic]:
    n, n_events = counts
    return [
        row(statistic="n", value=n, n=n, format="count"),
        row(statistic="events", value=n_events, n=n, denominator=n, format="count"),
    ]


def _effect(row: partial[Statistic], estimate: CoxEstimate, j: int, column: Column, note: str) -> list[Statistic]:
    spec = estimate.spec
    row = partial(row, n=estimate.counts.n)
    refusal = estimate.refusals.get(column.name, "")
    if refusal:
        refused = partial(row, value=None, note=note, warning=refusal)
        return [
            refused(statistic="coefficient"),
            refused(statistic="standard-error"),
            refused(statistic="hazard-ratio", format="ratio"),
            refused(statistic="p-value", format="p"),
        ]
    beta, se = float(estimate.coefficients[j]), float(estimate.standard_errors[j])
    half = normal_quantile(0.5 + spec.confidence / 2) * se
    limited = partial(row, confidence=spec.confidence, note=note)
    ratio, low, high = (float(np.exp(x)) for x in (beta, beta - half, beta + half))
    return [
        limited(statistic="coefficient", value=beta, lower=beta - half, upper=beta + half),
        row(statistic="standard-error", value=se, note=note),
        limited(statistic="hazard-ratio", value=ratio, lower=low, upper=high, format="ratio"),
        row(statistic="p-value", value=normal_two_sided(beta / se), format="p", note="Wald test"),
    ]


def _model_rows(task: Task, estimate: CoxEstimate) -> list[Statistic]:
    counts, spec = estimate.counts, estimate.spec
    row = partial(
        Statistic,
        analysis=task.analysis,
        method="cox",
        model=task.model,
        variable=task.variable,
        n=counts.n,
        note=spec.note,
        warning=estimate.problem
        or left_out((counts.missing, "a value not known"), (counts.missing_stratum, "stratum not known")),
    )
    rows = [
        row(statistic="model-n", value=counts.n, format="count"),
        row(statistic="model-events", value=counts.n_events, format="count"),
        row(statistic="model-missing", value=counts.missing + counts.missing_stratum, format="count"),
        row(statistic="model-df", value=estimate.df, format="count"),
        row(statistic="log-likelihood-null", value=_known(estimate.log_likelihood_null)),
        row(statistic="log-likelihood", value=_known(estimate.log_likelihood)),
    ]
    for name, value in (
        ("likelihood-ratio", estimate.likelihood_ratio),
        ("wald", estimate.wald_test),
        ("score", estimate.score_test),
    ):
        if np.isfinite(value) and estimate.df > 0:
            tail = chi_square_tail(value, estimate.df)
            rows += [row(statistic=name, value=value), row(statistic=f"{name}-p", value=tail, format="p")]
        else:
            why = estimate.problem or "a coefficient has no finite estimate"
            rows += [row(statistic=test, value=None, warning=why) for test in (name, f"{name}-p")]
    return rows


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
