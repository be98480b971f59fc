"""Rows of the results table of an analysis of cumulative incidence."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.competing.incidence.curves import CauseCurve, GroupCurves, incidence_at
from cohortium.estimators.competing.incidence.grid_bound import bound_rows
from cohortium.estimators.wording import left_out
from cohortium.results import Statistic

if TYPE_CHECKING:
    from collections.abc import Callable

    from cohortium.estimators.competing.incidence.solve import IncidenceEstimate
    from cohortium.estimators.competing.incidence.spec import IncidenceSpec
    from cohortium.estimators.contract import Task

    Row = Callable[..., Statistic]


def tabulate(task: Task, estimate: IncidenceEstimate) -> list[Statistic]:
    """Rows by group: counts; then by cause the curve and the incidence at the declared times."""
    spec = estimate.spec
    said = left_out(
        (estimate.missing, f"time, event{', entry' if spec.entry else ''} or group not known"),
        (estimate.late, "entry not before the end of follow-up"),
    )
    row = partial(Statistic, analysis=task.analysis, method="cumulative-incidence", variable=task.variable)
    rows: list[Statistic] = []
    for curves in estimate.groups:
        of_group = partial(row, group=curves.group)
        rows += _counts(of_group, curves, "; ".join(filter(None, [said, curves.warning])))
        for cause in curves.causes:
            rows += _steps(partial(of_group, level=cause.cause), spec, curves, cause)
            rows += _at(partial(of_group, level=cause.cause), spec, curves, cause)
        rows += bound_rows(of_group, spec, curves)
    return rows


def note(spec: IncidenceSpec) -> str:
    """How the numbers were made, as the table says it."""
    kind = "Greenwood" if spec.variance == "greenwood" else "Aalen"
    parts = [f"Aalen-Johansen; {spec.interval} interval, {kind} variance", "left truncation" if spec.entry else ""]
    return "; ".join(filter(None, [*parts, spec.grid.note]))


def _counts(row: Row, curves: GroupCurves, warning: str) -> Iterator[Statistic]:
    of = {"n": curves.n, "denominator": curves.n, "format": "count"}
    said = warning if curves.n else "no patients in this group"
    yield row(statistic="n", value=curves.n, n=curves.n, format="count", warning=said)
    for cause in curves.causes:
        yield row(statistic="events", level=cause.cause, value=cause.n_events, **of)
    yield row(statistic="censored", value=curves.n - curves.n_events, **of)


def _steps(row: Row, spec: IncidenceSpec, curves: GroupCurves, cause: CauseCurve) -> Iterator[Statistic]:
    said = note(spec)
    for i in range(curves.time.size):
        yield row(
            statistic="cumulative-incidence",
            time=float(curves.time[i]),
            value=float(cause.incidence[i]),
            lower=_known(cause.lower[i]),
            upper=_known(cause.upper[i]),
            confidence=spec.confidence,
            n=int(curves.n_risk[i]),
            note=said,
        )


def _at(row: Row, spec: IncidenceSpec, curves: GroupCurves, cause: CauseCurve) -> Iterator[Statistic]:
    said = note(spec)
    for time, label in spec.at:
        found = incidence_at(curves, cause, time)
        yield row(
            statistic="cumulative-incidence-at",
            time=time,
            value=_known(found.value),
            lower=_known(found.lower),
            upper=_known(found.upper),
            confidence=spec.confidence,
            n=found.n_risk,
            note=f"{said}; at {label}",
            warning="nobody at risk" if np.isnan(found.value) else "",
        )


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
