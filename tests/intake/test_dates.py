import pytest

from cohortium.study.queries import LINE

ORIGIN = {"time": 'horizon_days = 1000\norigin = "start"'}


def days(small, as_field, validation, cells, **sections):
    """Days from 2024-01-31 and rules broken, a row each."""
    rows = "".join(f"P{i},2024-01-31,{cell}\n" for i, cell in enumerate(cells))
    fields = {"start": as_field("date_ymd"), "day": as_field(validation)}
    intake = small.read(fields, f"id,start,day\n{rows}", **(ORIGIN | sections))
    assert set(intake.frame["start"]) == {0}
    rules = ["" for _ in cells]
    for query in intake.queries:
        rules[query.line - 2] = query.rule
    return intake.frame["day"].to_list(), rules


@pytest.mark.parametrize(
    ("validation", "cell"),
    [
        ("date_ymd", "2024-03-01"),
        ("date_ymd", "2024/3/1"),
        ("date_ymd", "2024-03-01 00:00:00"),
        ("date_mdy", "03/01/2024"),
        ("date_mdy", "3-1-2024"),
        ("date_mdy", "2024-03-01"),
        ("date_dmy", "01/03/2024"),
        ("date_dmy", "1.3.2024"),
        ("date_dmy", "2024-03-01"),
        ("datetime_ymd", "2024-03-01 14:35"),
        ("datetime_dmy", "01-03-2024 14:35"),
    ],
)
def test_a_date_in_its_declared_order_is_whole_days_from_the_origin(small, as_field, validation, cell):
    assert days(small, as_field, validation, [cell]) == ([30], [""])


def test_days_before_the_origin_are_negative(small, as_field):
    assert days(small, as_field, "date_ymd", ["2024-01-01"]) == ([-30], [""])


@pytest.mark.parametrize(
    ("validation", "cell"),
    [
        ("date_ymd", "03/01/2024"),
        ("date_ymd", "20240301"),
        ("date_ymd", "2024-03"),
        ("date_ymd", "45352"),
        ("date_ymd", "1 Mar 2024"),
        ("date_mdy", "03/01/24"),
        ("date_dmy", "01-03/2024"),
        ("date_dmy", "UNK"),
        ("datetime_ymd", "2024-03-01 25:00"),
    ],
)
def test_what_is_not_a_date_is_never_guessed(small, as_field, validation, cell):
    assert days(small, as_field, validation, [cell]) == ([None], ["not-a-date"])


@pytest.mark.parametrize(
    ("validation", "cell"),
    [
        ("date_ymd", "2023-02-29"),
        ("date_ymd", "2024-13-01"),
        ("date_ymd", "0024-03-01"),
        ("date_mdy", "13/01/2024"),
        ("date_dmy", "01/13/2024"),
        ("date_dmy", "31/04/2024"),
    ],
)
def test_a_day_that_the_calendar_does_not_have(small, as_field, validation, cell):
    assert days(small, as_field, validation, [cell]) == ([None], ["impossible-date"])


def test_the_declared_order_alone_decides_day_and_month(small, as_field):
    assert days(small, as_field, "date_mdy", ["02/03/2024"])[0] == [3]
    assert days(small, as_field, "date_dmy", ["02/03/2024"])[0] == [31]


def test_a_date_after_the_data_cut_off(small, as_field):
    cutoff = {"study": "data_cutoff = 2024-03-01"}
    values, rules = days(small, as_field, "date_ymd", ["2024-03-01", "2024-03-02"], **cutoff)
    assert values == [30, None]
    assert rules == ["", "after-cutoff"]


def test_a_missing_origin_is_a_query_only_where_another_date_needs_it(small, as_field):
    fields = {"start": as_field("date_ymd"), "day": as_field("date_ymd")}
    intake = small.read(fields, "id,start,day\nA,,2024-01-01\nB,,\nC,2024-01-01,\n", **ORIGIN)
    assert [(query.key, query.variable, query.rule) for query in intake.queries] == [("A", "start", "origin-missing")]
    assert intake.frame["day"].to_list() == [None, None, None]


@pytest.mark.parametrize("cell", ["12 May", "2024-02-30"])
@pytest.mark.parametrize("required", ["", "y"])
def test_an_origin_that_is_not_readable_is_listed_once(small, as_field, cell, required):
    fields = {"start": as_field("date_ymd", required_field=required), "day": as_field("date_ymd")}
    intake = small.read(fields, f"id,start,day\nA,{cell},2024-01-01\nB,,2024-01-01\n", **ORIGIN)
    (first, second) = [(query.line, query.rule) for query in intake.queries]
    assert first in {(2, "not-a-date"), (2, "impossible-date")}
    assert second in {(3, "origin-missing"), (3, "required-missing")}


def test_without_an_origin_dates_are_left_out(small, as_field):
    intake = small.read({"day": as_field("date_ymd")}, "id,day\nA,2024-01-01\n")
    assert intake.frame.columns == ["id", "site", LINE]
