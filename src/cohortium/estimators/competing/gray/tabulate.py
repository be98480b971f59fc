"""Rows of the results table of Gray's test."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.wording import left_out
from cohortium.results import Statistic

if TYPE_CHECKING:
    from collections.abc import Callable

    from cohortium.estimators.competing.gray.solve import GrayEstimate
    from cohortium.estimators.competing.gray.spec import GraySpec
    from cohortium.estimators.contract import Task

    Row = Callable[..., Statistic]

TITLE = "Gray's test"


def title(spec: GraySpec) -> str:
    """The test by name, `Gray's test (rho = 1) stratified by institution`."""
    power = f" (rho = {spec.rho:g})" if spec.rho else ""
    named = " ".join(filter(None, [f"{TITLE}{power}", spec.strata_text]))
    return "; ".join(filter(None, [named, spec.grid.note]))


def tabulate(task: Task, estimate: GrayEstimate) -> list[Statistic]:
    """Rows and events by group, then the test, of every cause."""
    row = partial(Statistic, analysis=task.analysis, method="gray", variable=task.variable)
    said = left_out(
        (estimate.missing, "time, event or group not known"), (estimate.missing_stratum, "stratum not known")
    )
    rows = list(_groups(row, estimate))
    total, note = int(estimate.n.sum()), title(estimate.spec)
    for test in estimate.tests:
        of = partial(row, level=test.cause, n=total, note=note, warning=test.problem or said)
        rows += [
            of(statistic="chi-square", value=_known(test.statistic)),
            of(statistic="df", value=None if test.problem else test.df, format="count"),
            of(statistic="p-value", value=_known(test.p_value), format="p"),
        ]
        rows += _bound(partial(of, level=f"chi-square, {test.cause}"), estimate.spec)
    return rows


def _bound(row: Row, spec: GraySpec) -> Iterator[Statistic]:
    """Where follow-up is counted in weeks or months: how far the test can be from the one in days."""
    if spec.grid.kept:
        yield row(statistic="grid-bound", value=0.0, warning="")
    elif spec.grid.is_coarse:
        yield row(statistic="grid-bound", value=None, warning="not bounded for Gray's test")


def _groups(row: Row, estimate: GrayEstimate) -> Iterator[Statistic]:
    for g, label in enumerate(estimate.spec.by.labels):
        n = int(estimate.n[g])
        yield row(statistic="n", group=label, value=n, n=n, format="count")
        for test in estimate.tests:
            counted = {"group": label, "level": test.cause, "n": n, "denominator": n, "format": "count"}
            yield row(statistic="events", value=int(test.n_events[g]), **counted)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
