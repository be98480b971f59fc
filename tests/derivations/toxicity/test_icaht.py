"""Hematotoxicity: every limit of days and counts, the published choices, a slow second program, mutants."""

import sys
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from cohortium.derivations.toxicity import icaht
from cohortium.derivations.toxicity.icaht_grading import ICAHT
from cohortium.study.derive.icaht import Icaht
from derivations.toxicity import icaht_by_hand as by_hand
from derivations.toxicity.made import frame, row, site

FOLLOWED = 400


def section(**keys):
    return Icaht(name="x", label="ICAHT", rule="icaht", **keys)


def rows(values, quantity="neutrophils", patient="A"):
    """Values by day; neutrophils per microliter, which the tables keep in 10^9/L."""
    scale = 1000 if quantity == "neutrophils" else 1
    return [
        {"patient": patient, "day": day, "quantity": quantity, "value": value / scale} for day, value in values.items()
    ]


def made(values, quantity="neutrophils", patients=("A",), **keys):
    return row(icaht(site(list(patients), assessments=rows(values, quantity)), section(**keys)))


def course(*stretches, rest=2000, last=30):
    """Daily values: `(first, last, value)` within a course of the rest."""
    values = dict.fromkeys(range(last + 1), rest)
    for first, end, value in stretches:
        values |= dict.fromkeys(range(first, end + 1), value)
    return values


EARLY = [
    (course(), "0"),
    (course((5, 5, 510)), "0"),
    (course((5, 5, 500)), "1"),
    (course((5, 10, 500)), "1"),
    (course((5, 11, 500)), "2"),
    (course((5, 17, 500)), "2"),
    (course((5, 18, 500)), "3"),
    (course((5, 10, 100)), "1"),
    (course((5, 11, 110)), "2"),
    (course((5, 11, 100)), "3"),
    (course((5, 17, 100)), "3"),
    (course((5, 18, 100)), "4"),
    (course((1, 30, 500), (0, 0, 510)), "4"),
    (course((0, 29, 500)), "3"),
    (course((0, 30, 500)), "4"),
    (course((4, 30, 500)), "3"),
    (course((3, 30, 500)), "4"),
    (course((5, 7, 500), (10, 12, 500)), "2"),
    (course((5, 7, 500), (11, 13, 500)), "1"),
]
LATE = [
    ({40: 1600, 50: 1501}, "0"),
    ({40: 1500, 50: 1500}, "1"),
    ({40: 1500, 50: 1501}, "0"),
    ({40: 1001, 50: 1500}, "1"),
    ({40: 1000, 50: 1500}, "2"),
    ({40: 501, 50: 1500}, "2"),
    ({40: 500, 50: 1500}, "3"),
    ({40: 101, 50: 1500}, "3"),
    ({40: 100, 50: 1500}, "4"),
    ({40: 100, 50: 1510}, "0"),
    ({40: 100}, "4"),
    ({40: 1501}, "0"),
    ({30: 100, 101: 100}, None),
    ({31: 100}, "4"),
    ({100: 100}, "4"),
]
PLATELETS = [
    (course(rest=50), "0"),
    (course((3, 3, 49), rest=60), "1"),
    (course((3, 8, 49), rest=60), "1"),
    (course((3, 9, 49), rest=60), "2"),
    (course((3, 5, 49), (10, 13, 49), rest=60), "2"),
    (course((3, 3, 20), rest=60), "1"),
    (course((3, 3, 19), rest=60), "3"),
    (course((3, 15, 19), rest=60), "3"),
    (course((3, 16, 19), rest=60), "4"),
]
LATE_PLATELETS = [
    (dict.fromkeys(range(31, 101), 100), "0"),
    (dict.fromkeys(range(31, 101), 100) | {50: 99}, "1"),
    (dict.fromkeys(range(31, 101), 100) | {50: 50}, "1"),
    (dict.fromkeys(range(31, 101), 100) | {50: 49}, "2"),
    (dict.fromkeys(range(31, 101), 100) | {50: 20}, "2"),
    (dict.fromkeys(range(31, 101), 100) | {50: 19}, "3"),
    (dict.fromkeys(range(31, 101), 100) | dict.fromkeys(range(50, 63), 19), "3"),
    (dict.fromkeys(range(31, 101), 100) | dict.fromkeys(range(50, 64), 19), "4"),
]
TABLES = {
    "x": (EARLY, "neutrophils"), "x_late": (LATE, "neutrophils"), "x_platelets": (PLATELETS, "platelets"),
    "x_platelets_late": (LATE_PLATELETS, "platelets"),
}  # fmt: skip


