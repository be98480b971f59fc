import polars as pl

BY_DAYS = '[[endpoint]]\nname = "os"\nlabel = "OS"\ntime = "days"\nevent_where = "status == \'Dead\'"\n'
BY_DATES = '[[endpoint]]\nname = "pfs"\nlabel = "PFS"\nevent = ["progression", "death"]\ncensor = "last"\n'
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
    assert rules(queries) == [("P1", "os", "endpoint-missing"), ("P2", "os", "endpoint-missing")]
    assert queries[0].is_error
    assert str(queries[0]) == (
        "sites/site-01/patients.csv: patient P1, os: endpoint-missing: "
        "expected days and a known event, or a cohort step that leaves such patients out"
    )
    assert frames.cohort.height == 3


def test_a_patient_without_any_date_is_a_query(derived):
    frames, queries = derived(BY_DATES, last=[None, 5])
    assert rules(queries) == [("P1", "pfs", "endpoint-missing")]
    assert frames.cohort["pfs__event"].to_list() == [None, False]
    assert queries[0].expected.startswith("one of the dates progression, death, last, or a cohort step")


def test_a_patient_whom_a_step_leaves_out_needs_no_endpoint(derived):
    frames, queries = derived(KNOWN_DAYS + BY_DAYS, days=[None, 10], status=["1", "0"])
    assert queries == ()
    assert frames.cohort["id"].to_list() == ["P2"]


def test_negative_follow_up_and_follow_up_beyond_the_horizon_are_queries_and_unknown(derived):
    frames, queries = derived(BY_DATES, death=[-1, 1001, 1000], last=[5, 5, 5])
    assert rules(queries) == [("P1", "pfs", "negative-follow-up"), ("P2", "pfs", "beyond-horizon")]
    assert [query.expected for query in queries] == [
        "follow-up that does not end before the first dose",
        "at most 1000 days ([time] horizon_days)",
    ]
    assert frames.cohort["pfs__time"].to_list() == [None, None, 1000]
    assert frames.received["pfs__time"].to_list() == [None, None, 1000]


def test_a_key_that_is_not_fit_to_print_stays_out_of_the_queries(derived):
    _, queries = derived(BY_DAYS, days=[-5], status=["1"], id=["Jane Doe"])
    assert rules(queries) == [("", "os", "negative-follow-up")]


def test_a_time_of_whole_numbers_as_doubles(derived):
    sections = (
        '[[derive]]\nname = "whole"\nlabel = "Whole"\nvalue = "days + 1"\nminimum = 0\nmaximum = 1000\ndecimals = 0\n'
        + BY_DAYS.replace('"days"', '"whole"')
    )
    frames, _ = derived(sections, days=[4], status=["1"])
    assert frames.cohort["os__time"].to_list() == [5]
    assert frames.cohort.schema["os__time"] == pl.Int64
