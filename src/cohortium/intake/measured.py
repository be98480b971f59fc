"""What a row of assessments must hold: a number or a result, as its quantity has it."""

from __future__ import annotations

import polars as pl

from cohortium.intake.frame import Finding
from cohortium.study.quantities import QUANTITIES
from cohortium.study.suggest import one_of
from cohortium.study.tables import RESULTS

_IN_WORDS = [code for code, quantity in QUANTITIES.items() if quantity.in_words]


def measured_findings(text: pl.DataFrame) -> list[Finding]:
    """Numbers of quantities that have a result in words, and rows with neither; the latter said once.

    text   trimmed text columns with our codes, as written
    """
    quantity, value, result = pl.col("quantity"), pl.col("value"), pl.col("result")
    is_number = (quantity.is_in(_IN_WORDS) & value.is_not_null()).fill_null(value=False)
    is_empty = quantity.is_not_null() & value.is_null() & result.is_null()
    found = text.select(is_number.alias("number"), (is_empty & is_empty.is_first_distinct()).alias("empty"))
    in_words = f"no number: this quantity has a result, {one_of(RESULTS).removeprefix('expected ')}"
    measured = "a value or a result; a row with neither says nothing (told once for the file)"
    return [
        Finding("value", "number-for-result", in_words, found["number"]),
        Finding("value", "nothing-measured", measured, found["empty"], "note"),
    ]
