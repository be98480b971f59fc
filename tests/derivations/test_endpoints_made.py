"""Endpoints with causes, entry, and endpoints that are of another, as small tables."""

from __future__ import annotations

import polars as pl
import pytest

from cohortium.errors import StudyFileError

CAUSES = """\
[[endpoint]]
name = "first"
label = "First event"
censor = "last"
[[endpoint.causes]]
label = "Progression"
event = ["progression", "scan"]
[[endpoint.causes]]
label = "Death"
event = ["death"]
"""
BY_DAYS = """\
[[endpoint]]
name = "first"
label = "First event"
time = "days"
causes = [{ label = "Dead woman", where = "status == 'Dead' and sex == 'Female'" },
          { label = "Dead", where = "status == 'Dead'" }]
"""
OS = '[[endpoint]]\nname = "os"\nlabel = "OS"\nevent = ["death"]\ncensor = "last"\n'


def of(name, keys, parent="first"):
    return f'[[endpoint]]\nname = "{name}"\nlabel = "{name}"\nof = "{parent}"\n{keys}\n'


def rules(queries):
    return [(query.key, query.variable, query.rule, query.severity) for query in queries]


def test_the_first_cause_is_the_event_and_of_two_on_a_day_the_one_declared_first(derived):
    frames, queries = derived(
        CAUSES,
        #            P1    P2    P3    P4    P5
        progression=[5, None, 8, None, None],
        scan=[9, None, None, 7, None],
        death=[20, 20, 8, 6, None],
        last=[20, 20, 20, 20, 30],
    )
    assert frames.cohort["first__time"].to_list() == [5, 20, 8, 6, 30]
    assert frames.cohort["first__event"].to_list() == [1, 2, 1, 2, 0]
    assert frames.cohort.schema["first__event"] == pl.Int64
    together = [query for query in queries if query.rule == "causes-together"]
    assert rules(together) == [("P3", "progression, scan, death", "causes-together", "note")]
    assert together[0].expected == (
        "one cause of first on a day; of several, the first counts in the order Progression, Death"
    )


def test_causes_by_day_count(derived):
    frames, queries = derived(
        BY_DAYS,
        #     P1  P2  P3  P4    P5
        days=[5, 6, 7, 8, 9],
        status=["1", "1", "0", None, "1"],
        sex=["2", "1", "2", "1", None],
    )
    # A man whose status is not known may have died; a dead patient of unknown sex may be either cause.
    assert frames.cohort["first__event"].to_list() == [1, 2, 0, None, None]
    assert rules(queries) == [
        ("P1", "sex, status", "causes-together", "note"),
        ("P4", "days, sex, status", "endpoint-missing", "error"),
        ("P5", "days, sex, status", "endpoint-missing", "error"),
    ]


def test_event_free_survival_and_chosen_causes(derived):
    frames, _ = derived(
        CAUSES + of("efs", "") + of("deaths", 'of_causes = ["Death"]'),
        progression=[5, None, None],
        death=[20, 20, None],
        last=[20, 20, 30],
    )
    assert frames.cohort["efs__time"].to_list() == [5, 20, 30]
    assert frames.cohort["efs__event"].to_list() == [True, True, False]
    assert frames.cohort["deaths__time"].to_list() == [5, 20, 30]
    assert frames.cohort["deaths__event"].to_list() == [False, True, False]


def test_entry_is_a_day_not_before_the_origin(derived):
    frames, queries = derived(
        OS + 'entry = "start"\n'.replace("start", "scan") + of("copy", "", "os"),
        #    P1   P2  P3    P4
        scan=[-3, 10, 20, None],
        last=[20, 20, 20, 20],
    )
    assert frames.cohort["os__entry"].to_list() == [0, 10, 20, None]
    assert frames.cohort["copy__entry"].to_list() == [0, 10, 20, None]
    assert rules(queries) == [
        ("P3", "scan", "entry-after-end", "note"),
        ("P4", "scan", "entry-missing", "error"),
    ]


