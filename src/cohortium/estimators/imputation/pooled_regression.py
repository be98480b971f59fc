"""Regressions of imputed rows pooled by Rubin's rules, line by line, as rows of the results table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from cohortium.estimators.distributions import normal_quantile
from cohortium.estimators.imputation.lines import T_TEST
from cohortium.estimators.imputation.pooling import RubinPooled, joint_wald, rubin
from cohortium.estimators.regression.lines import positions, term_rows
from cohortium.estimators.regression.quadratic import quadratic
from cohortium.estimators.regression.terms import product_with
from cohortium.estimators.weighting.e_value_rows import e_value_rows
from cohortium.estimators.wording import left_out
from cohortium.results import Statistic

if TYPE_CHECKING:
    from cohortium.estimators.contract import Task
    from cohortium.estimators.regression.counts import Counts
    from cohortium.estimators.regression.fitted import Fitted

D1 = "multiple-imputation Wald (D1) test"
SINGULAR = "the covariance of the coefficients is singular"


def rows(
    task: Task,
    _of_each: Sequence[Sequence[Statistic]],
    estimates: Sequence[Fitted],
    complete_df: Callable[[Any], float],
) -> list[Statistic]:
    """Rows of the results table of a regression: every term, its test, the model.

    complete_df   the first estimate to the degrees of freedom that the model would have with complete data
    """
    first = estimates[0]
    freedom = complete_df(first)
    out: list[Statistic] = []
    for number in range(len(first.spec.terms)):
        of_each = [term_rows(task, estimate, estimate.spec.terms[number]) for estimate in estimates]
        out += pooled_rows(of_each, first.spec.confidence, freedom)
    for term in first.spec.terms:
        if product_with(term, first.spec.terms) is None:
            out += _joint(task, estimates, positions(first, term), term.variable, "term-")
    out += e_value_rows(out, getattr(first.spec, "e_value", None))
    columns = list(range(len(first.spec.columns)))
    return [*out, *_model(task, estimates), *_joint(task, estimates, columns, task.variable, "")]


def free_columns(estimate: Fitted, columns: Sequence[int]) -> list[int]:
    """The columns that carry information of their own."""
    every = np.arange(len(estimate.spec.columns))
    return [j for j in columns if estimate.wald(every == j)[1] == 1]


def pooled_rows(of_each: Sequence[Sequence[Statistic]], confidence: float, complete_df: float) -> list[Statistic]:
    """Pool the rows of one term, which every imputation gives in the same order.

    Counts are means over imputations; an effect on the log scale is pooled and its limits are from Student's t.
    """
    out: list[Statistic] = []
    place = 0
    for _, line in groupby(of_each[0], key=lambda row: (row.variable, row.level)):
        n = len(list(line))
        lines = [list(rows_[place : place + n]) for rows_ in of_each]
        out += _line(lines, confidence, complete_df)
        place += n
    return out


def _line(lines: Sequence[Sequence[Statistic]], confidence: float, complete_df: float) -> Iterator[Statistic]:
    """One line of a table: counts, effect, test."""
    effects = [[row for row in line if row.statistic not in ("n", "events")] for line in lines]
    for position, row in enumerate(lines[0]):
        if row.statistic in ("n", "events"):
            yield _mean_count([line[position] for line in lines])
    if not effects[0] or effects[0][0].note == "reference":
        yield from effects[0]
        return
    refusal = _refusal(effects)
    if refusal:
        yield from (replace(row, value=None, lower=None, upper=None, warning=refusal) for row in effects[0])
        return
    pooled = _pooled(effects, complete_df)
    yield from _effect(effects[0], pooled, confidence)


def _effect(template: Sequence[Statistic], pooled: RubinPooled, confidence: float) -> Iterator[Statistic]:
    (lower,), (upper,) = pooled.limits(confidence)
    value, error = float(pooled.estimate[0]), float(pooled.standard_error[0])
    with np.errstate(over="ignore"):
        on_scale = {
            "coefficient": (value, lower, upper),
            "ratio": tuple(float(np.exp(x)) for x in (value, lower, upper)),
        }
    for row in template:
        if row.statistic.endswith("standard-error"):
            yield replace(row, value=error)
        elif row.statistic == "p-value":
            yield replace(row, value=float(pooled.p_values()[0]), note=T_TEST)
        else:
            numbers = on_scale["ratio" if row.statistic.endswith("ratio") else "coefficient"]
            at, low, high = (float(x) if np.isfinite(x) else None for x in numbers)
            yield replace(row, value=at, lower=low, upper=high)
    last = replace(template[0], lower=None, upper=None, confidence=None, format="statistic", warning="")
    df = float(pooled.df[0])
    why = "" if np.isfinite(df) else "infinite: the imputations do not differ"
    yield replace(last, statistic="df", value=df if not why else None, warning=why)
    yield replace(last, statistic="fraction-missing-information", value=float(pooled.missing_information[0]))


def _pooled(effects: Sequence[Sequence[Statistic]], complete_df: float) -> RubinPooled:
    """The effect over imputations, from its coefficient and error, or from a ratio with its limits."""
    numbers = [_estimate_of(rows_) for rows_ in effects]
    estimates, variances = (np.array([[pair[k]] for pair in numbers]) for k in range(2))
    return rubin(estimates, variances, complete_df)


def _estimate_of(effect: Sequence[Statistic]) -> tuple[float, float]:
    found = {row.statistic.removeprefix("spline-"): row for row in effect}
    if "coefficient" in found:
        return _value(found["coefficient"].value), _value(found["standard-error"].value) ** 2
    ratio = next(row for row in effect if row.statistic.endswith("ratio"))
    # A contrast is printed as a ratio alone; the width of its limits is its standard error.
    width = np.log(_value(ratio.upper)) - np.log(_value(ratio.lower))
    error = width / (2 * normal_quantile(0.5 + _value(ratio.confidence) / 2))
    return float(np.log(_value(ratio.value))), float(error**2)


def _value(value: float | None) -> float:
    return float("nan") if value is None else value


def _refusal(effects: Sequence[Sequence[Statistic]]) -> str:
    reasons = [next((row.warning for row in rows_ if row.value is None), None) for rows_ in effects]
    refused = [reason for reason in reasons if reason is not None]
    if not refused:
        return ""
    return f"not estimated in {len(refused)} of {len(effects)} imputations: {refused[0]}"


def _mean_count(rows_: Sequence[Statistic]) -> Statistic:
    values = [_value(row.value) for row in rows_]
    if len(set(values)) == 1:
        return rows_[0]
    mean = float(np.mean(values))
    n = None if rows_[0].n is None else round(float(np.mean([row.n or 0 for row in rows_])))
    of = None if rows_[0].denominator is None else n
    return replace(rows_[0], value=round(mean), n=n, denominator=of, note="mean over imputations, rounded")


def _joint(
    task: Task, estimates: Sequence[Fitted], columns: list[int], variable: str, prefix: str
) -> Iterator[Statistic]:
    """The Wald test of some coefficients together."""
    row = partial(
        Statistic,
        analysis=task.analysis,
        method=estimates[0].method,
        model=task.model,
        variable=variable,
        n=estimates[0].counts.n,
    )
    columns, why = _tested(estimates, columns)
    if why:
        yield from (row(statistic=f"{prefix}{name}", value=None, warning=why) for name in ("wald", "wald-p"))
        return
    at = np.ix_(columns, columns)
    if np.isnan(quadratic(np.mean([each.covariance[at] for each in estimates], axis=0), np.zeros(len(columns)))):
        yield from (row(statistic=f"{prefix}{name}", value=None, warning=SINGULAR) for name in ("wald", "wald-p"))
        return
    test = joint_wald(
        np.array([each.coefficients[columns] for each in estimates]),
        np.array([each.covariance[at] for each in estimates]),
    )
    df2 = "infinite" if np.isinf(test.df2) else f"{test.df2:.1f}"
    if prefix:
        yield row(statistic="term-df", value=test.df1, format="count")
    yield row(
        statistic=f"{prefix}wald", value=test.statistic, note=f"F with {test.df1} and {df2} degrees of freedom; {D1}"
    )
    yield row(statistic=f"{prefix}wald-p", value=test.p_value, format="p", note=D1)


def _tested(estimates: Sequence[Fitted], columns: list[int]) -> tuple[list[int], str]:
    """The columns with information of their own in every imputation, or why they cannot be tested."""
    problem = next((each.problem for each in estimates if each.problem), "")
    if problem:
        return columns, problem
    free = [free_columns(each, columns) for each in estimates]
    if any(one != free[0] for one in free):
        return columns, "a coefficient has no estimate in some imputations"
    names = [estimates[0].spec.columns[j].name for j in free[0] or columns]
    reasons = [each.refusals[name] for each in estimates for name in names if name in each.refusals]
    return free[0], reasons[0] if reasons else ""


def _model(task: Task, estimates: Sequence[Fitted]) -> list[Statistic]:
    """Who is counted, on average over imputations: an outcome that is imputed differs between them."""
    every = [each.counts for each in estimates]
    n, n_events = (round(float(np.mean(values))) for values in zip(*((c.n, c.n_events) for c in every), strict=True))
    problem = next((each.problem for each in estimates if each.problem), "")
    missing = round(float(np.mean([_left_out(counts) for counts in every])))
    left = left_out((missing, "a value not known, that is not imputed"))
    n_others = [getattr(each, "n_others", None) for each in estimates]
    competing = [] if None in n_others else [round(float(np.mean([k or 0 for k in n_others])))]
    row = partial(
        Statistic,
        analysis=task.analysis,
        method=estimates[0].method,
        model=task.model,
        variable=task.variable,
        n=n,
        format="count",
        note=task.spec.note,
        warning=problem or left,
    )
    return [
        row(statistic="model-n", value=n),
        row(statistic="model-events", value=n_events),
        *(row(statistic="model-competing-events", value=count) for count in competing),
        row(statistic="model-missing", value=missing),
        row(statistic="model-df", value=len(free_columns(estimates[0], range(len(estimates[0].spec.columns))))),
    ]


def _left_out(counts: Counts) -> int:
    return counts.missing + counts.missing_stratum + counts.invalid_entry + counts.invalid_weight
