"""Every threshold just below, at and just above, in both unit systems; and every change of a threshold is noticed."""

from dataclasses import fields, replace

import polars as pl
import pytest

from cohortium import imwg_response
from cohortium.derivations.response.components import LEVEL_NAMES
from cohortium.derivations.response.criteria import VERSIONS, Bound
from cohortium.derivations.response.options import Options
from cohortium.derivations.response.records import TRACK_NAMES, course_from
from cohortium.derivations.response.visits import visits_of
from cohortium.study.quantities import QUANTITIES as STORED
from derivations.response.boundary_table import QUANTITIES, cases, expected, rows

SCHEMA = {"patient": pl.String, "day": pl.Int64, "quantity": pl.String, "value": pl.Float64, "unit": pl.String,
          "result": pl.String}  # fmt: skip


def assessments(version, system):
    made = []
    for patient, day, short, stored, result in rows(version):
        name, *units = QUANTITIES[short]
        unit = units[system]
        # As a laboratory writes it in its own unit: with few decimals, not as a long double.
        value = None if stored is None else round(stored / STORED[name].factor(unit), 9)
        made.append((patient, day, name, value, unit or None, result))
    return pl.DataFrame(made, schema=SCHEMA, orient="row")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("system", [0, 1], ids=["kept units", "other units"])
def test_every_case_of_the_table(version, system):
    found = imwg_response(assessments(version, system), version=version)
    track = dict(found.patients.select("patient", "track").iter_rows())
    visits = dict(found.visits.group_by("patient").agg("response").iter_rows())
    assert {patient: (track[patient], visits[patient]) for patient in track} == expected(version)
    assert set(found.visits["version"]) == {version}


def test_cases_have_names_of_their_own():
    for version in VERSIONS:
        assert len(expected(version)) == len(cases(version)) > 80


def outcomes(frame, criteria):
    patients = frame.select(pl.col("patient").unique()).sort("patient")
    return outcomes_of(visits_of(frame, patients), patients, criteria)


def outcomes_of(visits, patients, criteria):
    course = course_from(visits, patients, Options(criteria=criteria))
    track = [TRACK_NAMES[number] for number in course.track]
    level = [LEVEL_NAMES[number] for number in course.level]
    return list(zip(course.visits.patient.tolist(), course.visits.day.tolist(), track, level, strict=True))


def step(name, value):
    if name.startswith("ratio"):
        return 0.01
    return 1 if value >= 5 else 0.1


def mutants(criteria):
    """Every threshold a step up and down, its comparison with and without the threshold itself, and left out."""
    for field in fields(criteria):
        bound = getattr(criteria, field.name)
        if not isinstance(bound, Bound):
            continue
        flipped = bound.sign.rstrip("=") if "=" in bound.sign else f"{bound.sign}="
        size = step(field.name, bound.value)
        for changed in (
            Bound(bound.sign, bound.value + size),
            Bound(bound.sign, bound.value - size),
            Bound(flipped, bound.value),
            Bound(">=", -1_000_000),
            Bound(">=", 1_000_000),
        ):
            yield field.name, changed, replace(criteria, **{field.name: changed})
    counts = {"rise": "value", "value": "rise"}[criteria.pd_marrow_counts]
    yield "pd_marrow_counts", counts, replace(criteria, pd_marrow_counts=counts)


# In 2016 MR asks of plasmacytomas what PR asks: a stricter MR can change nothing.
WITHOUT_EFFECT = {("IMWG2016", "mr_plasmacytoma_fall", change) for change in (Bound(">=", 51), Bound(">", 50), Bound(">=", 1_000_000))}  # fmt: skip


@pytest.mark.parametrize("version", VERSIONS)
def test_every_changed_threshold_is_noticed(version):
    frame, criteria = assessments(version, 0), VERSIONS[version]
    patients = frame.select(pl.col("patient").unique()).sort("patient")
    visits = visits_of(frame, patients)
    right = outcomes_of(visits, patients, criteria)
    survivors = {
        (version, name, changed)
        for name, changed, mutant in mutants(criteria)
        if outcomes_of(visits, patients, mutant) == right
    }
    assert survivors == {each for each in WITHOUT_EFFECT if each[0] == version}


def test_plasmacytomas_may_be_needed_for_very_good_partial_response():
    made = [("serum", 10.0, 1.0), ("urine", 0.0, 0.0)]
    for fall, size, wanted in ((90, 1.0, "VGPR"), (90, 1.01, "PR"), (None, 1.01, "VGPR")):
        values = [*made, ("spd", 10.0, size)]
        frame = pl.DataFrame(
            [("A", day, QUANTITIES[short][0], value) for short, *both in values for day, value in zip((0, 28), both, strict=True)],
            schema=["patient", "day", "quantity", "value"],
            orient="row",
        )  # fmt: skip
        assert imwg_response(frame, vgpr_plasmacytoma_fall=fall).visits["response"].to_list() == [wanted]


def test_a_category_that_a_version_does_not_have_is_the_next_lower():
    frame = assessments("IMWG2016", 0)
    without = replace(
        VERSIONS["IMWG2016"], version="without sCR and MR", categories=("CR", "VGPR", "PR", "SD", "PD", "NE")
    )
    lower = {"sCR": "CR", "MR": "SD"}
    found = outcomes(frame, without)
    assert found == [(*rest, lower.get(level, level)) for *rest, level in outcomes(frame, VERSIONS["IMWG2016"])]
