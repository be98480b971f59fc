"""Response rates of imputed rows pooled: Wilson intervals over imputations, differences and ratios of groups."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cohortium.estimators.distributions import student_quantile
from cohortium.estimators.imputation.lines import T_TEST, Line, count, pooled_lines, rows_of_test
from cohortium.estimators.imputation.pooling import RubinPooled, joint_wald, rubin
from cohortium.estimators.proportions.intervals import Limits
from cohortium.results import Statistic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.estimators.contract import Reals, Task
    from cohortium.estimators.proportions.rates import OutcomeRates, RatesEstimate, RatesSpec

WILSON = "Wilson interval over imputations (Lott and Reiter)"
NEWCOMBE = "Newcombe interval from Wilson limits over imputations"
KATZ = "log interval"
D1 = "multiple-imputation Wald (D1) test"
EMPTY = "a group has no patients in an imputation"
NO_EVENTS = "a group has nobody with the outcome in an imputation, so the ratio has no standard error"


class PooledRate(NamedTuple):
    """A rate over imputations: Rubin's estimates and the limits."""

    rubin: RubinPooled
    limits: Limits


def pooled_rate(x: Reals, n: Reals, confidence: float = 0.95) -> PooledRate:
    r"""A proportion over imputations with Wilson limits, the solutions p of

    .. math:: (\bar p - p)^2 = t^2 (1 + r)\, p (1 - p) / n ,

    r being the relative increase in variance and t the quantile of Student's t with Barnard and Rubin's degrees of
    freedom for n - 1.

    x, n   shape (m,): patients with the outcome and all patients; of n the mean counts in the limits

    Reference: Lott and Reiter 2020.
    """
    p, size = x / n, float(n.mean())
    pooled = rubin(p[:, None], (p * (1 - p) / n)[:, None], max(size - 1, 1.0))
    estimate = float(pooled.estimate[0])
    increase = float(pooled.increase[0]) if math.isfinite(pooled.increase[0]) else 0.0
    # Where nobody or everybody has the outcome in every imputation there is no variance at all.
    spread = student_quantile(0.5 + confidence / 2, float(pooled.df[0])) ** 2 * (1 + increase) / size
    if not math.isfinite(spread):
        spread = student_quantile(0.5 + confidence / 2, max(size - 1, 1.0)) ** 2 / size
    center = (estimate + spread / 2) / (1 + spread)
    half = math.sqrt(spread * estimate * (1 - estimate) + spread * spread / 4) / (1 + spread)
    lower = 0.0 if estimate == 0 else center - half
    return PooledRate(pooled, Limits(lower, 1.0 if estimate == 1 else center + half))


def rows(_task: Task, of_each: Sequence[Sequence[Statistic]], estimates: Sequence[RatesEstimate]) -> list[Statistic]:
    """Rows of the results table: counts are means, rates and comparisons are pooled."""
    spec = estimates[0].spec
    places: dict[tuple[str, str], int] = {
        (found.outcome.label, found.denominator): at for at, found in enumerate(estimates[0].found)
    }

    def of(line: Line) -> list[OutcomeRates]:
        at = places[line.first.level, line.first.population]
        return [estimate.found[at] for estimate in estimates]

    return pooled_lines(
        of_each,
        {
            "n": count,
            "count": count,
            "percent": lambda line: _percent(line, of(line), spec.confidence),
            "difference": lambda line: _contrast(line, of(line), spec),
            "ratio": lambda line: _contrast(line, of(line), spec),
            "p-value": lambda line: _all_groups(line, of(line)) if not line.first.group else [],
        },
    )


def _counts(found: Sequence[OutcomeRates], group: str) -> tuple[Reals, Reals]:
    rates = [next(rate for rate in one.rates if rate.group == group) for one in found]
    return np.array([rate.x for rate in rates], np.float64), np.array([rate.n for rate in rates], np.float64)


def _percent(line: Line, found: Sequence[OutcomeRates], confidence: float) -> list[Statistic]:
    x, n = _counts(found, line.first.group)
    first = replace(line.first, n=round(float(n.mean())), denominator=round(float(n.mean())), note=WILSON)
    if line.refusal:
        return [replace(first, value=None, lower=None, upper=None, warning=line.refusal)]
    rate = pooled_rate(x, n, confidence)
    lower, upper = (100.0 * limit for limit in rate.limits)
    percent = replace(first, value=100.0 * float(rate.rubin.estimate[0]), lower=lower, upper=upper)
    return [percent, *_beside(percent, rate.rubin)]


