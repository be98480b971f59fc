"""A study's response rates as tasks, and their estimates as rows of the results table."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from cohortium.estimators.contract import Estimator, Task, no_params
from cohortium.estimators.planning import factor_of
from cohortium.estimators.proportions import rates
from cohortium.estimators.proportions.outcome import Outcome
from cohortium.estimators.proportions.rates import CategoryCounts, OutcomeRates, RatesEstimate, RatesSpec
from cohortium.estimators.wording import left_out
from cohortium.results import Statistic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.estimators.comparisons.comparison import Comparison
    from cohortium.study.analyses import ResponseRates
    from cohortium.study.study import Study

INTERVALS = {
    "exact": "exact interval (Clopper-Pearson)",
    "wilson": "Wilson interval",
    "jeffreys": "Jeffreys interval",
    "newcombe": "Newcombe interval",
    "miettinen-nurminen": "Miettinen-Nurminen interval",
}
NOBODY = "no patients"


def codes_of(study: Study, variable: str, words: Sequence[str]) -> tuple[str, ...]:
    """Codes of the levels that a study file names by label or by code, in declared order."""
    return tuple(level.code for level in study.variable(variable).levels if {level.code, level.label} & set(words))


def outcome_of(
    study: Study, label: str, variable: str, levels: Sequence[str], not_evaluable: Sequence[str] = ()
) -> Outcome:
    """A declared outcome."""
    codes, unknown = codes_of(study, variable, levels), codes_of(study, variable, not_evaluable)
    return Outcome(label, factor_of(study, variable), codes, unknown)


def plan(study: Study, analysis: ResponseRates) -> list[Task]:
    """The one task of a `response-rates` analysis."""
    outcomes = []
    for each in analysis.outcomes:
        variable = each.variable or analysis.variable or ""
        not_evaluable = analysis.not_evaluable if variable == analysis.variable else ()
        outcomes.append(outcome_of(study, each.label, variable, each.levels, not_evaluable))
    by = factor_of(study, analysis.by) if analysis.by else None
    counted = analysis.variable if analysis.categories else None
    spec = RatesSpec(
        outcomes=tuple(outcomes),
        by=by,
        denominators=analysis.populations,
        overall=analysis.overall,
        interval=analysis.interval,
        compare=analysis.compare,
        difference_interval=analysis.difference_interval,
        reference=codes_of(study, analysis.by, [analysis.reference])[0] if analysis.by and analysis.reference else "",
        confidence=analysis.confidence,
        categories=factor_of(study, counted) if counted else None,
        unassessed=codes_of(study, counted, analysis.not_evaluable) if counted else (),
    )
    return [Task(analysis.name, "response-rates", spec, analysis.name)]


def tabulate(task: Task, estimate: RatesEstimate) -> list[Statistic]:
    """Rows of the results table: group sizes, then each outcome's counts, percentages and comparisons."""
    warning = left_out((estimate.missing_group, "group not known"))
    row = partial(Statistic, analysis=task.analysis, method="response-rates")
    rows = [
        row(statistic="n", group=group, value=n, n=n, format="count", warning=warning if group else "")
        for group, n in estimate.sizes
    ]
    for column in estimate.categories:
        for denominator in estimate.spec.denominators:
            rows += _categories(partial(row, group=column.group, population=denominator), estimate.spec, column)
    for found in estimate.found:
        own = partial(
            row, population=found.denominator, variable=found.outcome.variable.name, level=found.outcome.label
        )
        rows += _rates(own, estimate.spec, found)
        rows += _comparisons(own, estimate.spec, found)
    return rows


def _categories(row: partial[Statistic], spec: RatesSpec, column: CategoryCounts) -> list[Statistic]:
    """Patients at each level of one column, then, of all treated, those not known."""
    category = spec.categories
    if category is None:
        return []
    everybody = row.keywords["population"] == "all-treated"
    named = [
        (label, int(count), "category-count")
        for code, label, count in zip(category.codes, category.labels, column.counts, strict=True)
        if everybody or code not in spec.unassessed
    ]
    if everybody:
        named.append(("", column.unknown, "category-unknown"))
    n = sum(count for _, count, _ in named)
    rows = []
    for label, count, statistic in named:
        own = partial(row, variable=category.name, level=label, n=n, denominator=n)
        percent = 100.0 * count / n if n else None
        rows += [
            own(statistic=statistic, value=count, format="count"),
            own(
                statistic="category-percent",
                value=percent,
                unit="percent",
                format="percent",
                warning="" if n else NOBODY,
            ),
        ]
    return rows


def _rates(row: partial[Statistic], spec: RatesSpec, found: OutcomeRates) -> list[Statistic]:
    rows = []
    for rate in found.rates:
        own = partial(row, group=rate.group, n=rate.n, denominator=rate.n)
        known = rate.n > 0
        rows += [
            own(statistic="n", value=rate.n, format="count"),
            own(statistic="count", value=rate.x, format="count"),
            own(
                statistic="percent",
                value=100.0 * rate.x / rate.n if known else None,
                lower=100.0 * rate.limits.lower if known else None,
                upper=100.0 * rate.limits.upper if known else None,
                confidence=spec.confidence,
                unit="percent",
                format="percent",
                note=INTERVALS[spec.interval],
                warning="" if known else NOBODY,
            ),
        ]
    return rows


def _comparisons(row: partial[Statistic], spec: RatesSpec, found: OutcomeRates) -> list[Statistic]:
    rows = []
    is_ratio = spec.compare == "ratio"
    scale, unit, form = (1.0, "", "ratio") if is_ratio else (100.0, "percentage points", "percent")
    for each in found.compared:
        own = partial(row, group=f"{each.group} v {each.reference}", n=each.n)
        estimate = own(
            statistic=spec.compare,
            value=_finite(scale * each.estimate),
            lower=_finite(scale * each.limits.lower),
            upper=_finite(scale * each.limits.upper),
            confidence=spec.confidence,
            unit=unit,
            format=form,
            note=INTERVALS["miettinen-nurminen" if is_ratio else spec.difference_interval],
            warning=each.problem,
        )
        rows += [estimate, _test(own, each.test)]
    if found.test is not None:
        rows.append(_test(partial(row, n=sum(rate.n for rate in found.rates if rate.group)), found.test))
    return rows


def _test(row: partial[Statistic], test: Comparison) -> Statistic:
    return row(statistic="p-value", value=_finite(test.p_value), format="p", note=test.name, warning=test.problem)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


ESTIMATOR = Estimator(
    "response-rates",
    plan,
    rates.size,
    no_params,
    rates.start,
    rates.shapes,
    rates.prepare,
    rates.summarize,
    rates.solve,
    tabulate,
)
