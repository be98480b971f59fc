"""What was made after a fit, as rows of the results table."""

from __future__ import annotations

from functools import partial
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.cox.after.concordance import Kind, concordance_refusal
from cohortium.estimators.cox.after.proportional import GLOBAL, ProportionalTests
from cohortium.estimators.cox.after.schoenfeld import WIDTH
from cohortium.estimators.cox.stages import Refused
from cohortium.estimators.distributions import normal_quantile
from cohortium.estimators.wording import left_out
from cohortium.results import Statistic
from cohortium.study.analyses.time_dependent import counted_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from cohortium.estimators.contract import Task
    from cohortium.estimators.cox.after.concordance import ConcordanceIndex
    from cohortium.estimators.cox.after.prediction import Baseline, Prediction, Profile
    from cohortium.estimators.cox.after.schoenfeld import EffectCurve
    from cohortium.estimators.cox.estimate import CoxEstimate
    from cohortium.estimators.cox.spec import CoxSpec

NOT_FITTED = "the model was not fitted"
NO_EVENTS = "no events in this stratum"
BEYOND = "beyond the last follow-up of the stratum"
_SCALES = {
    "km": "score test on the Kaplan-Meier scale of time",
    "rank": "score test on the ranks of times",
    "identity": "score test on time itself",
    "log": "score test on the logarithm of time",
}
_KINDS: dict[Kind, str] = {"harrell": "Harrell", "uno": "Uno"}


def rows_after(task: Task, estimate: CoxEstimate) -> list[Statistic]:
    """Rows of all that the specification asks for after the fit."""
    return proportional_rows(task, estimate) + concordance_rows(task, estimate) + prediction_rows(task, estimate)


def _row(task: Task, estimate: CoxEstimate) -> partial[Statistic]:
    return partial(Statistic, analysis=task.analysis, method="cox", model=task.model, n=estimate.counts.n)


def _missing(estimate: CoxEstimate, name: str) -> str:
    """Why a stage has no result; empty when it has."""
    found = estimate.after.get(name)
    if isinstance(found, Refused):
        return found.reason
    return "" if found is not None else (estimate.problem or NOT_FITTED)


def proportional_rows(task: Task, estimate: CoxEstimate) -> list[Statistic]:
    """Tests of proportional hazards by term and of all terms, and the smoothed effect of each column over time."""
    asked = estimate.spec.proportional
    if asked is None:
        return []
    row = partial(_row(task, estimate), note=_SCALES[asked.transform])
    why = _missing(estimate, "proportional")
    found: ProportionalTests | None = None if why else estimate.after["proportional"]
    tests = {} if found is None else {test.term: test for test in found.tests}
    rows: list[Statistic] = []
    for name in [*(term.name for term in estimate.spec.terms), GLOBAL]:
        test, of_term = tests.get(name), partial(row, variable=name)
        problem = why or ("no coefficient of this term has an estimate" if test is None else test.problem)
        if test is None or problem:
            refused = partial(of_term, value=None, warning=problem)
            rows += [
                refused(statistic="ph-chi-square"),
                refused(statistic="ph-df", format="count"),
                refused(statistic="ph-p", format="p"),
            ]
            continue
        rows += [
            of_term(statistic="ph-chi-square", value=test.statistic),
            of_term(statistic="ph-df", value=test.df, format="count"),
            of_term(statistic="ph-p", value=test.p_value, format="p"),
        ]
    return rows + [each for curve in (found.curves if found else ()) for each in _effect_rows(row, curve)]


def _effect_rows(row: partial[Statistic], curve: EffectCurve) -> list[Statistic]:
    row = partial(row, variable=curve.column, statistic="ph-curve")
    if curve.problem:
        return [row(value=None, warning=curve.problem)]
    note = f"smoothed scaled Schoenfeld residuals, band of {WIDTH:g} standard errors"
    columns = (curve.time, curve.value, curve.lower, curve.upper)
    return [
        row(time=float(time), value=float(value), lower=float(lower), upper=float(upper), note=note)
        for time, value, lower, upper in zip(*columns, strict=True)
    ]


