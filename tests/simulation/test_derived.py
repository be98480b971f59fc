"""The program's derivations find the simulator's truth, and its intake the planted faults."""

import polars as pl
import pytest

from cohortium.derivations import derive, response
from cohortium.derivations.rule import Tables
from cohortium.intake import read_sites
from cohortium.study.derive.response import ImwgResponse
from cohortium.study.load import load_study
from cohortium.study.new_directory import fill_new_directory

RESPONSE = ImwgResponse(name="response", label="Response", rule="imwg-response", progression_death="died")


def tables_of(charts):
    rows = [
        (chart.key, row.day, row.quantity, row.value, row.result or None, row.method or None, row.is_spurious)
        for chart in charts
        for row in chart.assessments
    ]
    names = ("patient", "day", "quantity", "value", "result", "method", "spurious")
    therapies = [
        (chart.key, "subsequent", day) for chart in charts if (day := chart.truth["new_therapy_day"]) is not None
    ]
    died = ["yes" if chart.patient["death_cause"] == "progression" else "no" for chart in charts]
    patients = pl.DataFrame({"patient": [chart.key for chart in charts], "progression_death": died})
    return Tables(
        patients=patients.with_columns(data_cutoff=pl.lit(None, dtype=pl.Int64)),
        therapies=pl.DataFrame(therapies, schema=["patient", "role", "start"], orient="row"),
        assessments=pl.DataFrame(rows, schema=list(names), orient="row", infer_schema_length=None).with_columns(
            sample=pl.lit(None, dtype=pl.String)
        ),
        events=pl.DataFrame(),
        responses=pl.DataFrame(),
    )


def test_every_visit_has_the_response_that_the_simulator_worked_out(reference):
    made, _ = reference
    derived = response.RULES["imwg-response"](tables_of(made.charts), RESPONSE)
    truth = [
        (chart.key, visit.day, visit.response, visit.basis or None)
        for chart in made.charts
        for visit in chart.realized.truth.visits
    ]
    visits = pl.DataFrame(truth, schema=["patient", "day", "truth", "basis"], orient="row", infer_schema_length=None)
    joined = visits.join(derived.records, on=["patient", "day"], how="left")
    differs = (pl.col("truth") != pl.col("response")).fill_null(value=True)
    assert joined.filter(differs | pl.col("basis").ne_missing(pl.col("progression_basis"))).height == 0
    assert visits.height > 2000
    assert set(visits["truth"]) == {"sCR", "CR", "VGPR", "PR", "MR", "SD", "PD", "NE"}


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    def read(made):
        directory = tmp_path_factory.mktemp("simulated") / "study"
        fill_new_directory(directory, made.files, "the study")
        study = load_study(directory)
        return study, read_sites(study)

    return read


def test_files_of_every_habit_are_read_without_a_query_and_give_the_truth(reference, read):
    made, _ = reference
    study, intake = read(made)
    assert intake.queries == ()
    cohort = pl.concat([derive(study, site.frame, site.site.id, site.tables)[0].cohort for site in intake.sites])
    truth = pl.DataFrame([{"patient_id": chart.key, **chart.truth} for chart in made.charts], infer_schema_length=None)
    joined = truth.join(cohort, on="patient_id", suffix="_derived")
    assert joined.height == 385 + 28
    pairs = {
        "best_confirmed": "response",
        "best_reported": "response_reported",
        "progression_day": "response_progression",
        "first_response_day": "response_first_response",
        "pfs_days": "pfs_days_derived",
        "track": "response_track",
    }
    for expected, found in pairs.items():
        assert joined.filter(pl.col(expected).ne_missing(pl.col(found))).height == 0, expected
    assert ((joined["pfs_event"] == 1) == (joined["pfs_event_derived"] != "censored")).all()


def test_each_planted_fault_is_found_by_the_rule_that_the_key_names(faulty, read):
    study, intake = read(faulty)
    queries = list(intake.queries)
    for site in intake.sites:
        queries += derive(study, site.frame, site.site.id, site.tables)[1]
    found = {(query.site, query.file.rsplit("/", 1)[-1], query.line, query.rule) for query in queries}
    told = {(fault.site, fault.file, fault.line, fault.rule) for fault in faulty.planted}
    assert told - found == set()
    places = {place[:3] for place in told}
    assert {one for one in found if one[:3] not in places} == set()
