"""Survival and cumulative incidence of imputed rows: at declared times, and restricted means; curves are not pooled."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cohortium.estimators.imputation.lines import Table, count, effect, key_of, largest, middle, pooled_lines
from cohortium.estimators.imputation.scales import LOG, PLAIN, PROBABILITY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.estimators.competing.incidence.solve import IncidenceEstimate
    from cohortium.estimators.contract import Task
    from cohortium.estimators.kaplan_meier.solve import KaplanMeierEstimate
    from cohortium.results import Statistic

_COUNTS = ("n", "events", "censored")


def survival_rows(
    _task: Task, of_each: Sequence[Sequence[Statistic]], estimates: Sequence[KaplanMeierEstimate]
) -> list[Statistic]:
    """Survival at the declared times on the scale of the interval, quantiles without limits, restricted means.

    Reference: Marshall, Altman, Holder and Royston 2009.
    """
    return pooled_lines(
        of_each,
        {
            **dict.fromkeys(_COUNTS, count),
            **dict.fromkeys(("median", "quantile"), middle),
            "survival-at": effect(PROBABILITY[estimates[0].spec.interval]),
            "restricted-mean": effect(PLAIN),
            "restricted-mean-difference": effect(PLAIN, "restricted-mean-difference-p"),
            "restricted-mean-ratio": effect(LOG, "restricted-mean-ratio-p"),
            "grid-bound": largest,
        },
        _events_less_one,
    )


def incidence_rows(
    _task: Task, of_each: Sequence[Sequence[Statistic]], estimates: Sequence[IncidenceEstimate]
) -> list[Statistic]:
    """Cumulative incidence at the declared times on the scale of the interval."""
    at = effect(PROBABILITY[estimates[0].spec.interval])
    rules = {**dict.fromkeys(_COUNTS, count), "cumulative-incidence-at": at, "grid-bound": largest}
    return pooled_lines(of_each, rules, _events_less_one)


def _events_less_one(row: Statistic, table: Table) -> float:
    """Events of the group, of two groups that are compared together, less one; 1 at least."""
    groups = (
        row.group.split(" v ") if row.statistic.startswith(("restricted-mean-d", "restricted-mean-ra")) else [row.group]
    )
    levels = [row.level] if row.statistic == "cumulative-incidence-at" else [""]
    counted = [
        table.get(key_of(replace(row, statistic="events", group=group, level=level, time=None)))
        for group in groups
        for level in levels
    ]
    return max(sum(one.value or 0 for one in counted if one is not None) - len(groups), 1.0)
