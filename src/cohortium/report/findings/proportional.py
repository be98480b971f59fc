"""Tests of proportional hazards and the smoothed scaled Schoenfeld residuals, as the results table holds them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace

from cohortium.report.findings.warned import warnings_of
from cohortium.results import Results, Statistic

GLOBAL = "GLOBAL"
_JOIN = " x "


@dataclass(frozen=True, slots=True)
class ProportionalTest:
    """The test of one term, or of all together; the numbers are None when they could not be given."""

    variable: str
    chi_square: float | None
    df: int | None
    p: float | None
    warnings: tuple[str, ...] = ()
    behind: tuple[Statistic, ...] = field(default=(), compare=False, repr=False)

    @property
    def is_global(self) -> bool:
        """Whether it is the test of all terms together."""
        return self.variable == GLOBAL


@dataclass(frozen=True, slots=True)
class EffectCurve:
    """How a log hazard ratio runs over time, with its band.

    column     column of the model, e.g. `age` or `sex[Female]`
    estimate   the log hazard ratio that the model holds constant; None when not estimable
    p          of the test of its term
    """

    column: str
    time_days: tuple[float, ...]
    value: tuple[float, ...]
    lower: tuple[float | None, ...]
    upper: tuple[float | None, ...]
    estimate: float | None = None
    p: float | None = None
    confidence: float | None = None
    warnings: tuple[str, ...] = ()

    @property
    def variable(self) -> str:
        """The term that the column belongs to, `age x sex` for a product."""
        return _JOIN.join(part.partition("[")[0].rstrip("'") for part in self.column.split(_JOIN))

    @property
    def level(self) -> str:
        """The level of a category, `Female x Arm B` of a product; empty for a number."""
        labels = [part.partition("[")[2].removesuffix("]") for part in self.column.split(_JOIN)]
        return _JOIN.join(label for label in labels if label)

    @property
    def bend(self) -> int:
        """Which function of a spline it is, from 1 for the first that is not linear; 0 for anything else."""
        return len(self.column) - len(self.column.rstrip("'"))


def proportional_tests(results: Results, analysis: str) -> tuple[ProportionalTest, ...]:
    """The tests of a regression's terms in order, the global one last."""
    by_term: dict[str, dict[str, Statistic]] = defaultdict(dict)
    for row in results.where(analysis=analysis):
        if row.statistic in ("ph-chi-square", "ph-df", "ph-p"):
            by_term[row.variable][row.statistic] = row
    tests = [_test(variable, found) for variable, found in by_term.items()]
    return tuple(sorted(tests, key=lambda test: test.is_global))


def effect_curves(results: Results, analysis: str) -> tuple[EffectCurve, ...]:
    """The curve of each column of a regression, in the order of the results table."""
    rows = results.where(analysis=analysis)
    tests = {test.variable: test for test in proportional_tests(rows, analysis)}
    by_column: dict[str, list[Statistic]] = defaultdict(list)
    for row in rows.where(statistic="ph-curve"):
        by_column[row.variable].append(row)
    curves = [_curve(column, found) for column, found in by_column.items()]
    return tuple(
        replace(curve, estimate=_estimate(rows, curve), p=tests[curve.variable].p if curve.variable in tests else None)
        for curve in curves
    )


def _test(variable: str, found: dict[str, Statistic]) -> ProportionalTest:
    df = _value(found.get("ph-df"))
    return ProportionalTest(
        variable,
        _value(found.get("ph-chi-square")),
        None if df is None else int(df),
        _value(found.get("ph-p")),
        warnings_of(found.values()),
        behind=tuple(found.values()),
    )


def _curve(column: str, found: list[Statistic]) -> EffectCurve:
    steps = sorted((s for s in found if s.time is not None and s.value is not None), key=lambda s: s.time or 0.0)
    return EffectCurve(
        column=column,
        time_days=tuple(s.time or 0.0 for s in steps),
        value=tuple(s.value or 0.0 for s in steps),
        lower=tuple(s.lower for s in steps),
        upper=tuple(s.upper for s in steps),
        confidence=next((s.confidence for s in steps if s.confidence is not None), None),
        warnings=warnings_of(found),
    )


def _estimate(rows: Results, curve: EffectCurve) -> float | None:
    """The coefficient of a column; those of a spline stand under the names of its columns."""
    plain = rows.where(statistic="coefficient", variable=curve.variable, level=curve.level)
    spline = rows.where(statistic="spline-coefficient", variable=curve.variable, level=curve.column)
    found = [row for row in (*plain, *spline) if row.model in ("", "multivariable")]
    return found[0].value if found else None


def _value(statistic: Statistic | None) -> float | None:
    return statistic.value if statistic else None