COURSES = [
    (f"{column} {i}", values, quantity)
    for column, (cases, quantity) in TABLES.items()
    for i, (values, _) in enumerate(cases)
]
EVERY_ROW = site(
    [patient for patient, _, _ in COURSES],
    assessments=[one for patient, values, quantity in COURSES for one in rows(values, quantity, patient)],
)
"""One patient a row of a table."""


def answers():
    """The answers of all tables."""
    made = icaht(EVERY_ROW, section()).columns
    return {column: made.filter(pl.col("patient").str.starts_with(f"{column} "))[column].to_list() for column in TABLES}


EXPECTED = {column: [grade for _, grade in cases] for column, (cases, _) in TABLES.items()}


def test_every_limit_of_days_and_counts():
    assert answers() == EXPECTED


def mutants(grading):
    """Every number of days, every limit and every grade one step lower or higher."""
    for name in ("neutrophils_at_most", "platelets_below", "late_platelets_below"):
        table = getattr(grading, name)
        step = 10 if name == "neutrophils_at_most" else 1
        for limit, days in table.items():
            for sign in (-1, 1):
                moved = {limit + sign * step if other == limit else other: of for other, of in table.items()}
                yield replace(grading, **{name: moved})
                for grade, fewest in days.items():
                    # From 0 days on everybody would have the grade; that too must be seen.
                    yield replace(grading, **{name: {**table, limit: {**days, grade: fewest + sign}}})
                    other = {(one + sign if one == grade else one): few for one, few in days.items()}
                    if len(other) == len(days):
                        yield replace(grading, **{name: {**table, limit: other}})
    for i, (limit, grade) in enumerate(grading.late_neutrophils):
        for changed in ((limit - 1, grade), (limit + 1, grade), (limit, grade - 1), (limit, grade + 1)):
            late = (*grading.late_neutrophils[:i], changed, *grading.late_neutrophils[i + 1 :])
            yield replace(grading, late_neutrophils=late)
    for sign in (-1, 1):
        yield replace(grading, late_second_at_most=grading.late_second_at_most + sign)
        yield replace(grading, never=grading.never + sign)


def test_every_mutant_of_the_tables_changes_a_grade(monkeypatch):
    survivors = []
    for mutant in mutants(ICAHT["EHA-EBMT-2023"]):
        monkeypatch.setattr(sys.modules[icaht.__module__], "ICAHT", {"EHA-EBMT-2023": mutant})
        if answers() == EXPECTED:
            survivors.append(mutant)
    assert survivors == []


def random_values(rng, last, high):
    days = np.flatnonzero(rng.random(last + 1) < rng.choice([0.15, 0.4, 0.9]))
    level = rng.choice([0.05, 0.3, 1.0]) * high
    walk = np.abs(level + np.cumsum(rng.normal(0, 0.15 * high, days.size)))
    return {int(day): float(round(value)) for day, value in zip(days, walk, strict=True)}


