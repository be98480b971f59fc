"""Units of quantities: a limit of a rule holds exactly in every unit."""

import polars as pl
import pytest

from cohortium.study.quantities import QUANTITIES, converted


@pytest.mark.parametrize("tenths", range(10, 61))
def test_a_limit_holds_exactly_in_other_units(tenths):
    """35 g/L is 3.5 g/dL and not a little less, whatever the floating-point product is."""
    factor = QUANTITIES["albumin"].factor("g/L")
    (value,) = pl.select(converted(pl.lit(float(tenths)), factor)).to_series()
    assert value == tenths / 10
