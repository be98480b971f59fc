"""Covariates whose squares are beyond the largest number."""

from __future__ import annotations

import warnings

import polars as pl
import pytest

from cohortium import cox
from cohortium.errors import WireError


def test_squares_beyond_the_largest_number_are_refused_and_nothing_else_is_said() -> None:
    frame = pl.DataFrame({"t": [1, 2, 3, 4], "e": [1, 1, 0, 1], "x": [1e200, 3e200, 2e200, 5e200]})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(WireError, match="must be finite; not so: square_sum"):
            cox(frame, time="t", event="e", covariates=["x"])
