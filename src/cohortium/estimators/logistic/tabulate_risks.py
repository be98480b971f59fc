"""Discrimination and calibration of a logistic model as rows of the results table."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.distributions import normal_quantile
from cohortium.estimators.proportions.intervals import proportion_limits
from cohortium.results import Statistic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cohortium.estimators.contract import Task
    from cohortium.estimators.logistic.estimate import LogisticEstimate, Recalibration

APPARENT = "apparent, in the patients of the fit"
IN_STEPS = "DeLong interval; predicted risks in steps of 0.001"
JOINT = "slope of the observed outcome on the predicted log odds"
IN_THE_LARGE = "constant of the observed outcome with the predicted log odds as offset"
WEIGHTED = "counts patients once, and the model has weights"


def risk_rows(task: Task, estimate: LogisticEstimate) -> list[Statistic]:
    """Area under the curve, calibration slope and constant, and each group by predicted risk; none when not asked for."""
    spec = estimate.spec
    if not spec.risk_groups or spec.conditional:
        return []
    row = partial(
        Statistic,
        analysis=task.analysis,
        method=estimate.method,
        model=task.model,
        variable=task.variable,
        n=estimate.counts.n,
    )
    return [*_area(row, estimate), *_recalibrations(row, estimate), *_groups(row, estimate)]


def _area(row: partial[Statistic], estimate: LogisticEstimate) -> Iterator[Statistic]:
    found = estimate.discrimination
    note = f"{IN_STEPS}; {APPARENT}"
    if found is None:
        why = _why(estimate)
        yield row(statistic="auc", value=None, note=note, warning=why)
        yield row(statistic="auc-standard-error", value=None, note=note, warning=why)
        return
    caution = WEIGHTED if estimate.spec.weight else ""
    if not np.isfinite(found.standard_error):
        why = "too few patients with or without the event for an interval"
        yield row(statistic="auc", value=found.area, note=note, warning=why)
        yield row(statistic="auc-standard-error", value=None, note=note, warning=why)
        return
    limits = {"lower": found.lower, "upper": found.upper, "confidence": estimate.spec.confidence}
    yield row(statistic="auc", value=found.area, **limits, note=note, warning=caution)
    yield row(statistic="auc-standard-error", value=found.standard_error, note=note, warning=caution)


def _recalibrations(row: partial[Statistic], estimate: LogisticEstimate) -> Iterator[Statistic]:
    for name, found, what in (
        ("calibration-slope", estimate.slope, JOINT),
        ("calibration-intercept", estimate.large, IN_THE_LARGE),
    ):
        named = partial(row, statistic=name, note=f"{what}; {APPARENT}")
        yield named(value=None, warning=_why(estimate)) if found is None else _with_limits(named, estimate, found)


def _with_limits(row: partial[Statistic], estimate: LogisticEstimate, found: Recalibration) -> Statistic:
    half = normal_quantile(0.5 + estimate.spec.confidence / 2) * found.standard_error
    limits = {"lower": found.value - half, "upper": found.value + half}
    return row(value=found.value, **limits, confidence=estimate.spec.confidence)


def _groups(row: partial[Statistic], estimate: LogisticEstimate) -> Iterator[Statistic]:
    confidence = estimate.spec.confidence
    for position, group in enumerate(estimate.risk_groups):
        named = partial(row, level=str(position + 1), n=group.n)
        limits = proportion_limits(group.n_events, group.n, "wilson", confidence)
        yield named(statistic="risk-group-predicted", value=group.predicted / group.n, note="mean predicted risk")
        yield named(
            statistic="risk-group-observed",
            value=group.n_events / group.n,
            lower=limits.lower,
            upper=limits.upper,
            confidence=confidence,
            denominator=group.n,
            note="Wilson interval",
        )
        yield named(statistic="risk-group-events", value=group.n_events, denominator=group.n, format="count")


def _why(estimate: LogisticEstimate) -> str:
    refused = "" if estimate.has_risks else "; ".join(dict.fromkeys(estimate.refusals.values()))
    return estimate.problem or refused or "predicted risks do not differ"
