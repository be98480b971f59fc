"""A baseline table of imputed rows: means over imputations, and tests where a pooled form exists."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.baseline.spec import Number
from cohortium.estimators.baseline.summaries import NumberSummary
from cohortium.estimators.imputation.lines import (
    D2,
    T_TEST,
    Line,
    count,
    mean,
    pooled_lines,
    root_mean_square,
    rows_of_test,
)
from cohortium.estimators.imputation.pooling import JointTest, pooled_chi_square, rubin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.estimators.baseline.counts import BaselineEstimate
    from cohortium.estimators.comparisons.comparison import Comparison
    from cohortium.estimators.contract import Task
    from cohortium.results import Statistic

EXACT = "Fisher's exact test has no statistic to pool over imputations, and an expected count is below 5"
_SUMMARIES = ("mean", "median", "q1", "q3", "min", "max", "percent", "standardized-difference")


def rows(_task: Task, of_each: Sequence[Sequence[Statistic]], estimates: Sequence[BaselineEstimate]) -> list[Statistic]:
    """Rows of the results table."""
    return pooled_lines(
        of_each,
        {
            **dict.fromkeys(("n", "count", "missing"), count),
            **dict.fromkeys(_SUMMARIES, mean),
            "sd": root_mean_square,
            "p-value": lambda line: _test(line, estimates),
        },
    )


def _test(line: Line, estimates: Sequence[BaselineEstimate]) -> list[Statistic]:
    spec, name = estimates[0].spec, line.first.variable
    found = [estimate.compared[name].test for estimate in estimates]
    tests = [test for test in found if test is not None]
    if line.refusal:
        return [replace(line.first, value=None, warning=line.refusal)]
    variable = next(one for one in spec.variables if one.name == name)
    if isinstance(variable, Number) and spec.number_test != "rank":
        return _of_means(line, estimates, tests)
    return _of_statistics(line, tests)


def _of_statistics(line: Line, tests: Sequence[Comparison]) -> list[Statistic]:
    """A rank test, chi-square or trend, by its statistic: chi-square, or a normal one with one degree of freedom."""
    if any(math.isnan(test.statistic) for test in tests):
        return [replace(line.first, value=None, warning=EXACT)]
    df = {test.df[0] for test in tests}
    if len(df) > 1:
        return [replace(line.first, value=None, warning="the groups or levels differ between imputations")]
    is_normal = "Wilcoxon" in tests[0].name
    statistics = np.array([test.statistic**2 if is_normal else test.statistic for test in tests])
    pooled = pooled_chi_square(statistics, 1 if is_normal else int(df.pop()))
    return _rows(line, tests, pooled)


def _rows(line: Line, tests: Sequence[Comparison], pooled: JointTest) -> list[Statistic]:
    row = replace(line.first, statistic="test-statistic", format="statistic", note=tests[0].name, warning="")
    return rows_of_test(row, pooled, D2, "p-value")


def _of_means(line: Line, estimates: Sequence[BaselineEstimate], tests: Sequence[Comparison]) -> list[Statistic]:
    """Two means by Rubin's rules; more by the statistic of the analysis of variance times its degrees of freedom."""
    groups = [column.group for column in estimates[0].groups if column.group]
    if len(groups) > 2:
        pooled = pooled_chi_square(np.array([test.statistic * test.df[0] for test in tests]), int(tests[0].df[0]))
        return _rows(line, tests, pooled)
    differences = np.array([_difference(estimate, groups, line.first.variable) for estimate in estimates])
    errors = np.abs(differences / np.array([test.statistic for test in tests]))
    if not np.isfinite(errors).all():
        return [replace(line.first, value=None, warning="the difference of means is 0 in an imputation")]
    pooled_mean = rubin(differences[:, None], errors[:, None] ** 2, tests[0].df[0])
    return [replace(line.first, value=float(pooled_mean.p_values()[0]), note=f"{tests[0].name}; {T_TEST}")]


def _difference(estimate: BaselineEstimate, groups: Sequence[str], variable: str) -> float:
    of = {column.group: column.summaries[variable] for column in estimate.groups}
    first, second = (of[group] for group in groups)
    if not isinstance(first, NumberSummary) or not isinstance(second, NumberSummary):
        raise TypeError("means are of numbers")
    return first.mean - second.mean
