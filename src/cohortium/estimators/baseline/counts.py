"""Totals of a baseline table and what follows from them: the columns of the table and their comparison.

Totals: for each variable, patients by group and value (the last position counts patients whose value is not
known): whole numbers of shape (groups + 1, values + 1). Means, deviations, quartiles, ranks and tests follow from
the counts, so that they equal those of the pooled rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from cohortium.estimators.baseline.compare import Compared, compare
from cohortium.estimators.baseline.spec import BaselineSpec, Number
from cohortium.estimators.baseline.summaries import FactorSummary, NumberSummary, summary_of
from cohortium.estimators.contract import Done, Factor, Integers, Next, Rows, Step
from cohortium.totals import Params, Shape, Shapes, Totals


@dataclass(frozen=True)
class GroupSummary:
    """One column of the table: group label (empty for all patients), patients, summaries by variable name."""

    group: str
    n: int
    summaries: dict[str, NumberSummary | FactorSummary]


@dataclass(frozen=True)
class BaselineEstimate:
    """The columns of the table, patients whose group is not known, and comparisons of the groups by variable name."""

    spec: BaselineSpec
    groups: tuple[GroupSummary, ...]
    missing_group: int
    compared: dict[str, Compared] = field(default_factory=dict)


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
    if spec.by is None:
        return Done(BaselineEstimate(spec, tuple(groups), 0))
    compared = {v.name: compare(spec, v, totals[f"at:{v.name}"][:-1, :-1]) for v in spec.variables}
    return Done(BaselineEstimate(spec, tuple(groups), int(totals["n"][-1]), compared))


def _group(spec: BaselineSpec, label: str, n: int, counts: dict[str, Integers]) -> GroupSummary:
    summaries: dict[str, NumberSummary | FactorSummary] = {}
    for variable in spec.variables:
        here = counts[f"at:{variable.name}"]
        if isinstance(variable, Number):
            summaries[variable.name] = summary_of(variable.grid.values, here[:-1], int(here[-1]), spec.quantile_type)
        else:
            summaries[variable.name] = FactorSummary(here[:-1], int(here[-1]))
    return GroupSummary(label, n, summaries)


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
