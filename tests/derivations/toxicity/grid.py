"""Values just below, at and just above everything that a criterion compares them with, with limits and baselines."""

from __future__ import annotations

import re
from itertools import product

import numpy as np
import polars as pl

STEP = 0.005
"""How far beside a limit a value is: less than a mutant moves it."""


def grid(text: str, *, missing: bool = True) -> pl.DataFrame:
    """Rows AVAL, ANRLO, ANRHI, BASE, BNRIND, PCHG for an R expression."""
    body = re.sub(r'"\d"', "", text)
    found = sorted({float(number) for number in re.findall(r"\d+\.?\d*", body)})
    rows = [
        (value, low, high, base)
        for low, high in _limits(found, missing=missing)
        for base in _baselines(low, high, missing=missing)
        for value in _values(found, low, high, base)
    ]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(["AVAL", "ANRLO", "ANRHI", "BASE"], pl.Float64), orient="row")
    low, high, base = pl.col("ANRLO"), pl.col("ANRHI"), pl.col("BASE")
    state = pl.when(base > high).then(pl.lit("HIGH")).when(base < low).then(pl.lit("LOW"))
    known = low.is_not_null() & high.is_not_null() & base.is_not_null()
    return frame.unique(maintain_order=True).with_columns(
        state.when(known).then(pl.lit("NORMAL")).alias("BNRIND"),
        ((pl.col("AVAL") - base) / base * 100).alias("PCHG"),
    )


def _limits(numbers, *, missing):
    """Limits of normal around the numbers, so that they are beyond the worst and beside the best of them."""
    known = [(0.7 * min(numbers, default=1.0), 1.3 * max(numbers, default=2.0)), (10.0, 20.0)]
    known += [
        (1.1 * max(numbers, default=1.0), 2.0 * max(numbers, default=2.0)),
        (0.05, 0.9 * min(numbers, default=1.0)),
    ]
    rounded = [tuple(float(np.round(side, 4)) for side in pair) for pair in known]
    rounded = [(low, high) for low, high in rounded if low < high]
    return [*rounded, (None, rounded[0][1]), (rounded[0][0], None), (None, None)] if missing else rounded


def _baselines(low, high, *, missing):
    known = [(low or 1.0) * 0.5, (low or 1.0) * 1.1, ((low or 1.0) + (high or 2.0)) / 2, (high or 2.0) * 2]
    return [*known, None] if missing else known


def _values(numbers, low, high, base):
    at = {*numbers, *(n * side for n, side in product([1.0, *numbers], (low, high, base)) if side is not None)}
    at |= {high + n for n in numbers} if high is not None else set()
    at |= {base * (1 - n / 100) for n in numbers if n < 100} if base is not None else set()
    values = {round(x, 6) for x in at if x > 0}
    return sorted({round(value * factor, 9) for value in values for factor in (1 - STEP, 1, 1 + STEP)})
