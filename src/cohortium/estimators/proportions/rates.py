"""Rates of binary outcomes by group, among all treated and among those whose outcome could be assessed.

Totals: patients by group (the last place for those whose group is not known), and by outcome and group those with
the outcome and those evaluable for it; if asked, patients by group and level of a category. Whole numbers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from cohortium.estimators.comparisons.contingency import compare_categories
from cohortium.estimators.contract import Done, Factor, Integers, Next, Rows, Step
from cohortium.estimators.proportions.contrasts import (
    DifferenceInterval,
    TwoGroups,
    difference_limits,
    ratio_limits,
)
from cohortium.estimators.proportions.intervals import Limits, ProportionInterval, proportion_limits
from cohortium.totals import Params, Shape, Shapes, Totals

if TYPE_CHECKING:
    from cohortium.estimators.comparisons.comparison import Comparison
    from cohortium.estimators.proportions.outcome import Outcome

Denominator = Literal["all-treated", "response-evaluable"]
Contrast = Literal["difference", "ratio", "none"]


@dataclass(frozen=True)
class RatesSpec:
    """Which rates to estimate.

    outcomes             in order
    by                   groups; None for all patients together
    denominators         `all-treated`: everybody; `response-evaluable`: those whose outcome could be assessed
    overall              whether all groups together are a column too
    interval             of a rate
    compare              how groups are compared with the reference group
    difference_interval  of a difference; a ratio has Miettinen and Nurminen's
    reference            code of the group that the others are compared with; the first one when empty
    categories           a category whose every level is counted too; None for none
    unassessed           codes of its levels that are no assessment: not among the response-evaluable
    """

    outcomes: tuple[Outcome, ...]
    by: Factor | None = None
    denominators: tuple[Denominator, ...] = ("all-treated", "response-evaluable")
    overall: bool = True
    interval: ProportionInterval = "exact"
    compare: Contrast = "difference"
    difference_interval: DifferenceInterval = "newcombe"
    reference: str = ""
    confidence: float = 0.95
    categories: Factor | None = None
    unassessed: tuple[str, ...] = ()
    population: str = "cohort"

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed."""
        named = {outcome.variable.name: outcome.variable for outcome in self.outcomes}
        if self.categories:
            named[self.categories.name] = self.categories
        return (*named.values(), *((self.by,) if self.by else ()))

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed: none."""
        return ()

    @property
    def n_groups(self) -> int:
        """Groups of known name; one when all patients are together."""
        return len(self.by) if self.by else 1


@dataclass(frozen=True)
class Rate:
    """Patients with the outcome among all of a group, with limits; NaN limits without patients."""

    group: str
    x: int
    n: int
    limits: Limits


@dataclass(frozen=True)
class Compared:
    """A group against the reference group.

    estimate  difference or ratio of the two rates; NaN where there is none, and `problem` says why
    test      Pearson's chi-square test, or Fisher's exact test where an expected count is below 5
    """

    group: str
    reference: str
    n: int
    estimate: float
    limits: Limits
    test: Comparison
    problem: str = ""


@dataclass(frozen=True)
class OutcomeRates:
    """One outcome with one denominator: its rate in each column, comparisons, and a test of all groups if over two."""

    outcome: Outcome
    denominator: Denominator
    rates: tuple[Rate, ...]
    compared: tuple[Compared, ...]
    test: Comparison | None


@dataclass(frozen=True)
class CategoryCounts:
    """Patients of a column (group label, empty for all) at each level, shape (levels,), and those not known."""

    group: str
    counts: Integers
    unknown: int


@dataclass(frozen=True)
class RatesEstimate:
    """Patients by column (group label, empty for all), those without a known group, rates by denominator, levels."""

    spec: RatesSpec
    sizes: tuple[tuple[str, int], ...]
    missing_group: int
    found: tuple[OutcomeRates, ...]
    categories: tuple[CategoryCounts, ...] = ()


def size(spec: RatesSpec) -> int:
    """Numbers in the totals."""
    n_levels = len(spec.categories) + 1 if spec.categories else 0
    return (2 * len(spec.outcomes) + 1 + n_levels) * (spec.n_groups + 1)


def start(_spec: RatesSpec) -> Next:
    """The only round, without parameters."""
    return Next(Params({}))


def shapes(spec: RatesSpec, _params: Params) -> Shapes:
    """Declared shape of the totals: outcomes, groups (the last one for an unknown group), levels (last: unknown)."""
    groups = spec.n_groups + 1
    by_outcome = Shape("int", (len(spec.outcomes), groups))
    out = {"n": Shape("int", (groups,)), "with_outcome": by_outcome, "evaluable": by_outcome}
    return {**out, "at_level": Shape("int", (groups, len(spec.categories) + 1))} if spec.categories else out


def prepare(rows: Rows, spec: RatesSpec) -> Totals:
    """All counts; nothing depends on the round."""
    groups = spec.n_groups + 1
    group = rows.codes[spec.by.name].astype(np.int64) if spec.by else np.zeros(rows.n, np.int64)
    group = np.where(group < 0, groups - 1, group)
    having = [np.bincount(group[outcome.has(rows)], minlength=groups) for outcome in spec.outcomes]
    evaluable = [np.bincount(group[outcome.is_evaluable(rows)], minlength=groups) for outcome in spec.outcomes]
    n = np.bincount(group, minlength=groups)
    arrays = {"n": n, "with_outcome": np.stack(having), "evaluable": np.stack(evaluable)}
    return Totals(
        {**arrays, "at_level": _at_level(rows, spec.categories, group, groups)} if spec.categories else arrays
    )


def _at_level(rows: Rows, category: Factor, group: Integers, groups: int) -> Integers:
    width = len(category) + 1
    level = rows.codes[category.name].astype(np.int64) % width
    return np.bincount(group * width + level, minlength=groups * width).reshape(groups, width)


def summarize(prepared: Totals, _params: Params) -> Totals:
    """Patients by outcome and group."""
    return prepared


def solve(spec: RatesSpec, totals: Totals, _step: Next) -> Step:
    """Rates, their comparisons and tests."""
    everyone = np.broadcast_to(totals["n"], totals["evaluable"].shape)
    of = {"all-treated": everyone, "response-evaluable": totals["evaluable"]}
    found = tuple(
        _outcome(spec, outcome, denominator, totals["with_outcome"][i], of[denominator][i])
        for denominator in spec.denominators
        for i, outcome in enumerate(spec.outcomes)
    )
    sizes = tuple((label, int(part.sum())) for label, part in _columns(spec, totals["n"]))
    missing = int(totals["n"][-1]) if spec.by else 0
    return Done(RatesEstimate(spec, sizes, missing, found, _categories(spec, totals)))


def _categories(spec: RatesSpec, totals: Totals) -> tuple[CategoryCounts, ...]:
    if spec.categories is None:
        return ()
    columns = _columns(spec, totals["at_level"])
    added = ((label, part.sum(axis=0)) for label, part in columns)
    return tuple(CategoryCounts(label, counts[:-1], int(counts[-1])) for label, counts in added)


def _columns(spec: RatesSpec, counts: Integers) -> list[tuple[str, Integers]]:
    """The columns of the table with their part of the counts by group."""
    labels = spec.by.labels if spec.by else ()
    columns = [("", counts)] if spec.overall or not labels else []
    return [*columns, *((label, counts[g : g + 1]) for g, label in enumerate(labels))]


def _outcome(
    spec: RatesSpec, outcome: Outcome, denominator: Denominator, having: Integers, among: Integers
) -> OutcomeRates:
    rates = []
    for (label, x), (_, n) in zip(_columns(spec, having), _columns(spec, among), strict=True):
        counts = int(x.sum()), int(n.sum())
        rates.append(Rate(label, *counts, proportion_limits(*counts, spec.interval, spec.confidence)))
    if spec.by is None or spec.compare == "none":
        return OutcomeRates(outcome, denominator, tuple(rates), (), None)
    table = np.stack([having[:-1], among[:-1] - having[:-1]], axis=1)
    reference = spec.by.codes.index(spec.reference) if spec.reference else 0
    others = [g for g in range(len(spec.by)) if g != reference]
    compared = tuple(_compared(spec, spec.by, table, g, reference) for g in others)
    test = compare_categories(table) if len(others) > 1 else None
    return OutcomeRates(outcome, denominator, tuple(rates), compared, test)


def _compared(spec: RatesSpec, by: Factor, table: Integers, group: int, reference: int) -> Compared:
    (x1, rest1), (x0, rest0) = table[group].tolist(), table[reference].tolist()
    counts = TwoGroups(x1, x1 + rest1, x0, x0 + rest0)
    is_ratio = spec.compare == "ratio"
    problem = _problem(counts, is_ratio=is_ratio)
    p1, p0 = (math.nan, math.nan) if problem else counts.proportions
    limits = (
        ratio_limits(counts, spec.confidence)
        if is_ratio
        else difference_limits(counts, spec.difference_interval, spec.confidence)
    )
    return Compared(
        by.labels[group],
        by.labels[reference],
        counts.n1 + counts.n0,
        p1 / p0 if is_ratio else p1 - p0,
        limits,
        compare_categories(table[[group, reference]]),
        problem,
    )


def _problem(counts: TwoGroups, *, is_ratio: bool) -> str:
    if not counts.n1 or not counts.n0:
        return "a group has no patients"
    if not is_ratio or counts.x0:
        return ""
    return "nobody in the reference group has the outcome" if counts.x1 else "nobody has the outcome"
