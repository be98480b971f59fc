"""Toxicity over frames of either kind; what a frame must not hold."""

import pandas as pd
import polars as pl
import pytest

from cohortium import adverse_events, crs_grades, ctcae_laboratory, icaht_grades, icans_grades, ice_score
from cohortium.errors import UsageError

EVENTS = pl.DataFrame({
    "patient": ["A", "B"], "term": ["crs", "crs"], "onset": [1, 2], "end": [2, 5], "grade": [1, 3],
    "temperature": [38.0, 39.0], "hypotension": ["none", "no-pressor"], "oxygen": ["none", "low-flow"],
    "outcome": ["recovered", "recovered"],
})  # fmt: skip
LABS = pl.DataFrame({"patient": ["A", "B"], "day": [3, 3], "quantity": ["calcium", "hemoglobin"], "value": [2.2, 79.0],
                     "unit": ["mmol/L", "g/L"]})  # fmt: skip


def test_patients_without_an_event_are_those_who_were_given():
    everybody = pl.DataFrame({"patient": ["C", "A", "B"]})
    found = crs_grades(EVENTS, everybody)
    assert found.patients.select("patient", "crs", "crs_duration").rows() == [
        ("C", "0", None),
        ("A", "1", 2),
        ("B", "2", 4),
    ]
    assert found.disagreements["patient"].to_list() == ["B"]
    assert found.impossible.height == 0


def test_pandas_frames_give_the_same():
    assert crs_grades(pd.DataFrame(EVENTS.to_dict(as_series=False))).patients.equals(crs_grades(EVENTS).patients)


def test_impossible_rows_are_named_by_their_position():
    wrong = EVENTS.with_columns(outcome=pl.Series(["recovered", "fatal"]))
    assert crs_grades(wrong).impossible.select("row", "rule").rows() == [(1, "fatal-not-grade-5")]


def test_units_of_laboratory_values():
    found = ctcae_laboratory(LABS, terms=["anemia"], version="6.0", severe_by_days=[30])
    assert found.patients["lab_anemia"].to_list() == [None, "3"]
    assert found.patients["lab_anemia_by_30"].to_list() == [None, "yes"]


def test_limits_of_normal_by_sex():
    labs = LABS.with_columns(value=pl.Series([2.2, 125.0]))
    people = pl.DataFrame({"patient": ["A", "B"], "sex": ["male", "male"]})
    limits = [{"quantity": "hemoglobin", "lower": 13.5, "sex": "male"}]
    assert ctcae_laboratory(labs, people, terms=["anemia"], limits=limits).patients["lab_anemia"].to_list() == [
        None,
        "1",
    ]


def test_hematotoxicity_ends_with_follow_up():
    labs = pl.DataFrame({"patient": "A", "day": range(11), "quantity": "neutrophils", "unit": "/uL", "value": 400})
    people = pl.DataFrame({"patient": ["A"], "last_follow_up": [12]})
    assert icaht_grades(labs, people).patients["icaht"].to_list() == ["4"]
    assert icaht_grades(labs, people, open_run_from_day=-1).patients["icaht_days_500"].to_list() == [13]


@pytest.mark.parametrize(
    "call",
    [
        lambda: crs_grades(EVENTS.drop("term")),
        lambda: crs_grades(EVENTS.with_columns(oxygen=pl.lit("much"))),
        lambda: crs_grades(EVENTS.with_columns(grade=pl.lit(7))),
        lambda: crs_grades(EVENTS, pl.DataFrame({"patient": ["A", "A"]})),
        lambda: icans_grades(EVENTS.with_columns(ice=pl.lit(11))),
        lambda: adverse_events(EVENTS, groups=[{"name": "x"}]),
        lambda: ctcae_laboratory(LABS, terms=["anaemia"]),
        lambda: ctcae_laboratory(LABS.with_columns(unit=pl.lit("furlong")), terms=["anemia"]),
        lambda: ctcae_laboratory(LABS.with_columns(quantity=pl.lit("iron")), terms=["anemia"]),
        lambda: ctcae_laboratory(LABS, terms=["anemia"], version="4.0"),
        lambda: icaht_grades(LABS, longest=7),
    ],
)
def test_what_is_refused(call):
    with pytest.raises(UsageError) as caught:
        call()
    assert not {"much", "furlong"} & set(str(caught.value).split())


def test_the_parts_of_the_ice_score():
    assert ice_score(orientation=4, naming=3, commands=1, writing=1, attention=1) == 10
    assert ice_score(orientation=0, naming=0, commands=0, writing=0, attention=0) == 0
    for part, highest in {"orientation": 4, "naming": 3, "commands": 1, "writing": 1, "attention": 1}.items():
        parts = dict.fromkeys(["orientation", "naming", "commands", "writing", "attention"], 0)
        assert ice_score(**parts | {part: highest}) == highest
        for wrong in (-1, highest + 1, 0.5, True):
            with pytest.raises(UsageError, match=part):
                ice_score(**parts | {part: wrong})
