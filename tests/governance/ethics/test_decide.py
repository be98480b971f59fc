"""May a site's data be used on a day? The table of decisions, its edges, and what is said of a refusal."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohortium.errors import RefusedRequestError
from cohortium.governance.ethics import deadlines, decide_all, decide_use, period_of, require_one_allowed
from cohortium.study.model import Site

ETHICS = {"board": "North Board", "decision": "approved", "approved": "2024-01-10", "consent": "obtained"}
LIMITED = {**ETHICS, "covers": ["limited"]}
AGREED = {"kind": "limited", "signed": "2024-02-01", "expires": "2024-12-31"}


@pytest.mark.parametrize(
    ("site", "day", "allowed", "reason"),
    [
        ("north", "2024-01-09", False, "the decision of North Board is dated 2024-01-10, after the day of use"),
        ("north", "2024-01-10", True, ""),
        ("north", "2025-03-01", True, ""),
        ("north", "2025-03-02", False, "the decision of North Board expired on 2025-03-01"),
        ("south", "2125-03-02", True, ""),
        ("east", "2025-03-01", True, ""),
        ("east", "2025-03-02", False, "it relies on North: the decision of North Board expired on 2025-03-01"),
    ],
)
def test_a_decision_holds_from_its_day_to_its_last_day(decide, site, day, allowed, reason):
    found = decide(site, day)
    assert (found.allowed, found.reason) == (allowed, reason)


def test_no_record_is_no_permission(decide):
    assert decide("north", "2024-06-01", {"north": {}}).reason == "no ethics decision is recorded"


def test_records_without_institution_need_a_decision_too(decide):
    assert not decide("rest", "2024-06-01", {"rest": {"unassigned": True}}).allowed
    assert decide("rest", "2024-06-01", {"rest": {"unassigned": True, "ethics": ETHICS}}).allowed


@pytest.mark.parametrize(
    ("section", "day", "reason"),
    [
        ({"ethics": LIMITED, "agreement": AGREED}, "2024-06-01", ""),
        ({"ethics": LIMITED, "agreement": AGREED}, "2024-12-31", ""),
        ({"ethics": LIMITED, "agreement": AGREED}, "2025-01-01", "the data-use agreement expired on 2024-12-31"),
        (
            {"ethics": LIMITED, "agreement": AGREED},
            "2024-01-31",
            "the data-use agreement is dated 2024-02-01, after the day of use",
        ),
        ({"ethics": LIMITED}, "2024-06-01", "a limited data set needs a data-use agreement; none is recorded"),
        (
            {"ethics": LIMITED, "agreement": {**AGREED, "kind": "de-identified"}},
            "2024-06-01",
            "the data-use agreement covers de-identified data only",
        ),
        (
            {"ethics": ETHICS, "agreement": AGREED},
            "2024-06-01",
            "the decision of North Board covers de-identified data only",
        ),
    ],
)
def test_a_limited_data_set(decide, section, day, reason):
    assert decide("north", day, {"north": section}, kind="limited").reason == reason


def test_who_may_use_a_limited_data_set_may_use_less(decide):
    assert decide("north", "2024-06-01", {"north": {"ethics": LIMITED, "agreement": AGREED}}).allowed


def test_an_agreement_that_has_ended_ends_the_use_of_de_identified_data_too(decide):
    assert not decide("north", "2025-01-01", {"north": {"ethics": ETHICS, "agreement": AGREED}}).allowed


def test_every_reason_is_given_at_once(decide):
    section = {"ethics": {**ETHICS, "expires": "2024-02-01"}, "agreement": AGREED}
    assert decide("north", "2025-01-01", {"north": section}, kind="limited").reason == (
        "the decision of North Board expired on 2024-02-01; the decision of North Board covers de-identified data only; "
        "the data-use agreement expired on 2024-12-31"
    )


@pytest.mark.parametrize("target", ["nowhere", "east", "west"])
def test_a_chain_that_ends_nowhere_is_refused_even_past_the_rules(decide, target):
    relying = {**ETHICS, "decision": "reliance", "relies_on": target}
    west = {"ethics": {**ETHICS, "decision": "reliance", "relies_on": "north"}}
    assert not decide("east", "2024-06-01", {"east": {"ethics": relying}, "west": west}).allowed


def test_a_site_of_another_study_is_refused(build):
    stranger = Site.model_validate({"id": "far", "name": "Far", "ethics": ETHICS})
    assert decide_use(build(), stranger, dt.date(2024, 6, 1)).reason == "it is not a site of the study"


def test_due_is_the_first_end_of_all_records(decide):
    assert decide("north", "2024-06-01").due == dt.date(2025, 3, 1)
    assert decide("east", "2024-06-01").due == dt.date(2025, 3, 1)
    assert decide("north", "2024-06-01", {"north": {"ethics": ETHICS, "agreement": AGREED}}).due == dt.date(
        2024, 12, 31
    )
    assert decide("south", "2024-06-01").due is None
    assert decide("north", "2025-06-01").due is None


def test_when_no_site_is_left_every_reason_is_listed(build):
    day = dt.date(2023, 1, 1)
    with pytest.raises(RefusedRequestError, match="No site's data may be used on 2023-01-01") as caught:
        require_one_allowed(decide_all(build(), day), day)
    assert [problem.where for problem in caught.value.problems] == ["site north", "site south", "site east"]


@pytest.mark.parametrize(
    ("day", "within"),
    [
        ("2024-12-30", None),
        ("2024-12-31", 60),
        ("2025-01-29", 60),
        ("2025-01-30", 30),
        ("2025-02-22", 7),
        ("2025-03-01", 7),
        ("2025-03-02", 0),
    ],
)
def test_reminders_60_30_and_7_days_before(build, day, within):
    found = deadlines(build(), dt.date.fromisoformat(day))
    assert {(d.site, d.within) for d in found} == (set() if within is None else {("north", within), ("east", within)})


DAYS = st.dates(dt.date(2023, 6, 1), dt.date(2026, 1, 1))


@given(DAYS)
def test_every_day_of_a_period_says_the_same(build, day):
    """A run prints the period in place of its day, so that it is the same bytes on each day of it."""
    study = build({"south": {"ethics": ETHICS, "agreement": AGREED}})

    def said(other):
        return [(d.allowed, d.reason) for d in decide_all(study, other).values()]

    period = period_of(study, day)
    assert (period.first or day) <= day <= (period.last or day)
    for end in (period.first, period.last):
        if end:
            assert (period_of(study, end), said(end)) == (period, said(day))
    if period.first:
        assert said(period.first - dt.timedelta(1)) != said(day)
    if period.last:
        assert said(period.last + dt.timedelta(1)) != said(day)


def test_a_study_without_end_dates_has_an_open_period(build):
    study = build({"north": {"ethics": {**ETHICS, "expires": "9999-12-31"}}, "east": {"ethics": ETHICS}})
    found = period_of(study, dt.date(2024, 6, 1))
    assert (found.first, found.last) == (dt.date(2024, 1, 10), None)
