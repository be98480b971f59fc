"""International Staging System: just below, at and just above every limit, in both unit systems, and what is unknown."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from cohortium.derivations.staging.iss import ISS_CRITERIA, iss_stage

# The criteria are stated to one decimal; a tenth of that is the smallest step that a laboratory reports.
STEP = 0.01
CASES = [
    (3.5 - STEP, 3.5, "I"),
    (3.5 - STEP, 3.5 + STEP, "I"),
    (3.5 - STEP, 3.5 - STEP, "II"),
    (3.5, 3.5, "II"),
    (3.5, 3.5 - STEP, "II"),
    (5.5 - STEP, 3.5, "II"),
    (5.5, 3.5, "III"),
    (5.5, 3.5 - STEP, "III"),
    (5.5 + STEP, 4.5, "III"),
    (5.5, None, "III"),
    (3.5, None, "II"),
    (5.5 - STEP, None, "II"),
    (3.5 - STEP, None, None),
    (None, 3.5, None),
    (None, 3.5 - STEP, None),
    (None, None, None),
]


def test_every_limit():
    frame = pl.DataFrame(CASES, schema={"b2m": pl.Float64, "albumin": pl.Float64, "expected": pl.String}, orient="row")
    stages = frame.select(expected=iss_stage(pl.col("b2m"), pl.col("albumin"), ISS_CRITERIA["ISS-2005"]))
    assert_frame_equal(stages, frame.select("expected"))


@pytest.mark.parametrize("tenths", range(10, 61))
def test_a_limit_holds_exactly_in_other_units(tenths):
    """35 g/L is 3.5 g/dL and not a little less, whatever the floating-point product is."""
    from cohortium.study.quantities import QUANTITIES, converted

    factor = QUANTITIES["albumin"].factor("g/L")
    (value,) = pl.select(converted(pl.lit(float(tenths)), factor)).to_series()
    assert value == tenths / 10