def test_a_landmark_holds_those_still_at_risk_and_counts_from_it(derived):
    months = "landmark_months = 3"  # 91.3 days
    frames, _ = derived(
        OS + of("late", months, "os"),
        #     P1  P2   P3  P4    P5   P6
        death=[50, None, 91, None, 92, None],
        last=[50, 50, 91, 91, 92, 400],
    )
    late = frames.populations["late"]
    assert late["id"].to_list() == ["P5", "P6"]
    assert late["late__time"].to_list() == [1, 309]
    assert late["late__event"].to_list() == [True, False]
    assert frames.cohort["late__time"].to_list() == [None] * 4 + [1, 309]
    assert list(frames.populations) == ["received", "cohort", "late"]


def test_a_landmark_keeps_causes_unless_some_are_chosen(derived):
    frames, _ = derived(
        CAUSES + of("late", "landmark_months = 1") + of("dead", 'landmark_months = 1\nof_causes = ["Death"]'),
        progression=[40, None, 10],
        death=[None, 50, None],
        last=[60, 60, 60],
    )
    assert frames.populations["late"]["late__event"].to_list() == [1, 2]
    assert frames.populations["dead"]["dead__event"].to_list() == [False, True]


def test_a_landmark_leaves_out_who_comes_under_observation_later(derived):
    frames, _ = derived(
        OS + 'entry = "scan"\n' + of("late", "landmark_months = 1", "os"), scan=[0, 30, 31], last=[99, 99, 99]
    )
    late = frames.populations["late"]
    assert late["id"].to_list() == ["P1", "P2"]
    assert "late__entry" not in late.columns


def test_a_landmark_beyond_every_follow_up_has_no_patients(derived):
    frames, queries = derived(OS + of("late", "landmark_months = 12", "os"), last=[5, 365])
    assert frames.populations["late"].height == 0
    assert queries == ()


@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        (of("x", "", "ox") + OS, "endpoint[1].of: unknown endpoint above 'ox'; none is declared"),
        (OS + of("x", "", "oz"), "endpoint[2].of: unknown endpoint above 'oz'; expected os"),
        (OS + of("x", 'of_causes = ["Death"]', "os"), "os has a single event, so none of its causes can be chosen"),
        (CAUSES + of("x", 'of_causes = ["Progresion"]'), "expected one of Progression, Death (did you mean 'Progression'?)"),
        (OS + of("x", "landmark_months = 40", "os"), "40 months is not before the horizon of 1000 days (32.9 months)"),
        (OS + of("x", "landmark_months = 0.01", "os"), "0.01 months is less than a day after the origin"),
        (OS + of("x", "landmark_months = 3", "os") + of("y", "", "x"), "x is counted from a landmark already"),
        (OS + of("cohort", "landmark_months = 3", "os"), "'cohort' is reserved"),
        (OS + "landmark_months = 3\n", "endpoint[1].landmark_months: is for an endpoint of another"),
        (OS + of("x", 'entry = "scan"', "os"), "endpoint[2].entry: comes from os (remove it)"),
        (OS + 'entry = "scn"\n', "endpoint[1].entry: unknown variable 'scn' (did you mean 'scan'?)"),
        (OS + 'entry = "sex"\n', "sex is a category; expected a date or whole days"),
        (CAUSES.replace('event = ["death"]', ""), "causes[2]: has neither event nor where; expected one of them"),
        (CAUSES.replace('"Death"', '"progression"'), "progression is listed twice"),
        (CAUSES.replace('["death"]', '["scan"]'), "scan is listed twice"),
        (CAUSES.replace('event = ["death"]', 'where = "age > 1"'), "is for a day count; with censor a cause has dates"),
        (BY_DAYS.replace("status == 'Dead'\" }]", 'state == 1" }]'), "causes[2].where: unknown variable 'state'"),
        (OS + of("x", 'time = "days"', "os"), "has of and time; expected time and event_where"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_named(derived, sections, expected):
    with pytest.raises(StudyFileError) as found:
        derived(sections, age=[50])
    assert any(expected in str(problem) for problem in found.value.problems), [str(p) for p in found.value.problems]
