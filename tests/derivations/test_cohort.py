import polars as pl

from cohortium.derivations.cohort import flow_columns
from cohortium.study.load import load_study

STEPS = """
[[cohort.step]]
label = "Adults"
where = "age >= 18"
[[cohort.step]]
label = "Sex known"
where = "is_known(sex)"
[[cohort.step]]
label = "Followed"
where = "days > 0"
"""


def test_each_row_stops_at_the_first_step_that_does_not_hold(derived):
    frames, _ = derived(
        STEPS,
        age=[50, 17, None, 50, 50, 50],
        sex=["1", "1", "1", None, "2", "2"],
        days=[9, 9, 9, 9, 0, None],
    )
    assert frames.received["flow_step"].to_list() == [3, 0, 0, 1, 2, 2]
    assert frames.received["flow_unknown"].to_list() == [0, 0, 1, 0, 0, 1]
    assert frames.cohort["id"].to_list() == ["P1"]


def test_the_flow_adds_up(derived):
    ages = [17, 18, None] * 7
    frames, _ = derived(STEPS, age=ages, sex=["1", None, "2"] * 7, days=[1] * 21)
    n_stopped = [(frames.received["flow_step"] == step).sum() for step in range(3)]
    assert sum(n_stopped) + frames.cohort.height == len(ages)


def test_without_steps_everybody_is_included(derived):
    frames, _ = derived("", age=[50, None])
    assert frames.cohort.height == 2
    assert frames.received["flow_step"].to_list() == [0, 0]
    assert frames.received.schema["flow_step"] == frames.received.schema["flow_unknown"] == pl.Int64


def test_the_cohort_has_the_columns_of_the_received_but_the_flow(derived):
    frames, _ = derived(STEPS, age=[50], sex=["1"], days=[5])
    assert frames.received.columns == [*frames.cohort.columns, "flow_step", "flow_unknown"]


def test_a_site_without_rows(derived):
    frames, queries = derived(STEPS, age=[])
    assert frames.received.height == frames.cohort.height == 0
    assert queries == ()


def test_a_step_may_use_a_derived_variable(derived):
    sections = """
[[derive]]
name = "grown"
label = "Grown"
cases = [ { level = "yes", where = "age >= 18" }, { level = "no", otherwise = true } ]
[[cohort.step]]
label = "Grown"
where = "grown == 'yes'"
"""
    frames, _ = derived(sections, age=[50, 17, None])
    assert frames.received["flow_step"].to_list() == [1, 0, 0]
    assert frames.received["flow_unknown"].to_list() == [0, 0, 1]


def test_no_repr_holds_a_value(derived):
    frames, _ = derived("", age=[12345], id=["Kanarienvogel"])
    assert "12345" not in repr(frames)
    assert "Kanarienvogel" not in repr(frames)


def test_the_flow_grows_with_its_steps_and_no_faster(tmp_path, derived):
    def size(n_steps):
        derived("".join(f'[[cohort.step]]\nlabel = "{i}"\nwhere = "age > {i}"\n' for i in range(n_steps)), age=[50])
        return sum(len(column.meta.serialize(format="json")) for column in flow_columns(load_study(tmp_path)))

    assert size(80) < 2.5 * size(40)
