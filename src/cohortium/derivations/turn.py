"""The first of several conditions that decides about a row: each is mentioned once, so the cost grows with their number."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl


def first_turn(conditions: Sequence[pl.Expr]) -> pl.Expr:
    """Position of the first condition, counted from 0, that is true or unknown, as Int32.

    Twice the position when the condition is true there, one more when it is unknown; null when all are false.
    """
    if not conditions:
        return pl.lit(None, dtype=pl.Int32)
    turns = [
        # False, true and unknown are 0, 1 and 2; a condition that is false has no turn.
        condition.cast(pl.Int32).fill_null(2).replace(0, None) + pl.lit(2 * position - 1, dtype=pl.Int32)
        for position, condition in enumerate(conditions)
    ]
    return pl.min_horizontal(turns)
