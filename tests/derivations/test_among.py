"""An endpoint that applies to some patients: others are neither missing nor queried nor analyzed."""

import pytest

from cohortium.errors import StudyFileError

OF_MEN = (
    '[[endpoint]]\nname = "os"\nlabel = "OS"\ntime = "days"\nevent_where = "status == \'Dead\'"\n'
    "among = \"sex == 'Male'\"\n"
)
LANDMARK = '[[endpoint]]\nname = "later"\nlabel = "OS from 1 month"\nof = "os"\nlandmark_months = 1\n'
OF_OLD_MEN = '[[endpoint]]\nname = "old"\nlabel = "OS of old men"\nof = "os"\namong = "age >= 70"\n'
ANALYSIS = '[[analysis]]\nname = "km"\nmethod = "kaplan-meier"\nendpoint = "os"\n'


def rules(queries):
    return [(query.key, query.variable, query.rule, query.severity) for query in queries]


def test_only_patients_to_whom_it_applies_are_asked_about_and_analyzed(derived):
    frames, queries = derived(OF_MEN, days=[10, None, None, 20], status=["1", "1", "1", "0"], sex=["1", "1", "2", "2"])
    assert rules(queries) == [("P2", "days, status", "endpoint-missing", "error")]
    assert frames.populations["os"]["id"].to_list() == ["P1", "P2"]
    assert frames.cohort["os__applies"].to_list() == [True, True, False, False]
    assert frames.cohort["os__time"].to_list() == [10, None, None, None]
    assert frames.cohort["os__event"].to_list() == [True, True, None, None]
    assert frames.cohort.height == 4


def test_whether_it_applies_may_be_unknown_which_is_a_note(derived):
    frames, queries = derived(OF_MEN, days=[10, 20], status=["1", "1"], sex=["1", None])
    assert rules(queries) == [("P2", "sex", "applies-unknown", "note")]
    assert frames.populations["os"]["id"].to_list() == ["P1"]
    assert frames.cohort["os__applies"].to_list() == [True, None]


def test_an_endpoint_of_it_has_the_same_patients_or_fewer(derived):
    frames, queries = derived(
        OF_MEN + LANDMARK + OF_OLD_MEN,
        days=[10, 40, 50, 60],
        status=["1", "1", "1", "1"],
        sex=["1", "1", "2", "1"],
        age=[80, 60, 80, 75],
    )
    assert queries == ()
    assert frames.populations["later"]["id"].to_list() == ["P2", "P4"]
    assert frames.populations["old"]["id"].to_list() == ["P1", "P4"]
    assert frames.cohort["old__time"].to_list() == [10, None, None, 60]
    assert frames.cohort["later__time"].to_list() == [None, 10, None, 30]


@pytest.mark.parametrize(
    ("sections", "said"),
    [
        (OF_MEN.replace("'Male'", "'Men'"), "endpoint[1].among"),
        (OF_MEN.replace("sex == 'Male'", "age"), "endpoint[1].among"),
        (
            OF_MEN + LANDMARK + 'among = "age > 5"\n',
            "endpoint[2].among: is for an endpoint that is counted from the origin",
        ),
        (OF_MEN + LANDMARK + 'start_label = "Response"\n', "endpoint[2].start_label: is for an endpoint with time"),
        (OF_MEN.replace('"os"', '"cohort"'), "'cohort' is reserved; an endpoint with among"),
    ],
)
def test_what_does_not_fit_is_said(derived, sections, said):
    with pytest.raises(StudyFileError) as caught:
        derived(sections, days=[1], status=["1"], sex=["1"])
    assert said in str(caught.value) + " ".join(str(problem) for problem in caught.value.problems)
