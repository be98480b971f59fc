"""A study's analyses of missing values as tasks, and their estimates as rows of the results table."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from cohortium.estimators.contract import Estimator, Factor, Task, no_params
from cohortium.estimators.missingness.totals import (
    MOST_PATTERNS_OF,
    GroupMissing,
    MissingnessEstimate,
    MissingnessSpec,
    prepare,
    shapes,
    size,
    solve,
    start,
    summarize,
)
from cohortium.estimators.planning import factor_of
from cohortium.estimators.wording import left_out
from cohortium.results import Statistic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cohortium.study.analyses import Missingness
    from cohortium.study.study import Study

JOIN = " + "
"""Between the variables of a pattern."""
NO_PATTERNS = f"combinations are counted for up to {MOST_PATTERNS_OF} variables"


def plan(study: Study, analysis: Missingness) -> list[Task]:
    """The one task of a `missingness` analysis."""
    looked_at: list[Factor | str] = [
        factor_of(study, name) if study.variable(name).kind == "category" else name for name in analysis.variables
    ]
    by = factor_of(study, analysis.by) if analysis.by else None
    return [Task(analysis.name, "missingness", MissingnessSpec(tuple(looked_at), by), analysis.name)]


def tabulate(task: Task, estimate: MissingnessEstimate) -> list[Statistic]:
    """Rows of the results table: of everybody, then of each group."""
    warning = left_out((estimate.missing_group, "group not known"))
    rows: list[Statistic] = []
    for group in estimate.groups:
        row = partial(Statistic, analysis=task.analysis, method="missingness", group=group.group, format="count")
        rows.append(row(statistic="n", value=group.n, n=group.n, warning=warning if group.group else ""))
        rows += _variables(row, estimate.spec.names, group)
        rows += _flow(row, estimate.spec.names, group)
        rows += _patterns(row, estimate.spec.names, group)
    return rows


def _variables(row: partial[Statistic], names: tuple[str, ...], group: GroupMissing) -> Iterator[Statistic]:
    """Unknown values of each variable, and of each pair where there are any."""
    for name, count in zip(names, group.unknown.tolist(), strict=True):
        of = partial(row, variable=name, n=group.n, denominator=group.n)
        yield of(statistic="missing", value=count)
        yield of(
            statistic="missing-percent",
            value=100 * count / group.n if group.n else None,
            unit="percent",
            format="percent",
            warning="" if group.n else "no patients",
        )
    for i, first in enumerate(names):
        for j in range(i + 1, len(names)):
            if count := int(group.together[i, j]):
                both = f"{first}{JOIN}{names[j]}"
                yield row(statistic="missing-together", variable=both, value=count, n=group.n, denominator=group.n)


def _flow(row: partial[Statistic], names: tuple[str, ...], group: GroupMissing) -> Iterator[Statistic]:
    """Whom a complete-case analysis loses at each variable, in order, and who is left."""
    left = group.n
    for name, removed in zip(names, group.removed.tolist(), strict=True):
        yield row(statistic="removed", variable=name, value=removed, n=left, denominator=left)
        left -= removed
    yield row(statistic="complete", value=left, n=group.n, denominator=group.n)


def _patterns(row: partial[Statistic], names: tuple[str, ...], group: GroupMissing) -> Iterator[Statistic]:
    """Each combination of unknown variables that somebody has; complete rows have an empty name."""
    if group.patterns is None:
        if not group.group:
            yield row(statistic="pattern", value=None, n=group.n, warning=NO_PATTERNS)
        return
    for pattern, count in group.patterns.items():
        unknown = JOIN.join(names[j] for j in pattern)
        level = "" if pattern else "complete"
        yield row(statistic="pattern", variable=unknown, level=level, value=count, n=group.n, denominator=group.n)


ESTIMATOR = Estimator("missingness", plan, size, no_params, start, shapes, prepare, summarize, solve, tabulate)
