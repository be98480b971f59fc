"""`time_to_event` over frames."""

import datetime as dt

import pandas as pd
import polars as pl
import pytest

from cohortium import time_to_event
from cohortium.errors import UsageError

DAY_0 = dt.date(2024, 1, 1)


def on(*days):
    return [None if day is None else DAY_0 + dt.timedelta(days=day) for day in days]


PATIENTS = pl.DataFrame(
    {
        "patient": ["b", "a", "c"],
        "first_dose": on(0, 0, 0),
        "death_date": on(None, 90, None),
        "last_contact_date": on(200, 90, 150),
        "data_cutoff": on(180, 180, 180),
        "age": [61, 72, 58],
    }
)
VISITS = pl.DataFrame(
    {"patient": ["a", "b", "b", "c"], "day": on(28, 56, 28, 28), "response": ["PR", "PR", "SD", "SD"]}
)
THERAPIES = pl.DataFrame({"patient": ["c"], "role": ["subsequent"], "drug_class": ["imid"], "start": on(60)})


def test_dates_are_counted_from_the_origin():
    found = time_to_event(PATIENTS, "pfs", responses=VISITS, therapies=THERAPIES, origin="first_dose")
    assert found.rows() == [
        ("b", 56, "censored", "alive without progression: censored at last adequate assessment"),
        ("a", 90, "death", "death"),
        ("c", 28, "censored", "censored at last adequate assessment before new therapy"),
    ]


def test_whole_days_and_pandas_give_the_same():
    days = PATIENTS.select("patient", (pl.col("^.*_date|data_cutoff$") - pl.col("first_dose")).dt.total_days())
    visits = VISITS.with_columns((pl.col("day") - DAY_0).dt.total_days())
    therapies = THERAPIES.with_columns((pl.col("start") - DAY_0).dt.total_days())
    wanted = time_to_event(PATIENTS, "pfs", responses=VISITS, therapies=THERAPIES, origin="first_dose")
    assert time_to_event(days, "pfs", responses=visits, therapies=therapies).equals(wanted)
    frame = pd.DataFrame(
        {**PATIENTS.to_dict(as_series=False), "first_dose": pd.to_datetime(PATIENTS["first_dose"].to_list())}
    )
    frame = frame.astype({"death_date": "datetime64[s]"})
    assert time_to_event(frame, "pfs", responses=VISITS, therapies=THERAPIES, origin="first_dose").equals(wanted)


def test_responders_only():
    found = time_to_event(PATIENTS, "dor", responses=VISITS, origin="first_dose", censoring="imwg-2011")
    assert found.select("patient", "days", "event", "applies").rows() == [
        ("b", 0, "censored", "yes"),
        ("a", 62, "censored", "yes"),
        ("c", None, None, "no"),
    ]


def test_responses_of_a_rule_and_an_element():
    visits = VISITS.with_columns(confirmed=pl.lit("SD"), is_adequate=pl.lit(value=True))
    assert time_to_event(PATIENTS, "ttr", responses=visits, origin="first_dose")["applies"].to_list() == ["no"] * 3
    seen = time_to_event(PATIENTS, "ttr", responses=visits, origin="first_dose", confirmed=False)
    assert seen["days"].to_list() == [56, 28, None]
    ignored = time_to_event(
        PATIENTS, "pfs", responses=VISITS, therapies=THERAPIES, origin="first_dose", new_therapy="event"
    )
    assert ignored.rows()[2] == ("c", 60, "new therapy", "new therapy")


def test_answers_are_read_without_regard_to_case():
    people = pl.DataFrame({"patient": ["a", "b"], "died": ["Yes", "no"], "last_contact_date": [10, 10]})
    assert time_to_event(people, "os")["days"].to_list() == [None, 10]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"endpoint": "efs"}, "endpoint: expected one of"),
        ({"censoring": "fda"}, "censoring: expected one of"),
        ({"death": "censor"}, "death has no meaning for pfs"),
        ({"missed_assessments_days": -1}, "missed_assessments_days: Input should be greater"),
        ({"origin": None}, "responses, column day: dates are counted from an origin"),
        ({"origin": "age"}, "origin: expected a column of dates"),
        ({"responses": VISITS.drop("day")}, "responses has no column day"),
        ({"responses": VISITS.with_columns(day=pl.lit("28"))}, "responses, column day: expected dates or whole days"),
        ({"responses": VISITS.with_columns(confirmed=pl.lit("PR"))}, "no is_adequate"),
        ({"patients": pl.concat([PATIENTS, PATIENTS])}, "expected a row a patient"),
    ],
)
def test_what_cannot_be_used_is_said(change, said):
    given = {"patients": PATIENTS, "endpoint": "pfs", "responses": VISITS, "origin": "first_dose"} | change
    with pytest.raises(UsageError) as caught:
        time_to_event(given.pop("patients"), given.pop("endpoint"), **given)
    assert said in str(caught.value)
