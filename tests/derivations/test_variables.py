import polars as pl
import pytest

AGE_GROUP = """
[[derive]]
name = "age_group"
label = "Age group"
cases = [ { level = "old", where = "age >= 65" }, { level = "young", where = "age < 65" } ]
"""
RISK = """
[[derive]]
name = "risk"
label = "Risk"
cases = [
  { level = "high", where = "age >= 65" },
  { level = "middle", where = "sex == 'Male'" },
  { level = "low", otherwise = true },
]
"""


def test_the_first_case_that_holds_decides_and_unknown_stays_unknown(derived):
    frames, queries = derived(
        RISK,
        age=[70, 70, 40, 40, 40, None, None],
        sex=["1", None, "1", "2", None, "1", None],
    )
    assert frames.cohort["risk"].to_list() == ["high", "high", "middle", "low", None, None, None]
    assert frames.cohort.schema["risk"] == pl.String
    assert queries == ()


def test_no_case_holds(derived):
    frames, _ = derived(AGE_GROUP.replace("age < 65", "age < 50"), age=[70, 40, 55, None])
    assert frames.cohort["age_group"].to_list() == ["old", "young", None, None]


def test_a_case_may_say_what_an_unknown_value_means(derived):
    sections = AGE_GROUP.replace("cases = [", "cases = [ { level = 'not recorded', where = 'is_missing(age)' },")
    frames, _ = derived(sections, age=[70, 40, None])
    assert frames.cohort["age_group"].to_list() == ["old", "young", "not recorded"]


def test_a_derived_variable_may_use_one_above_it(derived):
    sections = AGE_GROUP + AGE_GROUP.replace("age_group", "old_age").replace("age >= 65", "age_group == 'old'").replace(
        "age < 65", "age_group == 'young'"
    )
    frames, _ = derived(sections, age=[70, 40, None])
    assert frames.cohort["old_age"].to_list() == ["old", "young", None]


@pytest.mark.parametrize(("decimals", "values"), [(0, [3.0, -3.0, None]), (1, [2.5, -2.5, None])])
def test_a_number_is_rounded_half_away_from_zero(derived, decimals, values):
    sections = f'[[derive]]\nname = "half"\nlabel = "Half"\nvalue = "weight / 2"\ndecimals = {decimals}\n'
    frames, _ = derived(sections, weight=[5.0, -5.0, None])
    assert frames.cohort["half"].to_list() == values
    assert frames.cohort.schema["half"] == pl.Float64


def test_months_are_the_studys_months(derived):
    sections = '[[derive]]\nname = "months_seen"\nlabel = "Months"\nvalue = "months(days)"\ndecimals = 2\n'
    frames, _ = derived(sections, days=[365])
    assert frames.cohort["months_seen"].to_list() == [11.99]


def test_a_derived_number_outside_its_declared_range_is_a_query_and_unknown(derived):
    sections = (
        '[[derive]]\nname = "double"\nlabel = "Double"\nvalue = "age * 2"\nminimum = 40\nmaximum = 160\ndecimals = 0\n'
    )
    frames, queries = derived(sections, age=[19, 20, 80, 81, None])
    assert frames.cohort["double"].to_list() == [None, 40, 160, None, None]
    assert [(query.key, query.variable, query.rule) for query in queries] == [
        ("P1", "double", "out-of-range"),
        ("P4", "double", "out-of-range"),
    ]
    assert queries[0].expected == "at least 40 and at most 160, as [[derive]] double declares"
