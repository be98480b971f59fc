"""Rows of the results table of a test of equal survival."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.logrank.weights import title
from cohortium.estimators.wording import left_out
from cohortium.results import Statistic

if TYPE_CHECKING:
    from collections.abc import Callable

    from cohortium.estimators.contract import Task
    from cohortium.estimators.logrank.solve import LogRankEstimate

    Row = Callable[..., Statistic]


def tabulate(task: Task, estimate: LogRankEstimate) -> list[Statistic]:
    """Observed and expected by group, the test, the trend, the pairs."""
    row = partial(Statistic, analysis=task.analysis, method="logrank", variable=task.variable)
    spec, total = estimate.spec, int(estimate.n.sum())
    said = left_out(
        (estimate.missing, f"time, event{', entry' if spec.entry else ''} or group not known"),
        (estimate.missing_stratum, "stratum not known"),
        (estimate.late, "entry not before the end of follow-up"),
    )
    note = " ".join(filter(None, [title(spec), spec.strata_text, "with left truncation" if spec.entry else ""]))
    note = "; ".join(filter(None, [note, spec.grid.note]))
    test = partial(row, n=total, note=note, warning=estimate.problem or said)
    return [
        *_groups(row, estimate),
        test(statistic="chi-square", value=_known(estimate.statistic)),
        test(statistic="df", value=None if estimate.problem else estimate.df, format="count"),
        test(statistic="p-value", value=_known(estimate.p_value), format="p"),
        *_trend(partial(row, n=total), estimate, note),
        *_pairs(row, estimate, note),
        *_bounds(row, estimate),
    ]


def _groups(row: Row, estimate: LogRankEstimate) -> Iterator[Statistic]:
    is_counted = estimate.spec.test == "logrank"
    for g, label in enumerate(estimate.spec.by.labels):
        of = partial(row, group=label, n=int(estimate.n[g]))
        observed = float(estimate.observed[g])
        yield of(statistic="n", value=int(estimate.n[g]), format="count")
        if is_counted:
            yield of(statistic="observed", value=round(observed), format="count")
        else:
            yield of(statistic="observed", value=observed, format="number:1", note="weighted events")
        yield of(statistic="expected", value=float(estimate.expected[g]), format="number:1")


def _trend(row: Row, estimate: LogRankEstimate, note: str) -> Iterator[Statistic]:
    if estimate.trend is None:
        return
    scores = ", ".join(f"{score:g}" for score in estimate.spec.trend_scores)
    of = partial(row, note=f"{note}, trend with scores {scores}", warning=estimate.trend.problem)
    yield of(statistic="trend-chi-square", value=_known(estimate.trend.statistic))
    yield of(statistic="trend-p", value=_known(estimate.trend.p_value), format="p")


def _pairs(row: Row, estimate: LogRankEstimate, note: str) -> Iterator[Statistic]:
    for (a, b), pair in zip(estimate.spec.pairs, estimate.pairs, strict=True):
        counted = int(estimate.n[a] + estimate.n[b])
        of = partial(row, group=pair.label, n=counted, note=note, warning=pair.problem)
        yield of(statistic="pairwise-chi-square", value=_known(pair.statistic))
        yield of(statistic="pairwise-p", value=_known(pair.p_value), format="p")
        yield of(
            statistic="pairwise-p-holm",
            value=_known(pair.p_holm),
            format="p",
            note=f"{note}; adjusted by Holm's method for {sum(not p.problem for p in estimate.pairs)} comparisons",
        )


def _bounds(row: Row, estimate: LogRankEstimate) -> Iterator[Statistic]:
    grid = estimate.spec.grid
    if not grid.note:
        return
    of = partial(row, statistic="grid-bound", level="expected", note=f"largest difference from whole days; {grid.note}")
    bound = np.zeros(len(estimate.spec.by)) if grid.kept else estimate.expected_bound
    for g, label in enumerate(estimate.spec.by.labels):
        if bound is None:
            yield of(group=label, value=None, warning="not bounded for a test that weights the times")
        else:
            yield of(group=label, value=float(bound[g]), n=int(estimate.n[g]))


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
