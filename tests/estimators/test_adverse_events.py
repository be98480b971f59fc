"""Adverse events counted by hand: worst grades, what is not known, days, any number of sites."""

from __future__ import annotations

import numpy as np
import pytest

from cohortium.estimators.adverse_events.spec import AdverseEventsSpec, Event
from cohortium.estimators.baseline.spec import Number
from cohortium.estimators.contract import Factor, Rows
from cohortium.estimators.grid import Grid
from cohortium.results import Results
from estimators.cases import Case, statistics, take

NAN = float("nan")
ARM = Factor("arm", ("a", "b"), ("A", "B"))
# Declared out of order, and without a grade that no protocol expects.
CRS = Factor("crs", ("3", "0", "1", "2", "5", "4"), ("Grade 3", "None", "Grade 1", "Grade 2", "Grade 5", "Grade 4"))
ONSET = Number("onset", Grid.whole(30), "days", 0)
SPEC = AdverseEventsSpec((Event(CRS, (ONSET,)),), ARM)

GRADES = [0, 1, 2, 3, 5, 0, 4, 3, None, 1]
"""A: five patients; B: four, one of them not known; the last of an unknown arm."""
ARMS = [0, 0, 0, 0, 0, 1, 1, 1, 1, -1]
DAYS = [NAN, 1, 4, 2, 9, NAN, 3, NAN, NAN, 7]


def rows() -> Rows:
    place = {int(code): position for position, code in enumerate(CRS.codes)}
    grades = np.array([-1 if grade is None else place[grade] for grade in GRADES])
    return Rows(len(GRADES), {"onset": np.array(DAYS)}, {"crs": grades, "arm": np.array(ARMS)})


def results(spec: AdverseEventsSpec = SPEC, *, sites: int = 1) -> Results:
    parts = [take(rows(), np.arange(len(GRADES))[i::sites]) for i in range(sites)]
    return Results(statistics(Case("x", "adverse-events", spec), parts))


@pytest.mark.parametrize("sites", [1, 2, 7, 12])
def test_each_patient_counts_once_at_the_worst_grade(sites: int) -> None:
    found = results(sites=sites)
    counts = {(s.group, s.level): (s.value, s.denominator) for s in found.where(statistic="count")}
    assert counts == {
        ("", "any grade"): (7, 9),
        ("", "grade 3 or higher"): (4, 9),
        ("", "grade 3 or 4"): (3, 9),
        ("", "grade 5"): (1, 9),
        ("A", "any grade"): (4, 5),
        ("A", "grade 3 or higher"): (2, 5),
        ("A", "grade 3 or 4"): (1, 5),
        ("A", "grade 5"): (1, 5),
        ("B", "any grade"): (2, 3),
        ("B", "grade 3 or higher"): (2, 3),
        ("B", "grade 3 or 4"): (2, 3),
        ("B", "grade 5"): (0, 3),
    }


def test_an_unknown_grade_is_not_grade_0() -> None:
    found = results()
    assert found.one(statistic="missing", group="B").value == 1
    assert found.one(statistic="missing", group="B").denominator == 4
    assert found.one(statistic="percent", group="B", level="any grade").value == pytest.approx(200 / 3, rel=1e-15)
    assert found.one(statistic="n", group="B").warning == "1 patient left out: group not known"


def test_days_are_of_the_patients_in_whom_they_are_known() -> None:
    """A: 1, 2, 4, 9 of four with the event; B: 3, of two."""
    found = results()
    median, q1 = (found.one(statistic=name, variable="onset", group="A") for name in ("median", "q1"))
    assert (median.value, q1.value, median.n, median.denominator) == (3.0, 1.75, 4, 4)
    alone = found.one(statistic="median", variable="onset", group="B")
    assert (alone.value, alone.n, alone.denominator) == (3.0, 1, 2)


def test_nobody_with_a_known_grade_has_no_percentage() -> None:
    empty = Rows(0, {"onset": np.zeros(0)}, {"crs": np.zeros(0, int), "arm": np.zeros(0, int)})
    found = Results(statistics(Case("x", "adverse-events", SPEC), [empty]))
    percent = found.one(statistic="percent", group="A", level="grade 5")
    assert (percent.value, percent.warning) == (None, "no patients with a known grade")
