"""Values of assessments in the one unit of their quantity."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from cohortium.study.quantities import QUANTITIES, converted
from cohortium.study.suggest import one_of

NUMBERS = ("value", "lower_limit", "upper_limit")
_FACTOR = "#factor"


def with_own_units(frame: pl.DataFrame, given: Mapping[str, str]) -> tuple[pl.DataFrame, Mapping[str, pl.Series]]:
    """The rows with numbers in the unit of their quantity, and the rows whose unit does not belong to it.

    frame   typed rows of assessments with `quantity`, `value`, `unit`, `lower_limit`, `upper_limit`
    given   unit by quantity, for rows without one; the quantity's own where neither says it

    Returns the frame, and for each quantity with such rows what fails, shape (n,).
    """
    given_unit = pl.col("quantity").replace_strict(dict(given), default=None, return_dtype=pl.String)
    frame = frame.with_columns(pl.coalesce("unit", given_unit).fill_null("").alias("unit"))
    pairs = frame.select("quantity", "unit").unique().drop_nulls("quantity")
    factors = [QUANTITIES[quantity].factor(unit) for quantity, unit in pairs.iter_rows()]
    known = pairs.with_columns(pl.Series(_FACTOR, factors, dtype=pl.Float64))
    joined = frame.join(known, on=["quantity", "unit"], how="left", maintain_order="left")
    has_number = pl.any_horizontal(pl.col(name).is_not_null() for name in NUMBERS)
    unknown = joined.select(
        (pl.col("quantity").is_not_null() & pl.col(_FACTOR).is_null() & has_number).alias("fails"), "quantity"
    )
    fails = {
        quantity: unknown["fails"] & (unknown["quantity"] == quantity).fill_null(value=False)
        for quantity in unknown.filter("fails")["quantity"].unique(maintain_order=True)
    }
    own = {code: quantity.unit for code, quantity in QUANTITIES.items()}
    in_own = joined.with_columns(
        *(converted(pl.col(name), pl.col(_FACTOR)) for name in NUMBERS),
        pl.col("quantity").replace_strict(own, default=None, return_dtype=pl.String).alias("unit"),
    )
    return in_own.drop(_FACTOR), fails


def expected_units(code: str) -> str:
    """What was expected as the unit of a quantity."""
    quantity = QUANTITIES[code]
    if not quantity.unit:
        return f"no unit for {quantity.label}"
    units = one_of((quantity.unit, *quantity.factors)).removeprefix("expected ")
    return f"a unit of {quantity.label}: {units}"
