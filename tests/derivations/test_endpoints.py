import polars as pl

BY_DAYS = '[[endpoint]]\nname = "os"\nlabel = "OS"\ntime = "days"\nevent_where = "status == \'Dead\'"\n'
BY_DATES = '[[endpoint]]\nname = "pfs"\nlabel = "PFS"\nevent = ["progression", "death"]\ncensor = "last"\n'
OVERALL = '[[endpoint]]\nname = "os"\nlabel = "OS"\nevent = ["death"]\ncensor = "last"\n'
KNOWN_DAYS = '[[cohort.step]]\nlabel = "Followed"\nwhere = "is_known(days)"\n'


def rules(queries):
    return [(query.key, query.variable, query.rule) for query in queries]


def test_an_endpoint_by_day_count(derived):
    frames, queries = derived(BY_DAYS, days=[0, 10, 1000], status=["1", "0", "1"])
    assert frames.cohort["os__time"].to_list() == [0, 10, 1000]
    assert frames.cohort["os__event"].to_list() == [True, False, True]
    assert frames.cohort.schema["os__time"] == pl.Int64
    assert frames.cohort.schema["os__event"] == pl.Boolean
    assert queries == ()


def test_an_endpoint_by_dates_takes_the_earliest_event_else_the_last_contact(derived):
    frames, queries = derived(
        BY_DATES,
        progression=[5, None, 8, None],
        death=[20, 20, 6, None],
        last=[20, 20, 20, 30],
    )
    assert frames.cohort["pfs__time"].to_list() == [5, 20, 6, 30]
    assert frames.cohort["pfs__event"].to_list() == [True, True, True, False]
    assert frames.cohort.schema["pfs__time"] == pl.Int64
    assert queries == ()


def test_a_patient_without_time_or_event_is_a_query(derived):
    frames, queries = derived(BY_DAYS, days=[None, 10, 10], status=["1", None, "1"])
    assert rules(queries) == [
        ("P1", "days, status", "endpoint-missing"),
        ("P2", "days, status", "endpoint-missing"),
    ]
    assert queries[0].is_error
    assert str(queries[0]) == (
        "sites/site-01/patients.csv:2: patient P1, days, status: endpoint-missing: "
        "expected days and a known event for os, or a cohort step that leaves such patients out"
    )
    assert frames.cohort.height == 3


def test_a_patient_without_any_date_is_a_query(derived):
    frames, queries = derived(BY_DATES, last=[None, 5])
    assert rules(queries) == [("P1", "progression, death, last", "endpoint-missing")]
    assert frames.cohort["pfs__event"].to_list() == [None, False]
    assert queries[0].expected.startswith("one of the dates progression, death, last for pfs, or a cohort step")


def test_a_patient_whom_a_step_leaves_out_needs_no_endpoint(derived):
    frames, queries = derived(KNOWN_DAYS + BY_DAYS, days=[None, 10], status=["1", "0"])
    assert queries == ()
    assert frames.cohort["id"].to_list() == ["P2"]


def test_negative_follow_up_and_follow_up_beyond_the_horizon_are_queries_and_unknown(derived):
    frames, queries = derived(BY_DATES, death=[-1, 1001, 1000], last=[5, 1001, 1000])
    assert rules(queries) == [("P1", "death", "negative-follow-up"), ("P2", "death", "beyond-horizon")]
    assert [query.line for query in queries] == [2, 3]
    assert [query.expected for query in queries] == [
        "follow-up that does not end before the first dose (start)",
        "at most 1000 days ([time] horizon_days)",
    ]
    assert frames.cohort["pfs__time"].to_list() == [None, None, 1000]
    assert frames.received["pfs__time"].to_list() == [None, None, 1000]


def test_the_date_that_ends_the_follow_up_is_the_one_that_is_named(derived):
    _, queries = derived(
        BY_DATES,
        progression=[-3, None, None, 2000, None],
        death=[-1, 5, None, 3000, None],
        last=[-9, -9, -9, 9, 1500],
    )
    errors = [query for query in queries if query.is_error]
    assert [(query.line, query.variable, query.rule) for query in errors] == [
        (2, "progression", "negative-follow-up"),
        (2, "death", "negative-follow-up"),
        (4, "last", "negative-follow-up"),
        (5, "progression", "beyond-horizon"),
        (5, "death", "beyond-horizon"),
        (6, "last", "beyond-horizon"),
    ]


def test_a_date_that_two_endpoints_use_is_asked_about_once(derived):
    _, queries = derived(BY_DATES + OVERALL, death=[-1, 1001], last=[-1, 1001])
    assert rules(queries) == [("P1", "death", "negative-follow-up"), ("P2", "death", "beyond-horizon")]


def test_lines_are_those_of_the_file_when_steps_leave_rows_out(derived):
    _, queries = derived(KNOWN_DAYS + BY_DAYS, days=[None, None, -4], status=["1", "1", "1"])
    assert [(query.line, query.key) for query in queries] == [(4, "P3")]


def test_a_key_that_is_not_fit_to_print_stays_out_of_the_queries(derived):
    _, queries = derived(BY_DAYS, days=[-5], status=["1"], id=["Jane Doe"])
    assert rules(queries) == [("", "days", "negative-follow-up")]


def test_a_time_of_whole_numbers_as_doubles(derived):
    sections = (
        '[[derive]]\nname = "whole"\nlabel = "Whole"\nvalue = "days + 1"\nminimum = 0\nmaximum = 1000\ndecimals = 0\n'
        + BY_DAYS.replace('"days"', '"whole"')
    )
    frames, _ = derived(sections, days=[4], status=["1"])
    assert frames.cohort["os__time"].to_list() == [5]
    assert frames.cohort.schema["os__time"] == pl.Int64
