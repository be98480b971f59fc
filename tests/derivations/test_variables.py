import polars as pl
import pytest

from cohortium.derivations.variables import derived_column
from cohortium.study.load import load_study

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
    assert queries[0].expected == "at least 40 and at most 160, as [[derive]] double declares (it is made of age)"
    assert [query.line for query in queries] == [2, 5]


def test_many_cases_are_right_and_grow_no_faster_than_their_number(tmp_path, derived):
    def size(n_cases):
        cases = ", ".join(f'{{ level = "L{i}", where = "age == {i}" }}' for i in range(n_cases))
        sections = (
            f'[[derive]]\nname = "many"\nlabel = "Many"\ncases = [ {cases}, {{ level = "other", otherwise = true }} ]\n'
        )
        frames, _ = derived(sections, age=[0, n_cases - 1, n_cases, None])
        assert frames.cohort["many"].to_list() == ["L0", f"L{n_cases - 1}", "other", None]
        study = load_study(tmp_path)
        return len(derived_column(study, study.file.derive[0]).meta.serialize(format="json"))

    assert size(199) < 2.5 * size(100)


def test_a_category_of_one_case(derived):
    frames, _ = derived(
        '[[derive]]\nname = "all"\nlabel = "All"\ncases = [ { level = "x", otherwise = true } ]\n', age=[1, None]
    )
    assert frames.cohort["all"].to_list() == ["x", "x"]
