"""Summaries of numbers and of categories from counts on their declared values."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cohortium.estimators.baseline.spec import QuantileType
from cohortium.estimators.contract import Integers, Reals


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


def summary_of(values: Reals, counts: Integers, missing: int, quantile_type: QuantileType = "type-7") -> NumberSummary:
    """Summary of a variable from counts on its values.

    values, counts  shape (m,), values ascending
    quantile_type   definition of quartiles (Hyndman and Fan 1996): `type-7`, the default of R, or `type-2`, that of SAS

    The deviation has divisor n - 1.
    """
    seen = np.flatnonzero(counts)
    n = int(counts.sum())
    if n == 0:
        nan = float("nan")
        return NumberSummary(0, missing, nan, nan, nan, nan, nan, nan, nan)
    # Plain sums: the bits of a threaded product would depend on the machine, and starting its threads takes longer.
    at, weight = values[seen], counts[seen].astype(np.float64)
    mean = float((weight * at).sum()) / n
    mean += float((weight * (at - mean)).sum()) / n
    sd = float(np.sqrt((weight * (at - mean) ** 2).sum() / (n - 1))) if n > 1 else float("nan")
    upto = np.cumsum(counts[seen])
    q1, median, q3 = (QUANTILES[quantile_type](at, upto, n, q) for q in (0.25, 0.5, 0.75))
    return NumberSummary(n, missing, mean, sd, median, q1, q3, float(at[0]), float(at[-1]))


def _interpolated(at: Reals, upto: Integers, n: int, probability: float) -> float:
    position = (n - 1) * probability
    low = int(np.floor(position))
    below, above = _ordered(at, upto, low), _ordered(at, upto, min(low + 1, n - 1))
    return below + (position - low) * (above - below)


def _averaged_at_steps(at: Reals, upto: Integers, n: int, probability: float) -> float:
    position = n * probability
    low = int(np.floor(position))
    if position > low:
        return _ordered(at, upto, low)
    return (_ordered(at, upto, max(low - 1, 0)) + _ordered(at, upto, min(low, n - 1))) / 2


def _ordered(at: Reals, upto: Integers, position: int) -> float:
    """The value of that rank, counted from 0."""
    return float(at[np.searchsorted(upto, position, side="right")])


QUANTILES = {"type-7": _interpolated, "type-2": _averaged_at_steps}
