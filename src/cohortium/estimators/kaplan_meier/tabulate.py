"""Rows of the results table of a Kaplan-Meier analysis."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.kaplan_meier.grid_bound import bound_rows
from cohortium.estimators.kaplan_meier.quantiles import MEDIAN
from cohortium.estimators.kaplan_meier.times import survival_at
from cohortium.estimators.wording import left_out
from cohortium.results import Statistic

if TYPE_CHECKING:
    from collections.abc import Callable

    from cohortium.estimators.contract import Task
    from cohortium.estimators.kaplan_meier.curve import Curve
    from cohortium.estimators.kaplan_meier.restricted import MeanContrast, RestrictedMean
    from cohortium.estimators.kaplan_meier.solve import KaplanMeierEstimate
    from cohortium.estimators.kaplan_meier.spec import KaplanMeierSpec

    Row = Callable[..., Statistic]


def tabulate(task: Task, estimate: KaplanMeierEstimate) -> list[Statistic]:
    """Rows by group: counts, the curve, quantiles, survival at the declared times, restricted means; then contrasts."""
    spec = estimate.spec
    warning = left_out(
        (estimate.missing, _unknown(spec)),
        (estimate.late, "entry not before the end of follow-up"),
        (estimate.unweighted, "weight not known or not above 0"),
    )
    row = partial(Statistic, analysis=task.analysis, method="kaplan-meier", variable=task.variable)
    rows: list[Statistic] = []
    for curve in estimate.curves:
        of_group = partial(row, group=curve.group)
        rows += _counts(of_group, curve, "; ".join(filter(None, [warning, curve.warning])))
        rows += _steps(of_group, spec, curve)
        rows += _quantiles(of_group, spec, curve)
        rows += _at(of_group, spec, curve)
        if curve.restricted_mean is not None:
            rows += _restricted_mean(of_group, spec, curve, curve.restricted_mean)
        rows += bound_rows(of_group, spec, curve)
    n = {curve.group: curve.n for curve in estimate.curves}
    for contrast in estimate.contrasts:
        counted = n[contrast.group] + n[contrast.reference]
        rows += _contrast(partial(row, group=contrast.label, n=counted), spec, contrast)
    return rows


def _unknown(spec: KaplanMeierSpec) -> str:
    parts = ["time", "event", *(["entry"] if spec.entry else []), *(["cluster"] if spec.cluster else [])]
    return f"{', '.join(parts)} or group not known"


def _note(spec: KaplanMeierSpec) -> str:
    parts = ["reverse Kaplan-Meier"] if spec.reverse else []
    parts += [f"{spec.interval} interval"]
    parts += ["left truncation"] if spec.entry else []
    parts += ["weighted"] if spec.weight else []
    parts += ["robust variance"] if spec.robust else []
    parts += [spec.grid.note] if spec.grid.is_coarse else []
    return "; ".join(parts)


def _counts(row: Row, curve: Curve, warning: str) -> Iterator[Statistic]:
    of = {"n": curve.n, "denominator": curve.n, "format": "count"}
    said = warning if curve.n else "no patients in this group"
    yield row(statistic="n", value=curve.n, n=curve.n, format="count", warning=said)
    yield row(statistic="events", value=curve.n_events, **of)
    yield row(statistic="censored", value=curve.n - curve.n_events, **of)


def _steps(row: Row, spec: KaplanMeierSpec, curve: Curve) -> Iterator[Statistic]:
    note = _note(spec)
    for i in range(curve.time.size):
        here = partial(row, time=float(curve.time[i]), n=int(curve.n_risk[i]))
        limits = {"lower": _known(curve.lower[i]), "upper": _known(curve.upper[i]), "confidence": spec.confidence}
        yield here(statistic="survival", value=float(curve.survival[i]), **limits, note=note)
        yield here(statistic="events-at", value=int(curve.n_event[i]), format="count")
        yield here(statistic="censored-at", value=int(curve.n_censor[i]), format="count")
        if spec.nelson_aalen:
            yield here(
                statistic="cumulative-hazard",
                value=float(curve.hazard[i]),
                lower=_known(curve.hazard_lower[i]),
                upper=_known(curve.hazard_upper[i]),
                confidence=spec.confidence,
                note="Nelson-Aalen; log interval" + ("; robust variance" if spec.robust else ""),
            )


def _quantiles(row: Row, spec: KaplanMeierSpec, curve: Curve) -> Iterator[Statistic]:
    note = _note(spec) + ("; first time at or below the level" if spec.quantile_rule == "first" else "")
    for q in curve.quantiles:
        yield row(
            statistic="median" if q.probability == MEDIAN else "quantile",
            value=_known(q.value),
            level=f"{q.probability:g}",
            lower=_known(q.lower),
            upper=_known(q.upper),
            confidence=spec.confidence,
            unit="days",
            n=curve.n,
            format="days",
            note=note,
            warning="" if not np.isnan(q.value) else "not reached" if curve.n else "no patients in this group",
        )


def _at(row: Row, spec: KaplanMeierSpec, curve: Curve) -> Iterator[Statistic]:
    for time, label in spec.at:
        value, lower, upper, n_risk = survival_at(curve, time)
        yield row(
            statistic="survival-at",
            value=_known(value),
            level=label,
            time=time,
            lower=_known(lower),
            upper=_known(upper),
            confidence=spec.confidence,
            n=n_risk,
            note=_note(spec),
            warning="nobody at risk" if np.isnan(value) else "",
        )


def _tau_note(spec: KaplanMeierSpec) -> str:
    return f"up to {spec.tau_label}" + ("; robust variance" if spec.robust else "")


def _restricted_mean(row: Row, spec: KaplanMeierSpec, curve: Curve, mean: RestrictedMean) -> Iterator[Statistic]:
    here = partial(
        row, time=mean.tau, unit="days", n=curve.n, format="days", note=_tau_note(spec), warning=mean.problem
    )
    limits = {"lower": _known(mean.lower), "upper": _known(mean.upper), "confidence": spec.confidence}
    yield here(statistic="restricted-mean", value=_known(mean.value), **limits)
    yield here(statistic="restricted-mean-standard-error", value=_known(mean.standard_error))


def _contrast(row: Row, spec: KaplanMeierSpec, contrast: MeanContrast) -> Iterator[Statistic]:
    here = partial(row, time=spec.tau, note=_tau_note(spec), warning=contrast.problem)
    yield here(
        statistic="restricted-mean-difference",
        value=_known(contrast.difference),
        lower=_known(contrast.lower),
        upper=_known(contrast.upper),
        confidence=spec.confidence,
        unit="days",
        format="days",
    )
    yield here(statistic="restricted-mean-difference-p", value=_known(contrast.p_value), format="p")
    unknown = contrast.problem or "" if not np.isnan(contrast.ratio) else "a restricted mean is 0"
    ratio = partial(here, warning=contrast.problem or unknown)
    yield ratio(
        statistic="restricted-mean-ratio",
        value=_known(contrast.ratio),
        lower=_known(contrast.ratio_lower),
        upper=_known(contrast.ratio_upper),
        confidence=spec.confidence,
        format="ratio",
    )
    yield ratio(statistic="restricted-mean-ratio-p", value=_known(contrast.ratio_p_value), format="p")


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
