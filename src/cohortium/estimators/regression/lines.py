"""A line for every number, level of a category, knot of a spline and column of a product."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.regression.counts import level_table
from cohortium.estimators.regression.design import restricted_cubic
from cohortium.estimators.regression.effects import contrast_effect, effect_rows
from cohortium.estimators.regression.terms import (
    JOIN,
    Column,
    FactorTerm,
    ProductTerm,
    SplineTerm,
    columns_of_term,
    first_fastest,
)
from cohortium.results import Statistic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cohortium.estimators.contract import Task
    from cohortium.estimators.regression.fitted import Fitted
    from cohortium.estimators.regression.terms import MainTerm, Term


def term_rows(task: Task, estimate: Fitted, term: Term) -> list[Statistic]:
    """The rows of one term."""
    base = partial(Statistic, analysis=task.analysis, method=estimate.method, model=task.model, variable=term.variable)
    if isinstance(term, FactorTerm):
        return _with_caution(list(_factor(base, estimate, term)), estimate, term)
    if isinstance(term, SplineTerm):
        return _with_caution(list(_spline(base, estimate, term)), estimate, term)
    if isinstance(term, ProductTerm):
        return list(_product(base, estimate, term))
    (j,) = positions(estimate, term)
    counts = (estimate.counts.n, estimate.counts.n_events)
    row = partial(base, n=estimate.counts.n)
    rows = count_rows(base, counts) + effect_rows(row, estimate, estimate.effect(j), term.note)
    return _with_caution(rows, estimate, term)


def positions(estimate: Fitted, term: Term) -> list[int]:
    """Positions of a term's columns."""
    return [j for j, column in enumerate(estimate.spec.columns) if column.term is term]


def count_rows(row: partial[Statistic], counts: tuple[int, int]) -> list[Statistic]:
    """Patients and events."""
    n, n_events = counts
    return [
        row(statistic="n", value=n, n=n, format="count"),
        row(statistic="events", value=n_events, n=n, denominator=n, format="count"),
    ]


def _factor(base: partial[Statistic], estimate: Fitted, term: FactorTerm) -> Iterator[Statistic]:
    levels = level_table(estimate.spec, estimate.counts)
    columns = {estimate.spec.columns[j].level: j for j in positions(estimate, term)}
    for level, label in enumerate(term.factor.labels):
        row = partial(base, level=label)
        yield from count_rows(row, levels[f"{term.variable}[{label}]"])
        if level == term.reference:
            yield row(statistic=estimate.ratio, value=1.0, format="ratio", note="reference")
        else:
            effect = estimate.effect(columns[level])
            yield from effect_rows(partial(row, n=estimate.counts.n), estimate, effect)


def _spline(base: partial[Statistic], estimate: Fitted, term: SplineTerm) -> Iterator[Statistic]:
    """Ratios between the knots, which can be read, then the coefficients, which cannot."""
    row = partial(base, n=estimate.counts.n)
    at = positions(estimate, term)
    basis = np.array([restricted_cubic(np.array(term.knots), term.knots, j) for j in range(len(at))])
    middle = len(term.knots) // 2
    for position, knot in enumerate(term.knots):
        if position == middle:
            yield row(statistic=estimate.ratio, level=f"{knot:g}", value=1.0, format="ratio", note="reference")
            continue
        contrast = np.zeros(len(estimate.spec.columns))
        contrast[at] = basis[:, position] - basis[:, middle]
        rows = effect_rows(partial(row, level=f"{knot:g}"), estimate, contrast_effect(estimate, contrast), term.note)
        yield from (r for r in rows if r.statistic in (estimate.ratio, "p-value"))
    for j in at:
        named = partial(row, level=estimate.spec.columns[j].name)
        yield from effect_rows(named, estimate, estimate.effect(j), term.note, prefix="spline-")


def _product(base: partial[Statistic], estimate: Fitted, term: ProductTerm) -> Iterator[Statistic]:
    """Ratios of ratios; for combinations with a reference level the ratio is 1."""
    counts = level_table(estimate.spec, estimate.counts)
    columns = {estimate.spec.columns[j].parts: j for j in positions(estimate, term)}
    for parts in first_fastest([_all_columns(part) for part in term.parts]):
        row = partial(base, level=Column(term, parts=parts).label)
        cell = JOIN.join(part.name for part in parts if isinstance(part.term, FactorTerm))
        if (counted := counts.get(cell) if cell else (estimate.counts.n, estimate.counts.n_events)) is not None:
            yield from count_rows(row, counted)
        if parts in columns:
            effect = estimate.effect(columns[parts])
            yield from effect_rows(partial(row, n=estimate.counts.n), estimate, effect, term.note)
        else:
            yield row(statistic=estimate.ratio, value=1.0, format="ratio", note="reference")


def _all_columns(part: MainTerm) -> list[Column]:
    """The columns of a term, a category's reference level included."""
    if isinstance(part, FactorTerm):
        return [Column(part, level) for level in range(len(part.factor))]
    return columns_of_term(part)


def _with_caution(rows: list[Statistic], estimate: Fitted, term: MainTerm) -> list[Statistic]:
    """What a main effect is the effect of when the model holds its interaction."""
    others = {
        part.variable: part
        for product in estimate.spec.terms
        if isinstance(product, ProductTerm) and any(part.variable == term.variable for part in product.parts)
        for part in product.parts
        if part.variable != term.variable
    }
    if not others:
        return rows
    where = " and ".join(_origin(part) for part in others.values())
    text = f"with an interaction in the model this is the effect where {where}"
    return [_cautioned(row, text) if row.statistic == estimate.ratio else row for row in rows]


def _origin(part: MainTerm) -> str:
    if isinstance(part, FactorTerm):
        return f"{part.variable} is {part.factor.labels[part.reference]}"
    return f"{part.variable} is 0"


def _cautioned(row: Statistic, text: str) -> Statistic:
    if row.note == "reference" or row.value is None:
        return row
    return replace(row, warning="; ".join(filter(None, [row.warning, text])))