@pytest.mark.parametrize("seed", [1, 2])
def test_a_slow_second_program_gives_the_same_on_random_courses(seed):
    rng = np.random.default_rng(seed)
    patients = [f"P{i}" for i in range(250)]
    ends = rng.choice([5, 12, 20, 29, 40, 75, FOLLOWED], len(patients))
    courses = [(random_values(rng, 110, 900.0), random_values(rng, 110, 90.0)) for _ in patients]
    courses = [
        tuple({d: v for d, v in one.items() if d <= end} for one in pair)
        for pair, end in zip(courses, ends, strict=True)
    ]
    assessed = frame("assessments", [
        one
        for patient, (neutrophils, platelets) in zip(patients, courses, strict=True)
        for one in (*rows(neutrophils, "neutrophils", patient), *rows(platelets, "platelets", patient))
    ])  # fmt: skip
    given = pl.DataFrame({"patient": patients, "last_follow_up": ends})
    asked = section(last_follow_up="last_contact")
    found = icaht(site(given, assessments=assessed), asked).columns
    turned = icaht(site(given, assessments=assessed.sample(fraction=1, shuffle=True, seed=seed)), asked).columns
    assert found.equals(turned)
    expected = [
        tuple(None if grade is None else str(grade) for grade in (
            by_hand.early(neutrophils, int(min(end, 30))), by_hand.late(neutrophils, int(min(end, 100))),
            by_hand.platelets(platelets, int(min(end, 30))), by_hand.late_platelets(platelets, int(min(end, 100))),
        ))
        for (neutrophils, platelets), end in zip(courses, ends, strict=True)
    ]  # fmt: skip
    assert found.select("x", "x_late", "x_platelets", "x_platelets_late").rows() == expected
    assert set(found["x"]) == {"0", "1", "2", "3", "4", None}


def test_of_several_values_of_a_day_the_lowest_counts():
    twice = [*rows(course()), *rows({5: 400})]
    assert row(icaht(site(["A"], assessments=twice), section()))["x"] == "1"


def test_gaps_are_filled_up_to_a_number_of_days():
    assert made({0: 400, 8: 400, 12: 2000, 20: 2000, 28: 2000})["x"] == "2"
    short = {0: 400, 9: 400, 10: 2000, 18: 2000, 26: 2000}
    assert (made(short)["x"], made(short)["x_days_unmeasured"]) == ("1", 8)
    assert made(short, interpolated_days=8)["x"] == "2"


def test_days_that_were_not_measured_may_be_not_known():
    gap = {0: 2000, 1: 400, 9: 2000, 10: 2000, 18: 2000, 26: 2000}
    assert made(gap)["x"] == "1"
    gap = {0: 2000, 1: 2000, 12: 2000, 20: 2000, 28: 2000}
    assert made(gap)["x"] == "0"
    found = made(gap, unmeasured_days="unknown")
    assert (found["x"], found["x_days_500"]) == (None, None)


def test_no_value_is_not_grade_0():
    assert made({40: 2000})["x"] is None
    assert made({})["x_late"] is None
    assert made({})["x_platelets"] is None


def test_a_run_that_lasts_until_the_last_value():
    low = dict.fromkeys(range(2, 17), 400)
    assert made({0: 2000, 1: 2000} | low)["x"] == "4"
    assert made({0: 2000, 1: 2000} | low, open_run_from_day=1)["x"] == "3"


def test_the_late_window_ends_with_progression_next_therapy_and_follow_up():
    patients = pl.DataFrame(
        {"patient": ["A", "B", "C"], "progression": [45, None, None], "next_therapy": [None, 46, None]}
    )
    assessed = [one for patient in "ABC" for one in rows({40: 1400, 46: 90, 47: 90}, patient=patient)]
    asked = section(progression="progression", next_therapy="next")
    assert icaht(site(patients, assessments=assessed), asked).columns["x_late"].to_list() == ["1", "4", "4"]
    alone = icaht(site(patients, assessments=rows({40: 90})), section(late_single_value="unknown"))
    assert row(alone)["x_late"] is None


def test_labels_say_when_the_grading_is_adapted():
    assert all("adapted" in variable.label for variable in section(day_0="first-dose").variables())


def test_columns_are_the_declared_variables():
    found = icaht(site(["A"]), section()).columns
    assert found.columns == ["patient", *(variable.name for variable in section().variables())]