def concordance_rows(task: Task, estimate: CoxEstimate) -> list[Statistic]:
    """Concordance with its standard error and interval, of each kind."""
    spec = estimate.spec
    if spec.concordance is None:
        return []
    why = concordance_refusal(spec) or _missing(estimate, "concordance")
    found: dict[Kind, ConcordanceIndex] = {} if why else {each.kind: each for each in estimate.after["concordance"]}
    within = ", ".join(factor.name for factor in (*spec.strata, *spec.concordance.strata))
    rows: list[Statistic] = []
    for kind in spec.concordance.kinds:
        words = spec.concordance.note or (f"within {within}" if within else "")
        row = partial(_row(task, estimate), note=", ".join(filter(None, [_KINDS[kind], words])))
        index = found.get(kind)
        problem = why or ("" if index is None else index.problem)
        if index is None or problem:
            rows += [
                row(statistic=name, value=None, warning=problem)
                for name in ("concordance", "concordance-standard-error")
            ]
            continue
        half = normal_quantile(0.5 + spec.confidence / 2) * index.standard_error
        lower, upper = max(index.value - half, 0.0), min(index.value + half, 1.0)
        unknown = (index.not_compared, "stratum of comparison not known")
        row = partial(row, warning=left_out(unknown, what=counted_in(spec.population)))
        rows += [
            row(statistic="concordance", value=index.value, lower=lower, upper=upper, confidence=spec.confidence),
            row(statistic="concordance-standard-error", value=index.standard_error),
        ]
    return rows


def stratum_labels(spec: CoxSpec) -> list[str]:
    """Printed names of the declared strata; one empty name without strata."""
    return [", ".join(labels) for labels in product(*(factor.labels for factor in spec.strata))]


def prediction_rows(task: Task, estimate: CoxEstimate) -> list[Statistic]:
    """Baseline hazard by stratum, and predicted survival of each patient asked for."""
    spec = estimate.spec
    asked = spec.prediction
    if asked is None:
        return []
    row = _row(task, estimate)
    why = _missing(estimate, "prediction")
    if why:
        names = ["baseline-hazard", *(["predicted-survival"] if asked.profiles else [])]
        return [row(statistic=name, value=None, warning=why) for name in names]
    baseline: Baseline = estimate.after["prediction"]
    rows: list[Statistic] = []
    for stratum, label in enumerate(stratum_labels(spec)):
        if not baseline.n_events[stratum]:
            rows.append(row(statistic="baseline-hazard", group=label, value=None, warning=NO_EVENTS))
            continue
        at = np.arange(baseline.times.size) if asked.times else baseline.steps(stratum)
        rows += _baseline_rows(row, asked, baseline, stratum, label, at)
        for profile in asked.profiles:
            rows += _profile_rows(row, estimate, asked, profile, stratum, label, at)
    return rows


def _baseline_rows(
    row: partial[Statistic], asked: Prediction, baseline: Baseline, stratum: int, label: str, at: np.ndarray
) -> list[Statistic]:
    note = f"cumulative, all covariates {'at their mean' if asked.origin == 'mean' else 'zero'}"
    row = partial(row, statistic="baseline-hazard", group=label, note=note)
    hazard = baseline.at_origin(asked.origin)[stratum]
    return [_at(row, baseline, stratum, i)(value=float(hazard[i])) for i in at]


def _at(row: partial[Statistic], baseline: Baseline, stratum: int, i: int) -> Callable[..., Statistic]:
    """A row at one time, without its numbers where the time is beyond the last follow-up of the stratum."""
    time = float(baseline.times[i])
    if time <= baseline.end[stratum]:
        return partial(row, time=time)
    return lambda **_numbers: row(time=time, value=None, warning=BEYOND)


def _profile_rows(
    row: partial[Statistic],
    estimate: CoxEstimate,
    asked: Prediction,
    profile: Profile,
    stratum: int,
    label: str,
    at: np.ndarray,
) -> list[Statistic]:
    spec, baseline = estimate.spec, estimate.after["prediction"]
    curve = baseline.curve(stratum, profile.values, estimate.covariance, spec.confidence, asked.interval)
    row = partial(
        row,
        statistic="predicted-survival",
        group=profile.label,
        level=label,
        confidence=spec.confidence,
        note=f"{asked.interval} interval",
    )
    return [
        _at(row, baseline, stratum, i)(
            value=float(curve.survival[i]),
            lower=float(curve.lower[i]),
            upper=float(curve.upper[i]),
        )
        for i in at
    ]
