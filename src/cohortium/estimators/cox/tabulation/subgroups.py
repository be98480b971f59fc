"""One covariate's effect within the levels of another, from the model with their interaction."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.cox.tabulation.effects import coefficient_effect
from cohortium.estimators.regression.counts import level_table
from cohortium.estimators.regression.effects import contrast_effect, effect_rows
from cohortium.estimators.regression.lines import count_rows, positions
from cohortium.estimators.regression.term_tests import test_rows
from cohortium.estimators.regression.terms import FactorTerm, ProductTerm
from cohortium.results import Statistic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cohortium.estimators.contract import Task
    from cohortium.estimators.cox.estimate import CoxEstimate

_NAMES = {
    "term-likelihood-ratio": "interaction-chi-square",
    "term-likelihood-ratio-p": "interaction-p",
    "term-wald": "interaction-wald",
    "term-wald-p": "interaction-wald-p",
    "term-df": "interaction-df",
}


def subgroup_rows(task: Task, estimate: CoxEstimate) -> list[Statistic]:
    """The effect at every level of the other covariate and the test of interaction; without one, the effect in all."""
    row = partial(Statistic, analysis=task.analysis, method="cox", model=task.model, variable=task.variable)
    product = estimate.spec.terms[-1]
    if not task.variable or not isinstance(product, ProductTerm):
        return list(_overall(row, estimate))
    return [*_levels(row, estimate, product), *_interaction(row, estimate, task, product)]


def _overall(row: partial[Statistic], estimate: CoxEstimate) -> Iterator[Statistic]:
    chosen = _effect_columns(estimate)
    if len(chosen) == 1:
        yield from count_rows(row, (estimate.counts.n, estimate.counts.n_events))
        yield from effect_rows(partial(row, n=estimate.counts.n), estimate, coefficient_effect(estimate, chosen[0]))


def _levels(row: partial[Statistic], estimate: CoxEstimate, product: ProductTerm) -> Iterator[Statistic]:
    by = product.parts[1]
    if not isinstance(by, FactorTerm):
        raise TypeError("subgroups are the levels of a category")
    counts = level_table(estimate.spec, estimate.counts)
    chosen = _effect_columns(estimate)
    for level, label in enumerate(by.factor.labels):
        for j in chosen:
            contrast = np.zeros(len(estimate.spec.columns))
            contrast[j] = 1.0
            for k in positions(estimate, product):
                first, second = estimate.spec.columns[k].parts
                if second.level == level and first == estimate.spec.columns[j]:
                    contrast[k] = 1.0
            name = label if len(chosen) == 1 else f"{label}, {estimate.spec.columns[j].label}"
            named, (n, n_events) = partial(row, level=name), counts[f"{by.variable}[{label}]"]
            yield from count_rows(named, (n, n_events))
            effect = contrast_effect(estimate, contrast)
            if n == 0:
                effect = effect._replace(refusal="no patients in this level")
            yield from effect_rows(partial(named, n=n), estimate, effect)


def _interaction(
    row: partial[Statistic], estimate: CoxEstimate, task: Task, product: ProductTerm
) -> Iterator[Statistic]:
    for test in test_rows(task, estimate, product):
        yield row(
            statistic=_NAMES[test.statistic],
            value=test.value,
            n=test.n,
            format=test.format,
            note=test.note,
            warning=test.warning,
        )


def _effect_columns(estimate: CoxEstimate) -> list[int]:
    effect = next(term for term in estimate.spec.terms if term.name == estimate.spec.effect)
    return positions(estimate, effect)
