"""Cochran-Mantel-Haenszel: two groups and a binary outcome over strata, asymptotic and exact, with Breslow-Day."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cohortium.estimators.contract import Integers, Reals
from cohortium.estimators.distributions import chi_square_tail, normal_quantile

_AS_LIKELY = 1.0 + 1e-7
"""Outcomes whose probability exceeds that of the observed one by rounding only count as equally likely, as in R."""
_WIDEST_LOG_ODDS = 700.0


@dataclass(frozen=True)
class MantelHaenszel:
    """Results over strata; NaN where not defined.

    statistic, p_value   chi-square with 1 degree of freedom, without continuity correction
    corrected, p_corrected   the same with continuity correction
    odds_ratio, lower, upper   Mantel-Haenszel estimate with the limits of Robins, Breslow and Greenland (1986)
    breslow_day, p_homogeneity   test of a common odds ratio with Tarone's adjustment, `df` degrees of freedom
    """

    statistic: float
    p_value: float
    corrected: float
    p_corrected: float
    odds_ratio: float
    lower: float
    upper: float
    breslow_day: float
    df: int
    p_homogeneity: float


@dataclass(frozen=True)
class ExactConditional:
    """The exact conditional analysis: two-sided p-value, conditional maximum-likelihood odds ratio, exact limits."""

    p_value: float
    odds_ratio: float
    lower: float
    upper: float


def mantel_haenszel(tables: Integers, confidence: float = 0.95) -> MantelHaenszel:
    """The Cochran-Mantel-Haenszel analysis.

    tables   shape (strata, 2, 2): [stratum, group, outcome], the group of interest and the outcome of interest first

    Strata with fewer than two patients, or without both groups and both outcomes, tell nothing and drop out.
    References: Mantel and Haenszel 1959; Robins, Breslow and Greenland 1986; Breslow and Day 1980; Tarone 1985.
    """
    t = _informative(tables).astype(np.float64)
    a, b, c, d = t[:, 0, 0], t[:, 0, 1], t[:, 1, 0], t[:, 1, 1]
    n, row, column = t.sum((1, 2)), t[:, 0].sum(1), t[:, :, 0].sum(1)
    expected = row * column / n
    variance = float((row * (n - row) * column * (n - column) / (n * n * (n - 1))).sum())
    gap = abs(float((a - expected).sum()))
    statistic = gap * gap / variance if variance else float("nan")
    # R takes no more off than there is.
    corrected = (gap - min(0.5, gap)) ** 2 / variance if variance else float("nan")
    ratio, lower, upper = _common_odds_ratio(a, b, c, d, n, confidence)
    homogeneity, df = _breslow_day(a, row, column, n, ratio)
    return MantelHaenszel(
        statistic,
        _tail(statistic, 1),
        corrected,
        _tail(corrected, 1),
        ratio,
        lower,
        upper,
        homogeneity,
        df,
        _tail(homogeneity, df),
    )


def exact_conditional(tables: Integers, confidence: float = 0.95) -> ExactConditional:
    """The exact analysis given both margins of every stratum.

    tables   shape (strata, 2, 2), as in `mantel_haenszel`

    The sum of the first cells is a sum of independent hypergeometric numbers; its distribution is their convolution.
    Two-sided p: all sums that are no likelier than the observed one. Reference: Mehta, Patel and Gray 1985.
    """
    kept = _informative(tables)
    if not len(kept):
        nan = float("nan")
        return ExactConditional(nan, nan, 0.0, math.inf)
    lowest, log_weights = _sum_distribution(kept)
    sums = lowest + np.arange(log_weights.size)
    observed = int(kept[:, 0, 0].sum())

    def at(log_odds: float) -> Reals:
        tilted = log_weights + sums * log_odds
        weights = np.exp(tilted - tilted.max())
        return np.asarray(weights / weights.sum())

    null = at(0.0)
    p_value = min(1.0, float(null[null <= null[observed - lowest] * _AS_LIKELY].sum()))
    first, last = sums[0], sums[-1]
    half = (1 - confidence) / 2
    estimate = 0.0 if observed == first else math.inf
    if first < observed < last:
        estimate = _root(lambda x: float(at(x) @ sums) - observed)
    lower = 0.0 if observed == first else _root(lambda x: float(at(x)[observed - lowest :].sum()) - half)
    upper = math.inf if observed == last else _root(lambda x: half - float(at(x)[: observed - lowest + 1].sum()))
    return ExactConditional(p_value, estimate, lower, upper)


def _informative(tables: Integers) -> Integers:
    kept = (tables.sum(2) > 0).all(1) & (tables.sum(1) > 0).all(1)
    return np.asarray(tables[kept])


def _common_odds_ratio(
    a: Reals, b: Reals, c: Reals, d: Reals, n: Reals, confidence: float
) -> tuple[float, float, float]:
    for_it, against = a * d / n, b * c / n
    r, s = float(for_it.sum()), float(against.sum())
    if not r and not s:
        return float("nan"), float("nan"), float("nan")
    if not r or not s:
        return (0.0 if not r else math.inf), float("nan"), float("nan")
    p, q = (a + d) / n, (b + c) / n
    variance = (p @ for_it) / (2 * r * r) + (p @ against + q @ for_it) / (2 * r * s) + (q @ against) / (2 * s * s)
    half = normal_quantile(0.5 + confidence / 2) * math.sqrt(variance)
    return r / s, r / s * math.exp(-half), r / s * math.exp(half)


def _breslow_day(a: Reals, row: Reals, column: Reals, n: Reals, ratio: float) -> tuple[float, int]:
    df = a.size - 1
    if df < 1 or not 0 < ratio < math.inf:
        return float("nan"), max(df, 0)
    expected = _expected_under(ratio, row, column, n)
    parts = 1 / expected + 1 / (row - expected) + 1 / (column - expected) + 1 / (n - row - column + expected)
    variance = 1 / parts
    gap = a - expected
    return float((gap * gap / variance).sum() - gap.sum() ** 2 / variance.sum()), df


def _expected_under(ratio: float, row: Reals, column: Reals, n: Reals) -> Reals:
    """First cells under a common odds ratio: the root of a quadratic, in the form that loses no digits."""
    k = 1.0 - ratio
    linear = n - row - column + ratio * (row + column)
    constant = -ratio * row * column
    root = np.sqrt(linear * linear - 4 * k * constant)
    return np.asarray(-2 * constant / (linear + root))


def _sum_distribution(tables: Integers) -> tuple[int, Reals]:
    """Smallest possible sum of first cells, and log weights of that sum and the following ones at odds ratio 1."""
    from scipy.special import gammaln

    lowest, total = 0, np.zeros(1)
    for table in tables:
        row, other, column = int(table[0].sum()), int(table[1].sum()), int(table[:, 0].sum())
        low, high = max(0, column - other), min(row, column)
        cell = np.arange(low, high + 1)
        log_ways = -gammaln(cell + 1) - gammaln(row - cell + 1) - gammaln(column - cell + 1)
        log_ways -= gammaln(other - column + cell + 1)
        total = _convolve(total, log_ways - log_ways.max())
        lowest += low
    return lowest, total


def _convolve(first: Reals, second: Reals) -> Reals:
    """Logarithms of the convolution of two sequences given as logarithms; tails keep their digits."""
    out = np.full(first.size + second.size - 1, -np.inf)
    for shift, weight in enumerate(second):
        part = slice(shift, shift + first.size)
        out[part] = np.logaddexp(out[part], first + weight)
    return np.asarray(out - out.max())


def _root(rising: Callable[[float], float]) -> float:
    """The odds ratio at which a rising function of its logarithm is zero."""
    from scipy.optimize import brentq

    width = 1.0
    while width < _WIDEST_LOG_ODDS and rising(-width) * rising(width) > 0:
        width *= 2
    return math.exp(brentq(rising, -width, width, xtol=1e-14, rtol=1e-14, maxiter=500))


def _tail(statistic: float, df: int) -> float:
    return chi_square_tail(statistic, df) if df > 0 and math.isfinite(statistic) else float("nan")
