"""A study's outcomes by site as tasks, and their counts as rates with exact limits and control limits."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.between_sites.control import binomial_control, poisson_control, poisson_limits
from cohortium.estimators.between_sites.outcomes import (
    SiteOutcomesSpec,
    prepare,
    shapes,
    size,
    solve,
    start,
    summarize,
)
from cohortium.estimators.contract import Estimator, Task, no_params
from cohortium.estimators.planning import factor_of, followup_of
from cohortium.estimators.proportions.intervals import proportion_limits
from cohortium.estimators.proportions.tabulate_rates import outcome_of
from cohortium.estimators.wording import left_out
from cohortium.results import Statistic
from cohortium.study.variables import SITE

if TYPE_CHECKING:
    from cohortium.estimators.between_sites.outcomes import SiteOutcomesEstimate
    from cohortium.estimators.proportions.intervals import Limits
    from cohortium.study.analyses import SiteOutcomes
    from cohortium.study.study import Study

LEVELS = {"control-95": 0.95, "control-998": 0.998}
"""Control limits by the name of their statistic."""

_POINTS = 60
_HUNDRED = 100.0
_NOBODY, _NO_TIME = "no patients", "no follow-up"


def plan(study: Study, analysis: SiteOutcomes) -> list[Task]:
    """The one task of a `site-outcomes` analysis."""
    site, level = factor_of(study, SITE), analysis.confidence
    if analysis.outcome is not None:
        o = analysis.outcome
        made = outcome_of(study, o.label, o.variable, o.levels, analysis.not_evaluable)
        spec = SiteOutcomesSpec(site, made, confidence=level)
        return [Task(analysis.name, "site-outcomes", spec, analysis.name, variable=o.variable)]
    follow = followup_of(study, analysis.endpoint or "", nested=True)
    spec = SiteOutcomesSpec(
        site,
        time=follow.time,
        event=follow.event,
        confidence=level,
        year=12 * study.file.time.month_days,
        population=follow.population,
    )
    return [Task(analysis.name, "site-outcomes", spec, analysis.name, variable=analysis.endpoint or "")]


def tabulate(task: Task, estimate: SiteOutcomesEstimate) -> list[Statistic]:
    """Each site's count and rate, all sites together, and the control limits at each site's size and on a grid."""
    spec = estimate.spec
    row = partial(Statistic, analysis=task.analysis, method="site-outcomes", variable=task.variable)
    overall = (int(estimate.n_with.sum()), _exposure(spec, int(estimate.n.sum()), int(estimate.days.sum())))
    rows: list[Statistic] = []
    for i, label in enumerate(spec.site.labels):
        n, x, missing, days = (int(a[i]) for a in (estimate.n, estimate.n_with, estimate.n_missing, estimate.days))
        said = left_out((missing, "value not known"))
        rows += _rate(partial(row, level=label, n=n), spec, (n, x, days), said)
        rows += _control(partial(row, level=label, n=n), spec, overall, _exposure(spec, n, days))
    said = left_out((int(estimate.n_missing.sum()), "value not known"), (estimate.no_site, "institution not known"))
    whole = (int(estimate.n.sum()), overall[0], int(estimate.days.sum()))
    rows += _rate(partial(row, n=whole[0]), spec, whole, said)
    return [*rows, *_funnel(row, estimate, overall)]


def _exposure(spec: SiteOutcomesSpec, n: int, days: int) -> float:
    """Patients, or hundreds of years of follow-up."""
    return float(n) if spec.outcome else days / spec.year / _HUNDRED


def _rate(
    row: partial[Statistic], spec: SiteOutcomesSpec, counts: tuple[int, int, int], said: str
) -> Iterator[Statistic]:
    n, x, days = counts
    yield row(statistic="n", value=n, format="count", warning=said)
    yield row(statistic="events", value=x, denominator=n, format="count")
    exposure = _exposure(spec, n, days)
    if not spec.outcome:
        yield row(statistic="follow-up", value=days / spec.year, unit="years", format="number:1")
    of = partial(row, confidence=spec.confidence, note=_note(spec))
    name, unit, form = _named(spec)
    if not exposure:
        yield of(statistic=name, value=None, unit=unit, format=form, warning=_NO_TIME if n else _NOBODY)
        return
    limits = (
        proportion_limits(x, n, "exact", spec.confidence)
        if spec.outcome
        else poisson_limits(x, exposure, spec.confidence)
    )
    value, lower, upper = (_scaled(spec, number) for number in (x / exposure, *limits))
    yield of(statistic=name, value=value, lower=lower, upper=upper, unit=unit, format=form)


def _named(spec: SiteOutcomesSpec) -> tuple[str, str, str]:
    return ("percent", "percent", "percent") if spec.outcome else ("rate", "per 100 years", "number:1")


def _note(spec: SiteOutcomesSpec) -> str:
    return "exact interval (Clopper-Pearson)" if spec.outcome else "exact interval (Garwood)"


def _scaled(spec: SiteOutcomesSpec, value: float) -> float:
    return _HUNDRED * value if spec.outcome else value


def _control(
    row: partial[Statistic], spec: SiteOutcomesSpec, overall: tuple[int, float], exposure: float, **more: float
) -> Iterator[Statistic]:
    """Control limits around all sites together at one size."""
    _, unit, form = _named(spec)
    for name, level in LEVELS.items():
        of = partial(row, statistic=name, unit=unit, format=form, confidence=level, **more)
        if not exposure or not overall[1]:
            yield of(value=None, warning=_NO_TIME if overall[1] and spec.outcome is None else _NOBODY)
            continue
        center = overall[0] / overall[1]
        lower, upper = (_scaled(spec, limit) for limit in _limits(spec, center, exposure, level))
        yield of(value=_scaled(spec, center), lower=lower, upper=upper, note="exact control limits")


def _limits(spec: SiteOutcomesSpec, center: float, exposure: float, level: float) -> Limits:
    if spec.outcome:
        return binomial_control(center, round(exposure), level)
    return poisson_control(center, exposure, level)


def _funnel(row: partial[Statistic], estimate: SiteOutcomesEstimate, overall: tuple[int, float]) -> Iterator[Statistic]:
    """The limits over the range of sizes of sites: patients, or years of follow-up, stand in `time`."""
    spec = estimate.spec
    largest = int(estimate.n.max(initial=0)) if spec.outcome else float(estimate.days.max(initial=0)) / spec.year
    if not overall[1] or not largest:
        return
    if spec.outcome:
        sizes = np.unique(np.rint(np.geomspace(1, 1.1 * largest + 1, _POINTS)))
    else:
        sizes = np.geomspace(largest / 50, 1.1 * largest, _POINTS)
    for at in sizes.tolist():
        exposure = at if spec.outcome else at / _HUNDRED
        yield from _control(row, spec, overall, exposure, time=float(at))


ESTIMATOR = Estimator("site-outcomes", plan, size, no_params, start, shapes, prepare, summarize, solve, tabulate)
"""Outcomes of sites: counts, in one round."""
