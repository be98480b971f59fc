"""Balance before and after weighting, as the results table holds it."""

from __future__ import annotations

from dataclasses import dataclass, field

from cohortium.report.findings.warned import warnings_of
from cohortium.results import Results, Statistic

THRESHOLD = 0.1
"""Standardized differences below this are usually taken as balanced (Austin 2009)."""


@dataclass(frozen=True, slots=True)
class Side:
    """One compared column before or after weighting: means of control and treatment, difference, ratio of variances.

    behind   the rows of the results table in this order
    """

    means: tuple[float | None, float | None]
    difference: float | None
    ratio: float | None
    warnings: tuple[str, ...]
    behind: tuple[Statistic, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ComparedColumn:
    """A number, or the level of a category, before and after weighting."""

    variable: str
    level: str
    before: Side
    after: Side


@dataclass(frozen=True, slots=True)
class BalancedGroup:
    """One group: patients, those outside the range of scores, weights, and patients by score in bins of 0.02."""

    label: str
    n: int
    n_trimmed: int
    weight_sum: float | None
    effective: float | None
    largest: float | None
    scores: tuple[int, ...]
    behind: tuple[Statistic, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True)
class Balance:
    """Control and treatment compared; `limit` is where weights are cut, None when they are not."""

    groups: tuple[BalancedGroup, BalancedGroup]
    columns: tuple[ComparedColumn, ...]
    limit: float | None
    warnings: tuple[str, ...]

    @property
    def variables(self) -> tuple[str, ...]:
        """Variables in order."""
        return tuple(dict.fromkeys(column.variable for column in self.columns))

    def of(self, variable: str) -> tuple[ComparedColumn, ...]:
        """The columns of a variable."""
        return tuple(column for column in self.columns if column.variable == variable)


def balance(results: Results, analysis: str) -> Balance:
    """The balance of an analysis."""
    rows = results.where(analysis=analysis, method="balance")
    control, treated = (
        _group(rows.where(group=name, variable=""), name) for name in rows.where(statistic="n").distinct("group")
    )
    names = (control.label, treated.label)
    placed = {(s.variable, s.level, s.model, s.statistic, s.group): s for s in rows if s.variable}
    columns = tuple(
        ComparedColumn(*key, _side(placed, key, "unweighted", names), _side(placed, key, "weighted", names))
        for key in dict.fromkeys((s.variable, s.level) for s in rows if s.variable)
    )
    limit = rows.where(statistic="weight-limit")
    return Balance(
        (control, treated), columns, limit[0].value if limit else None, warnings_of(rows.where(statistic="n"))
    )


def _group(rows: Results, label: str) -> BalancedGroup:
    values = {s.statistic: s.value for s in rows if s.statistic != "score-count"}
    counts = tuple(int(s.value or 0) for s in rows.where(statistic="score-count"))
    return BalancedGroup(
        label,
        int(values["n"] or 0),
        int(values["trimmed"] or 0),
        values["weight-sum"],
        values["effective-sample-size"],
        values["largest-weight"],
        counts,
        behind=tuple(s for s in rows if s.statistic != "score-count"),
    )


def _side(
    placed: dict[tuple[str, str, str, str, str], Statistic], key: tuple[str, str], model: str, names: tuple[str, str]
) -> Side:
    difference = placed[*key, model, "standardized-difference", ""]
    ratio = placed.get((*key, model, "variance-ratio", ""))
    means = (placed[*key, model, "mean", names[0]], placed[*key, model, "mean", names[1]])
    return Side(
        (means[0].value, means[1].value),
        difference.value,
        None if ratio is None else ratio.value,
        warnings_of([difference]),
        behind=(*means, difference, *([] if ratio is None else [ratio])),
    )