def _beside(row: Statistic, pooled: RubinPooled) -> list[Statistic]:
    """Degrees of freedom and missing information of an estimate."""
    df = float(pooled.df[0])
    known = math.isfinite(df)
    said = partial(replace, row, lower=None, upper=None, confidence=None, unit="", format="statistic")
    return [
        said(statistic="df", value=df if known else None, warning="" if known else "the imputations do not differ"),
        said(statistic="fraction-missing-information", value=float(pooled.missing_information[0]), warning=""),
    ]


def _contrast(line: Line, found: Sequence[OutcomeRates], spec: RatesSpec) -> list[Statistic]:
    first = line.first
    pair = next(each for each in found[0].compared if f"{each.group} v {each.reference}" == first.group)
    (x1, n1), (x0, n0) = (_counts(found, pair.group), _counts(found, pair.reference))
    sizes = round(float((n1 + n0).mean()))
    first = replace(first, n=sizes, note=KATZ if spec.compare == "ratio" else NEWCOMBE)
    test = replace(
        first, statistic="p-value", lower=None, upper=None, confidence=None, unit="", format="p", note=T_TEST
    )
    is_ratio = spec.compare == "ratio"
    why = EMPTY if not (n1.all() and n0.all()) else NO_EVENTS if is_ratio and not (x1.all() and x0.all()) else ""
    if why:
        return [replace(row, value=None, lower=None, upper=None, warning=why) for row in (first, test)]
    p1, p0 = x1 / n1, x0 / n0
    estimate = np.log(p1 / p0) if is_ratio else p1 - p0
    variance = (1 - p1) / x1 + (1 - p0) / x0 if is_ratio else p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0
    pooled = rubin(estimate[:, None], variance[:, None], max(float((n1 + n0).mean()) - 2, 1.0))
    at = float(pooled.estimate[0])
    if is_ratio:
        (low,), (high,) = pooled.limits(spec.confidence)
        value, lower, upper = (math.exp(float(number)) for number in (at, low, high))
    else:
        of_group = [pooled_rate(x, n, spec.confidence) for x, n in ((x1, n1), (x0, n0))]
        (low1, high1), (low0, high0) = (rate.limits for rate in of_group)
        m1, m0 = (float(rate.rubin.estimate[0]) for rate in of_group)
        value = 100.0 * at
        lower = 100.0 * (at - math.hypot(m1 - low1, high0 - m0))
        upper = 100.0 * (at + math.hypot(high1 - m1, m0 - low0))
    has_error = pooled.standard_error[0] > 0
    p_value = float(pooled.p_values()[0]) if has_error else None
    no_test = "" if has_error else "the rates have no variance in any imputation"
    return [
        replace(first, value=value, lower=lower, upper=upper, warning=""),
        replace(test, value=p_value, warning=no_test),
        *(_beside(first, pooled) if has_error else []),
    ]


def _all_groups(line: Line, found: Sequence[OutcomeRates]) -> list[Statistic]:
    """Equality of the rates of all groups, by their differences from the first."""
    groups = [rate.group for rate in found[0].rates if rate.group]
    counts = [_counts(found, group) for group in groups]
    if not all(n.all() for _, n in counts):
        return [replace(line.first, value=None, note=D1, warning=EMPTY)]
    rates = np.stack([x / n for x, n in counts], axis=1)
    variances = np.stack([x / n * (1 - x / n) / n for x, n in counts], axis=1)
    if (variances[:, 1:].min(axis=1) <= 0).any():
        return [replace(line.first, value=None, note=D1, warning="nobody or everybody in a group has the outcome")]
    k = len(groups) - 1
    covariances = variances[:, :1, None] * np.ones((k, k)) + np.stack([np.diag(v[1:]) for v in variances])
    found_test = joint_wald(rates[:, 1:] - rates[:, :1], covariances)
    return rows_of_test(replace(line.first, statistic="test-statistic", note="", warning=""), found_test, D1, "p-value")
