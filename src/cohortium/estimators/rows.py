"""From a data frame to the arrays that estimators read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.contract import Factor, Rows, Spec

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl


def rows_of(frame: pl.DataFrame, specs: Iterable[Spec]) -> Rows:
    """The arrays that some specifications need from one site's frame.

    Categories are matched by code; a text column read as a number (a category's numeric codes) is converted.
    """
    import polars as pl

    factors: dict[str, Factor] = {}
    numbers: dict[str, None] = {}
    for spec in specs:
        factors.update({factor.name: factor for factor in spec.factors})
        numbers.update(dict.fromkeys(spec.numbers))
    # All columns at once: a plan for each would take longer than its work.
    codes = frame.select(
        pl.col(name)
        .cast(pl.String)
        .replace_strict(list(factor.codes), list(range(len(factor))), default=-1, return_dtype=pl.Int32)
        .fill_null(-1)
        for name, factor in factors.items()
    )
    reals = frame.select(pl.col(name).cast(pl.Float64).fill_null(float("nan")) for name in numbers)
    return Rows(frame.height, _arrays(reals), _arrays(codes))


def _arrays(frame: pl.DataFrame) -> dict[str, np.ndarray]:
    return {column.name: np.asarray(column.to_numpy()) for column in frame}
