"""Each term of a model as a whole: Wald and likelihood-ratio tests of all its coefficients together."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.distributions import chi_square_tail
from cohortium.estimators.regression.lines import positions
from cohortium.estimators.regression.terms import SplineTerm, product_with
from cohortium.results import Statistic

if TYPE_CHECKING:
    from cohortium.estimators.contract import Task
    from cohortium.estimators.regression.fitted import Fitted
    from cohortium.estimators.regression.terms import Term

NOT_ESTIMATED = "a coefficient has no finite estimate"
NOT_INDEPENDENT = (
    "a likelihood-ratio test takes rows as independent and of weight 1; with a robust variance the Wald test is valid"
)


def test_rows(task: Task, estimate: Fitted, term: Term) -> list[Statistic]:
    """Degrees of freedom, Wald test, likelihood-ratio test where asked for, and for a spline the test of its bends."""
    row = partial(
        Statistic,
        analysis=task.analysis,
        method=estimate.method,
        model=task.model,
        variable=term.variable,
        n=estimate.counts.n,
    )
    columns = positions(estimate, term)
    if (product := product_with(term, estimate.spec.terms)) is not None:
        why = f"a test of {term.name} would depend on reference levels; see the test of {product.name}"
        return _tested(row, "term-wald", float("nan"), 0, why, "")
    rows = _tested(row, "term-wald", *term_wald(estimate, columns), _wald_refusal(estimate, columns), "Wald test")
    df = row(statistic="term-df", value=term_wald(estimate, columns)[1], format="count")
    rows = [df, *rows, *_likelihood_ratio(row, estimate, term)]
    if isinstance(term, SplineTerm):
        bends = columns[1:]
        value, n_bends = term_wald(estimate, bends)
        refusal = _wald_refusal(estimate, bends)
        rows += _tested(row, "term-nonlinear-wald", value, n_bends, refusal, "Wald test of the bends")
    return rows


def term_wald(estimate: Fitted, columns: list[int]) -> tuple[float, int]:
    """Wald statistic of some columns together, and its degrees of freedom."""
    return estimate.wald(np.isin(np.arange(len(estimate.spec.columns)), columns))


def _likelihood_ratio(row: partial[Statistic], estimate: Fitted, term: Term) -> list[Statistic]:
    spec = estimate.spec
    if spec.term_tests and spec.is_robust:
        return _tested(row, "term-likelihood-ratio", float("nan"), 0, NOT_INDEPENDENT, "")
    if all(tested is not term for tested in spec.tested_terms):
        return []
    test = estimate.term_tests.get(term.name)
    if test is None:
        return _tested(row, "term-likelihood-ratio", float("nan"), 0, estimate.problem or NOT_ESTIMATED, "")
    name = "penalized likelihood-ratio test" if estimate.is_penalized else "likelihood-ratio test"
    refusal = (
        "no information beyond the covariates before it" if test.df == 0 else "the fit without it did not converge"
    )
    return _tested(row, "term-likelihood-ratio", test.statistic, test.df, refusal, name)


def _wald_refusal(estimate: Fitted, columns: list[int]) -> str:
    names = [estimate.spec.columns[j].name for j in columns]
    reasons = [estimate.refusals[name] for name in names if name in estimate.refusals]
    return estimate.problem or "; ".join(dict.fromkeys(reasons)) or NOT_ESTIMATED


def _tested(row: partial[Statistic], name: str, statistic: float, df: int, refusal: str, test: str) -> list[Statistic]:
    if df == 0 or not np.isfinite(statistic):
        return [row(statistic=one, value=None, warning=refusal) for one in (name, f"{name}-p")]
    p = chi_square_tail(statistic, df)
    return [row(statistic=name, value=statistic, note=test), row(statistic=f"{name}-p", value=p, format="p", note=test)]
