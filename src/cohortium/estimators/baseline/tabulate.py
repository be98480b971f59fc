"""A study's baseline tables as tasks, and their estimates as rows of the results table."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.baseline.compare import Compared
from cohortium.estimators.baseline.counts import BaselineEstimate, GroupSummary
from cohortium.estimators.baseline.spec import BaselineSpec, Number
from cohortium.estimators.baseline.summaries import FactorSummary, NumberSummary
from cohortium.estimators.contract import Factor, Task
from cohortium.estimators.grid import Grid
from cohortium.estimators.planning import factor_of
from cohortium.estimators.wording import left_out
from cohortium.results import Statistic

if TYPE_CHECKING:
    from cohortium.study.analyses import Baseline
    from cohortium.study.study import Study


def plan(study: Study, analysis: Baseline) -> list[Task]:
    """The one task of a `baseline` analysis."""
    variables: list[Factor | Number] = []
    for name in analysis.variables:
        declared = study.variable(name)
        if declared.kind == "category":
            variables.append(factor_of(study, name))
        else:
            minimum, maximum = declared.minimum or 0.0, declared.maximum or 0.0
            grid = Grid.between(minimum, maximum, declared.decimals)
            variables.append(Number(name, grid, declared.unit, declared.decimals + 1))
    by = factor_of(study, analysis.by) if analysis.by else None
    spec = BaselineSpec(
        tuple(variables),
        by,
        analysis.overall,
        tests=by is not None and analysis.tests,
        number_test=analysis.number_test,
        trend=analysis.trend,
        differences=by is not None and analysis.standardized_differences,
        quantile_type=analysis.quantile_type,
    )
    return [Task(analysis.name, "baseline", spec, analysis.name)]


def tabulate(task: Task, estimate: BaselineEstimate) -> list[Statistic]:
    """Rows of the results table: group sizes, then each variable's statistics by group."""
    warning = left_out((estimate.missing_group, "group not known"))
    rows = [
        _row(task, column, statistic="n", value=column.n, n=column.n, warning=warning if column.group else "")
        for column in estimate.groups
    ]
    for variable in estimate.spec.variables:
        for column in estimate.groups:
            summary = column.summaries[variable.name]
            if isinstance(summary, NumberSummary) and isinstance(variable, Number):
                rows += _number_rows(task, column, variable, summary)
            elif isinstance(summary, FactorSummary) and isinstance(variable, Factor):
                rows += _factor_rows(task, column, variable, summary)
            missing = partial(_row, task, column, variable=variable.name)
            rows.append(missing(statistic="missing", value=summary.missing, n=column.n, denominator=column.n))
        if variable.name in estimate.compared:
            rows += _compared_rows(task, variable.name, estimate.compared[variable.name])
    return rows


def _compared_rows(task: Task, variable: str, compared: Compared) -> list[Statistic]:
    row = partial(Statistic, analysis=task.analysis, method="baseline", variable=variable, n=compared.n)
    rows = []
    if compared.difference is not None:
        known = not np.isnan(compared.difference)
        rows.append(
            row(
                statistic="standardized-difference",
                value=compared.difference if known else None,
                format="number:2",
                warning="" if known else "the difference cannot be standardized: the values do not vary within groups",
            )
        )
    if compared.test is not None:
        named = partial(row, note=compared.test.name, warning=compared.test.problem)
        if not np.isnan(compared.test.statistic):
            # The sign of t and z depends on the order of the groups only.
            rows.append(named(statistic="test-statistic", value=abs(compared.test.statistic)))
        p_value = None if np.isnan(compared.test.p_value) else compared.test.p_value
        rows.append(named(statistic="p-value", value=p_value, format="p"))
    return rows


def _row(task: Task, column: GroupSummary, **columns: object) -> Statistic:
    given: dict[str, object] = {"format": "count", **columns}
    return Statistic(analysis=task.analysis, method="baseline", group=column.group, **given)  # type: ignore[arg-type]


def _number_rows(task: Task, column: GroupSummary, variable: Number, summary: NumberSummary) -> list[Statistic]:
    finer, plain = f"number:{variable.decimals}", f"number:{variable.decimals - 1}"
    formats = {"mean": finer, "sd": finer, "median": plain, "q1": plain, "q3": plain, "min": plain, "max": plain}
    rows = []
    for name, form in formats.items():
        value = getattr(summary, name)
        known = not np.isnan(value)
        rows.append(
            _row(
                task,
                column,
                variable=variable.name,
                statistic=name,
                value=value if known else None,
                unit=variable.unit,
                n=summary.n,
                format=form,
                warning="" if known else "too few patients",
            )
        )
    return rows


def _factor_rows(task: Task, column: GroupSummary, variable: Factor, summary: FactorSummary) -> list[Statistic]:
    known = int(summary.counts.sum())
    rows = []
    for label, count in zip(variable.labels, summary.counts, strict=True):
        row = partial(_row, task, column, variable=variable.name, level=label, n=known, denominator=known)
        percent = 100.0 * float(count) / known if known else None
        rows += [
            row(statistic="count", value=int(count)),
            row(
                statistic="percent",
                value=percent,
                unit="percent",
                format="percent",
                warning="" if known else "no patients with a known value",
            ),
        ]
    return rows
