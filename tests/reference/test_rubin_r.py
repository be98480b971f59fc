"""Rubin's rules against R mice's `pool` on the same imputed sets."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from cohortium.estimators.imputation.pooling import rubin

# A handful of roundings.
CLOSE = 1e-12


@pytest.mark.parametrize(("name", "complete_df"), [("nhanes_lm", 25 - 3), ("pbc_cox", 119)])
def test_pool(reference_data: Path, name: str, complete_df: float) -> None:
    expected = json.loads((reference_data / "reference" / "multiple_imputation.json").read_text())[name]
    sets = expected["per_imputation"]
    found = rubin(np.array(sets["est"]), np.array(sets["se"]) ** 2, complete_df)
    pool = expected["mice_pool"]
    assert found.estimate.tolist() == pytest.approx(pool["estimate"], rel=CLOSE)
    assert found.standard_error.tolist() == pytest.approx(pool["se"], rel=CLOSE)
    assert found.df.tolist() == pytest.approx(pool["df"], rel=CLOSE)
    assert found.missing_information.tolist() == pytest.approx(pool["fmi"], rel=CLOSE)
    if "p" in pool:
        lower, upper = found.limits()
        assert found.p_values().tolist() == pytest.approx(pool["p"], rel=1e-10)
        assert [*lower, *upper] == pytest.approx([*pool["lower"], *pool["upper"]], rel=1e-11)


def test_large_samples_have_rubins_own_degrees_of_freedom(reference_data: Path) -> None:
    expected = json.loads((reference_data / "reference" / "multiple_imputation.json").read_text())["pbc_cox"]
    sets = expected["per_imputation"]
    found = rubin(np.array(sets["est"]), np.array(sets["se"]) ** 2)
    assert found.df.tolist() == pytest.approx(expected["df"], rel=1e-10)


def test_nothing_missing_gives_the_estimate_back() -> None:
    estimates, variances = np.full((5, 2), [1.0, -2.0]), np.full((5, 2), [0.25, 4.0])
    found = rubin(estimates, variances)
    assert found.estimate.tolist() == [1.0, -2.0]
    assert found.standard_error.tolist() == [0.5, 2.0]
    assert all(math.isinf(df) for df in found.df)
    assert found.missing_information.tolist() == [0.0, 0.0]
