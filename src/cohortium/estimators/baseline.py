"""Baseline characteristics: counts, means and quantiles by group, exact from counts on declared values.

Totals: for each variable, patients by group and value (the last position counts patients whose value is not
known): whole numbers of shape (groups, values + 1). Means, deviations, quartiles and the range follow from
the counts, so that they equal those of the pooled rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cohortium.estimators.contract import Done, Estimator, Factor, Integers, Next, Reals, Rows, Step, Task, no_params
from cohortium.estimators.grid import Grid
from cohortium.estimators.planning import factor_of
from cohortium.estimators.wording import left_out
from cohortium.results import Statistic
from cohortium.totals import Params, Shape, Shapes, Totals

if TYPE_CHECKING:
    from cohortium.study.analyses import Baseline
    from cohortium.study.study import Study


@dataclass(frozen=True)
class Number:
    """A numeric variable: name, declared values, unit, decimals to print."""

    name: str
    grid: Grid
    unit: str = ""
    decimals: int = 1


@dataclass(frozen=True)
class BaselineSpec:
    """What to describe: variables in order, by the levels of a factor and, if asked, overall."""

    variables: tuple[Factor | Number, ...]
    by: Factor | None = None
    overall: bool = True
    population: str = "cohort"

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed."""
        chosen = [variable for variable in self.variables if isinstance(variable, Factor)]
        return (*chosen, self.by) if self.by else tuple(chosen)

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed."""
        return tuple(variable.name for variable in self.variables if isinstance(variable, Number))


class NumberSummary(NamedTuple):
    """Summary of a numeric variable in a group; NaN where there are too few patients."""

    n: int
    missing: int
    mean: float
    sd: float
    median: float
    q1: float
    q3: float
    min: float
    max: float


class FactorSummary(NamedTuple):
    """Patients by level, shape (levels,), and how many are not known."""

    counts: Integers
    missing: int


@dataclass(frozen=True)
class GroupSummary:
    """One column of the table: group label (empty for all patients), patients, summaries by variable name."""

    group: str
    n: int
    summaries: dict[str, NumberSummary | FactorSummary]


@dataclass(frozen=True)
class BaselineEstimate:
    """The columns of the table, and patients left out because their group is not known."""

    spec: BaselineSpec
    groups: tuple[GroupSummary, ...]
    missing_group: int


@dataclass(frozen=True)
class _Prepared:
    counts: Totals


def size(spec: BaselineSpec) -> int:
    """Numbers in the totals."""
    return sum((_n_groups(spec) + 1) * (_n_values(variable) + 1) for variable in spec.variables)


def start(_spec: BaselineSpec) -> Next:
    """The only round, without parameters."""
    return Next(Params({}))


def shapes(spec: BaselineSpec, _params: Params) -> Shapes:
    """Declared shape of the totals: groups (the last one for an unknown group), values (last: unknown)."""
    groups = _n_groups(spec) + 1
    out = {f"at:{variable.name}": Shape("int", (groups, _n_values(variable) + 1)) for variable in spec.variables}
    return {**out, "n": Shape("int", (groups,))}


def prepare(rows: Rows, spec: BaselineSpec) -> _Prepared:
    """All counts; nothing depends on the round."""
    groups = _n_groups(spec) + 1
    group = rows.codes[spec.by.name].astype(np.int64) if spec.by else np.zeros(rows.n, np.int64)
    group = np.where(group < 0, groups - 1, group)
    arrays: dict[str, Integers] = {"n": np.bincount(group, minlength=groups)}
    for variable in spec.variables:
        values = _n_values(variable) + 1
        position = _positions(rows, variable)
        flat = np.bincount(group * values + position, minlength=groups * values)
        arrays[f"at:{variable.name}"] = flat.reshape(groups, values)
    return _Prepared(Totals(arrays))


def summarize(prepared: _Prepared, _params: Params) -> Totals:
    """Patients by group and value."""
    return prepared.counts


def solve(spec: BaselineSpec, totals: Totals, _step: Next) -> Step:
    """The columns of the table."""
    groups: list[GroupSummary] = []
    if spec.overall or not spec.by:
        everyone = {name: totals[name].sum(axis=0) for name in totals if name != "n"}
        groups.append(_group(spec, "", int(totals["n"].sum()), everyone))
    for g, label in enumerate(spec.by.labels if spec.by else ()):
        here = {name: totals[name][g] for name in totals if name != "n"}
        groups.append(_group(spec, label, int(totals["n"][g]), here))
    return Done(BaselineEstimate(spec, tuple(groups), int(totals["n"][-1]) if spec.by else 0))


def _group(spec: BaselineSpec, label: str, n: int, counts: dict[str, Integers]) -> GroupSummary:
    summaries: dict[str, NumberSummary | FactorSummary] = {}
    for variable in spec.variables:
        here = counts[f"at:{variable.name}"]
        if isinstance(variable, Number):
            summaries[variable.name] = summary_of(variable.grid.values, here[:-1], int(here[-1]))
        else:
            summaries[variable.name] = FactorSummary(here[:-1], int(here[-1]))
    return GroupSummary(label, n, summaries)


def summary_of(values: Reals, counts: Integers, missing: int) -> NumberSummary:
    """Summary of a variable from counts on its values.

    values, counts  shape (m,), values ascending
    Quartiles are of type 7 (Hyndman and Fan 1996), the default of R. The deviation has divisor n - 1.
    """
    seen = np.flatnonzero(counts)
    n = int(counts.sum())
    if n == 0:
        nan = float("nan")
        return NumberSummary(0, missing, nan, nan, nan, nan, nan, nan, nan)
    at, weight = values[seen], counts[seen]
    mean = float(weight @ at) / n
    mean += float(weight @ (at - mean)) / n
    sd = float(np.sqrt(weight @ (at - mean) ** 2 / (n - 1))) if n > 1 else float("nan")
    upto = np.cumsum(weight)
    q1, median, q3 = (_quantile(at, upto, n, q) for q in (0.25, 0.5, 0.75))
    return NumberSummary(n, missing, mean, sd, median, q1, q3, float(at[0]), float(at[-1]))


def _quantile(at: Reals, upto: Integers, n: int, probability: float) -> float:
    position = (n - 1) * probability
    low = int(np.floor(position))
    below = float(at[np.searchsorted(upto, low, side="right")])
    above = float(at[np.searchsorted(upto, min(low + 1, n - 1), side="right")])
    return below + (position - low) * (above - below)


def _n_groups(spec: BaselineSpec) -> int:
    return len(spec.by) if spec.by else 1


def _n_values(variable: Factor | Number) -> int:
    return variable.grid.size if isinstance(variable, Number) else len(variable)


def _positions(rows: Rows, variable: Factor | Number) -> Integers:
    last = _n_values(variable)
    if isinstance(variable, Factor):
        codes = rows.codes[variable.name]
        return np.where(codes < 0, last, codes).astype(np.int64)
    values = rows.numbers[variable.name]
    known = ~np.isnan(values)
    position = np.full(rows.n, last, np.int64)
    position[known] = variable.grid.index(values[known])
    return position


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
    return [Task(analysis.name, "baseline", BaselineSpec(tuple(variables), by, analysis.overall), analysis.name)]


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


ESTIMATOR = Estimator("baseline", plan, size, no_params, start, shapes, prepare, summarize, solve, tabulate)
