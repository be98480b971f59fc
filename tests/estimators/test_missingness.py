"""Counts of unknown values by hand."""

from __future__ import annotations

import polars as pl
import pytest

from cohortium import missingness
from cohortium.errors import UsageError
from cohortium.estimators.contract import Task
from cohortium.estimators.registry import REGISTRY

FRAME = pl.DataFrame(
    {
        "a": [1, None, 3, None, 5, 6],
        "b": ["x", None, None, None, "y", "y"],
        "c": [1.0, 2.0, None, float("nan"), 5.0, None],
        "arm": ["p", "p", "q", "q", "q", None],
    }
)


def test_counts_by_hand() -> None:
    found = missingness([FRAME[:2], FRAME[2:2], FRAME[2:]], variables=["a", "b", "c"])
    assert found.to_frame()["missing"].to_list() == [2, 3, 3]
    assert found.to_frame()["removed"].to_list() == [2, 1, 1]
    assert found.n_complete == 2
    assert found.pairs()["n"].to_list() == [2, 1, 2]
    assert found.patterns().rows() == [
        ("Overall", False, False, False, 2),
        ("Overall", False, False, True, 1),
        ("Overall", True, True, False, 1),
        ("Overall", False, True, True, 1),
        ("Overall", True, True, True, 1),
    ]


def test_groups_and_rows_of_the_results_table() -> None:
    found = missingness(FRAME, variables=["a", "b", "c"], by="arm").estimate
    rows = REGISTRY["missingness"].tabulate(Task("m", "missingness", found.spec, "m"), found)
    counted = {(s.group, s.variable): s.value for s in rows if s.statistic == "missing"}
    assert [counted["q", name] for name in "abc"] == [1, 2, 2]
    assert {s.warning for s in rows if s.statistic == "n" and s.group} == {"1 patient left out: group not known"}
    assert [(s.variable, s.value) for s in rows if s.statistic == "pattern" and not s.group][2] == ("a + b", 1)
    assert [s.value for s in rows if s.statistic == "complete"] == [2, 1, 1]


def test_many_variables_have_no_patterns() -> None:
    wide = pl.DataFrame({f"v{i}": [1, None] for i in range(13)})
    found = missingness(wide, variables=wide.columns)
    assert found.to_frame()["missing"].to_list() == [1] * 13
    with pytest.raises(UsageError, match="up to 12 variables"):
        found.patterns()
    rows = REGISTRY["missingness"].tabulate(Task("m", "missingness", found.estimate.spec, "m"), found.estimate)
    assert [(s.value, s.warning) for s in rows if s.statistic == "pattern"] == [
        (None, "combinations are counted for up to 12 variables")
    ]


def test_faults() -> None:
    with pytest.raises(UsageError, match="given more than once"):
        missingness(FRAME, variables=["a", "a"])
