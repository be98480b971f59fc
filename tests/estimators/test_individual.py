"""Individual courses: every patient is a bar, whatever the sites; what is cut off and what is not known is said."""

from __future__ import annotations

import numpy as np
import pytest

from cohortium.errors import SiteDataError
from cohortium.estimators.contract import Factor, Rows
from cohortium.estimators.grid import Grid
from cohortium.estimators.individual.spec import SwimmerSpec, WaterfallSpec
from cohortium.results import Results
from estimators.cases import Case, statistics, take

NAN = float("nan")
ARM = Factor("arm", ("a", "b"), ("A", "B"))
BEST = Factor("best", ("CR", "PR", "PD"), ("Complete", "Partial", "Progression"))
WATERFALL = WaterfallSpec(BEST, "change", 100, ARM)
SWIMMER = SwimmerSpec(BEST, "days", "event", ("Relapse", "Death"), Grid.ends_of("weeks", 28, 30.4375), "first", ARM)


def rows(**changed: object) -> Rows:
    """A: -100, -49.5, 0.4, 150; B: -50.4, not known; one of an unknown arm."""
    numbers = {
        "change": [-100, -49.5, 0.4, 150, -50.4, NAN, 10],
        "days": [3, 14, 29, 28, 8, NAN, 5],
        "event": [1, 0, 2, 0, 2, 1, 1],
        "first": [2, 14, NAN, 60, 7, NAN, 1],
        **changed,
    }
    codes = {"best": np.array([0, 1, -1, 2, 1, 0, 0]), "arm": np.array([0, 0, 0, 0, 1, 1, -1])}
    return Rows(7, {name: np.array(column, float) for name, column in numbers.items()}, codes)


def results(spec: WaterfallSpec | SwimmerSpec, sites: int = 1) -> Results:
    parts = [take(rows(), np.arange(7)[i::sites]) for i in range(sites)]
    return Results(statistics(Case("x", "individual-courses", spec), parts))


@pytest.mark.parametrize("sites", [1, 3, 9])
def test_changes_are_whole_percents_cut_off_above(sites: int) -> None:
    found = results(WATERFALL, sites)
    bars = [(s.group, s.value, s.level, s.note) for s in found.where(statistic="change")]
    assert bars == [
        ("A", -100, "Complete", ""),
        ("A", -50, "Partial", ""),
        ("A", 100, "Progression", "cut off"),
        ("A", 0, "", ""),
        ("B", -50, "Partial", ""),
    ]


@pytest.mark.parametrize("sites", [1, 3, 9])
def test_courses_end_at_the_end_of_their_week(sites: int) -> None:
    """Days 3, 14, 29, 28 and 8 in weeks; day 29 is beyond the last, as is a first response on day 60."""
    found = results(SWIMMER, sites)
    bars = [(s.group, s.value, s.level, s.time, s.note) for s in found.where(statistic="course")]
    assert bars == [
        ("A", 7, "Complete", 7, "Relapse"),
        ("A", 14, "Partial", 14, "ongoing"),
        ("A", 28, "Progression", None, "ongoing"),
        ("A", 28, "", None, "cut off"),
        ("B", 14, "Partial", 7, "Death"),
    ]


@pytest.mark.parametrize(("spec", "what"), [(WATERFALL, "change"), (SWIMMER, "follow-up")])
def test_who_has_no_bar_is_said(spec: WaterfallSpec | SwimmerSpec, what: str) -> None:
    found = results(spec)
    assert [(s.group, s.value, s.warning) for s in found.where(statistic="n")] == [
        ("A", 4, ""),
        ("B", 1, f"1 patient without a bar: {what} not known"),
    ]
    assert found.one(statistic="group-unknown").warning == "1 patient left out: group not known"


def test_that_bars_are_single_patients_is_a_warning() -> None:
    bars = results(SWIMMER).one(statistic="bars")
    assert bars.value == 5
    assert "each bar is one patient" in bars.warning


def test_identical_patients_are_a_bar_each() -> None:
    twice = take(rows(), np.array([1, 1, 1]))
    found = Results(statistics(Case("x", "individual-courses", WATERFALL), [twice]))
    assert [s.value for s in found.where(statistic="change")] == [-50, -50, -50]


def test_a_fall_of_more_than_everything_is_refused() -> None:
    with pytest.raises(SiteDataError, match="not on the declared grid from -100 to 100"):
        statistics(Case("x", "individual-courses", WATERFALL), [rows(change=[-101] * 7)])
