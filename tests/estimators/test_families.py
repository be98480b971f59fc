"""Families of p-values over rows of the results table."""

from __future__ import annotations

import pytest

from cohortium.estimators.families import adjusted_rows
from cohortium.results import Statistic
from cohortium.study.families import Family

# A product of two numbers.
ROUNDING = 1e-15


def _p(analysis: str, value: float | None, variable: str = "os", statistic: str = "p-value", **more) -> Statistic:
    warning = "" if value is not None else "no events"
    return Statistic(analysis, "logrank", statistic, value, variable=variable, format="p", warning=warning, **more)


ROWS = [
    _p("first", 0.01),
    _p("second", 0.04),
    _p("cox", 0.03, "sex", "interaction-p", model="subgroup"),
    _p("cox", 0.5, "age", "interaction-p", model="subgroup"),
    _p("refused", None),
    Statistic("first", "logrank", "chi-square", 6.6, variable="os"),
]


def _family(*p_values, method: str = "holm") -> Family:
    return Family.model_validate({"name": "f", "label": "main tests", "method": method, "p_values": p_values})


def test_every_adjusted_p_value_stands_beside_its_own() -> None:
    rows = adjusted_rows([_family("first", "second")], ROWS)
    assert [(row.analysis, row.statistic, row.variable) for row in rows] == [
        ("first", "p-value-adjusted", "os"),
        ("second", "p-value-adjusted", "os"),
    ]
    assert [row.value for row in rows] == pytest.approx([0.02, 0.04], rel=ROUNDING)
    assert {row.note for row in rows} == {"Holm's method, 2 p-values: main tests"}


def test_a_table_takes_all_of_a_statistic_or_one() -> None:
    every = {"analysis": "cox", "statistic": "interaction-p"}
    rows = adjusted_rows([_family("first", every, method="benjamini-hochberg")], ROWS)
    assert [row.statistic for row in rows] == ["p-value-adjusted", "interaction-p-adjusted", "interaction-p-adjusted"]
    assert [row.value for row in rows] == pytest.approx([0.03, 0.045, 0.5], rel=ROUNDING)
    one = adjusted_rows([_family({**every, "variable": "age"}, method="bonferroni")], ROWS)
    assert [(row.variable, row.value) for row in one] == [("age", 0.5)]


def test_a_refused_p_value_counts_as_one() -> None:
    first, refused = adjusted_rows([_family("first", "refused")], ROWS)
    assert first.value == pytest.approx(0.02, rel=ROUNDING)
    assert first.warning == "1 of the 2 p-values of the family could not be given and count as 1"
    assert (refused.value, refused.warning) == (None, "no p-value to adjust: no events")


def test_a_p_value_that_is_not_there_counts_too() -> None:
    first, absent = adjusted_rows([_family("first", {"analysis": "cox", "variable": "stage"})], ROWS)
    assert first.value == pytest.approx(0.02, rel=ROUNDING)
    assert absent.value is None
    assert absent.warning.startswith("no p-value to adjust")


def test_two_families_may_share_a_p_value() -> None:
    rows = adjusted_rows([_family("first"), _family("first", "second")], ROWS)
    assert [row.value for row in rows] == pytest.approx([0.01, 0.02, 0.04], rel=ROUNDING)
