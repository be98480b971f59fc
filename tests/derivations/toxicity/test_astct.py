"""Cytokine release syndrome and neurotoxicity: every cell of the tables, combinations, what is not known, mutants."""

from dataclasses import replace

import polars as pl
import pytest

from cohortium.derivations.toxicity import crs, icans
from cohortium.derivations.toxicity.astct_grading import CRS, ICANS
from cohortium.derivations.toxicity.crs import graded_crs, has_fever
from cohortium.derivations.toxicity.icans import graded_icans
from cohortium.study.derive.toxicity import Crs, Icans
from derivations.toxicity.made import frame, row, site

HOT = {"term": "crs", "temperature": 39.0, "hypotension": "none", "oxygen": "none", "outcome": "recovered"}
CLEAR = {
    "term": "icans", "ice": 10, "consciousness": "awake", "seizure": "none", "motor": "none", "edema": "none",
    "outcome": "recovered",
}  # fmt: skip

CRS_CASES = [
    ({}, (1, 1)),
    ({"temperature": 38.0}, (1, 1)),
    ({"temperature": 37.9}, (0, 0)),
    ({"temperature": 38.1}, (1, 1)),
    ({"hypotension": "no-pressor"}, (2, 2)),
    ({"hypotension": "one-pressor"}, (3, 3)),
    ({"hypotension": "several-pressors"}, (4, 4)),
    ({"oxygen": "low-flow"}, (2, 2)),
    ({"oxygen": "high-flow"}, (3, 3)),
    ({"oxygen": "positive-pressure"}, (4, 4)),
    ({"hypotension": "no-pressor", "oxygen": "high-flow"}, (3, 3)),
    ({"outcome": "fatal"}, (5, 5)),
    ({"hypotension": None}, (1, 4)),
    ({"oxygen": None, "hypotension": "one-pressor"}, (3, 4)),
    ({"oxygen": None, "hypotension": "several-pressors"}, (4, 4)),
    ({"outcome": None}, (1, 5)),
    ({"outcome": None, "grade": 1}, (1, 1)),
    ({"outcome": None, "grade": 4}, (1, 1)),
    ({"outcome": None, "grade": 5}, (1, 5)),
    ({"temperature": None}, (1, 1)),
    ({"temperature": 37.5, "tocilizumab": True}, (1, 1)),
    ({"temperature": 37.5, "corticosteroids": True}, (1, 1)),
    ({"attributed": False, "hypotension": "one-pressor"}, (0, 0)),
    ({"attributed": True}, (1, 1)),
]
ICANS_CASES = [
    ({}, (0, 0)),
    ({"ice": 9}, (1, 1)),
    ({"ice": 7}, (1, 1)),
    ({"ice": 6}, (2, 2)),
    ({"ice": 3}, (2, 2)),
    ({"ice": 2}, (3, 3)),
    ({"ice": 0}, (3, 3)),
    ({"ice": 0, "consciousness": "unarousable"}, (4, 4)),
    ({"consciousness": "spontaneous"}, (1, 1)),
    ({"consciousness": "voice"}, (2, 2)),
    ({"consciousness": "tactile"}, (3, 3)),
    ({"seizure": "resolved"}, (3, 3)),
    ({"seizure": "prolonged"}, (4, 4)),
    ({"motor": "deep-focal"}, (4, 4)),
    ({"edema": "focal"}, (3, 3)),
    ({"edema": "diffuse"}, (4, 4)),
    ({"outcome": "fatal"}, (5, 5)),
    ({"ice": None}, (0, 3)),
    ({"ice": None, "consciousness": "tactile"}, (3, 3)),
    ({"consciousness": None, "ice": 5}, (2, 4)),
    ({"seizure": None}, (0, 4)),
    ({"motor": None, "edema": "diffuse"}, (4, 4)),
    ({"edema": None, "ice": 2}, (3, 4)),
    ({"attributed": False, "ice": 0}, (0, 0)),
]


def limits(rows):
    return list(rows.select("least", "most").iter_rows())


def crs_limits(grading):
    rows = frame("events", [HOT | change for change, _ in CRS_CASES])
    return limits(graded_crs(rows, grading, has_fever(grading)))


def icans_limits(grading):
    return limits(graded_icans(frame("events", [CLEAR | change for change, _ in ICANS_CASES]), grading))


def test_every_cell_of_the_table_of_cytokine_release_syndrome():
    assert crs_limits(CRS["ASTCT-2019"]) == [expected for _, expected in CRS_CASES]


def test_every_cell_of_the_table_of_neurotoxicity():
    assert icans_limits(ICANS["ASTCT-2019"]) == [expected for _, expected in ICANS_CASES]


def ladder_mutants(grading, floor):
    """Every grade one step lower or higher; what is below the floor is the same table."""
    for column, ladder in grading.domains.items():
        for code, grade in ladder.items():
            for changed in (grade - 1, grade + 1):
                if changed >= floor:
                    yield replace(grading, domains={**grading.domains, column: {**ladder, code: changed}})


def band_mutants(grading):
    """Every band one score or one grade lower or higher; there is neither a score nor a grade below 0."""
    for i, (lowest, grade) in enumerate(grading.ice):
        for changed in ((lowest - 1, grade), (lowest + 1, grade), (lowest, grade - 1), (lowest, grade + 1)):
            if min(changed) >= 0:
                yield replace(grading, ice=(*grading.ice[:i], changed, *grading.ice[i + 1 :]))


def test_every_mutant_of_the_tables_changes_a_grade():
    right = CRS["ASTCT-2019"]
    moved = [replace(right, fever_at_least=right.fever_at_least + step) for step in (-0.1, 0.1)]
    assert [one for one in [*ladder_mutants(right, 1), *moved] if crs_limits(one) == crs_limits(right)] == []
    right = ICANS["ASTCT-2019"]
    mutants = [*ladder_mutants(right, 0), *band_mutants(right)]
    assert [one for one in mutants if icans_limits(one) == icans_limits(right)] == []


def section(model, rule, **keys):
    return model(name="x", label="X", rule=rule, **keys)


def made(*rows, patients=("A",), **keys):
    return crs(site(list(patients), events=list(rows)), section(Crs, "crs", **keys))


def test_a_patient_without_an_event_had_none():
    found = row(made(patients="AB"), "B")
    assert (found["x"], found["x_any"], found["x_at_least"]) == ("0", "no", 0)
    assert (found["x_onset"], found["x_duration"], found["x_tocilizumab"], found["x_site"]) == (None, None, "no", "0")


def test_unless_a_missing_row_may_be_an_event_that_was_not_entered():
    found = row(made(without_events="unknown"))
    assert [found[name] for name in ("x", "x_any", "x_at_least", "x_site", "x_tocilizumab")] == [None] * 5


def test_maximum_onset_duration_and_treatment():
    first = HOT | {"onset": 2, "end": 4, "grade": 1, "tocilizumab": False, "corticosteroids": False}
    second = HOT | {"onset": 8, "end": 9, "grade": 2, "hypotension": "no-pressor", "tocilizumab": True}
    found = row(made(second, first))
    assert {name: found[f"x{name}"] for name in ("", "_site", "_onset", "_duration", "_severe")} == {
        "": "2", "_site": "2", "_onset": 2, "_duration": 8, "_severe": "no",
    }  # fmt: skip
    assert (found["x_tocilizumab"], found["x_corticosteroids"]) == ("yes", None)


def test_an_unknown_end_or_onset_leaves_the_duration_open():
    found = row(made(HOT | {"onset": 2}, HOT | {"onset": 8, "end": 9}))
    assert (found["x_onset"], found["x_duration"]) == (2, None)
    found = row(made(HOT | {"onset": None, "end": 5}, HOT | {"onset": 8, "end": 9}))
    assert (found["x_onset"], found["x_duration"]) == (None, None)


def test_what_is_unknown_is_reported_as_at_least():
    found = row(made(HOT | {"onset": 1, "oxygen": None, "hypotension": "one-pressor"}))
    assert (found["x"], found["x_any"], found["x_severe"], found["x_at_least"]) == (None, "yes", "yes", 3)
    assert made(HOT | {"oxygen": None}).records["explanation"].item() == "hypotension none (1), oxygen not known"


def test_days_that_count():
    rows = (HOT | {"onset": -1, "hypotension": "one-pressor"}, HOT | {"onset": 40, "hypotension": "no-pressor"})
    assert row(made(*rows))["x"] == "2"
    assert row(made(*rows, to_day=30))["x"] == "0"
    assert row(made(*rows, from_day=-5, to_day=30))["x"] == "3"
    unknown = HOT | {"onset": None}
    assert row(made(unknown))["x"] == "1"
    assert (row(made(unknown, to_day=30))["x"], row(made(unknown, to_day=30))["x_at_least"]) == (None, 0)


def test_other_terms_do_not_count_and_case_does_not_matter():
    assert row(made(HOT | {"term": "pneumonia"}))["x"] == "0"
    assert row(made(HOT | {"term": " CRS "}))["x"] == "1"


def test_parameters_of_fever():
    cold = HOT | {"temperature": 37.0, "tocilizumab": True}
    assert row(made(cold, fever_after_treatment="needed"))["x"] == "0"
    assert row(made(HOT | {"temperature": None}, unknown_temperature="unknown"))["x"] is None


def test_the_sites_grade_is_listed_where_it_disagrees():
    agrees = HOT | {"onset": 1, "grade": 3, "oxygen": None}
    differs = HOT | {"patient": "B", "onset": 1, "grade": 3, "oxygen": "low-flow"}
    listed = made(agrees, differs, patients="AB").listings["disagreements"]
    assert listed.select("patient", "derived", "site_grade").rows() == [("B", "2", 3)]


def test_neurotoxicity_of_a_patient():
    rows = [CLEAR | {"onset": 3, "end": 5, "ice": 5, "grade": 2}, CLEAR | {"onset": 6, "end": 6, "seizure": "resolved"}]
    found = row(icans(site(["A"], events=rows), section(Icans, "icans")))
    assert (found["x"], found["x_onset"], found["x_duration"], found["x_site"]) == ("3", 3, 4, None)


def rules_found(derived):
    return {(finding.rule, finding.severity, tuple(finding.lines)) for finding in derived.findings}


def test_impossible_rows_are_found():
    rows = [
        HOT | {"onset": 5, "end": 3},
        HOT | {"outcome": "fatal", "grade": 3},
        HOT | {"outcome": "recovered", "grade": 5},
        HOT | {"outcome": None, "grade": 5},
        HOT | {"temperature": 37.0},
        HOT | {"temperature": 37.0, "attributed": False},
    ]
    assert rules_found(made(*rows)) == {
        ("end-before-onset", "error", (2,)), ("fatal-not-grade-5", "error", (3,)), ("grade-5-not-fatal", "error", (4,)),
        ("grade-5-without-outcome", "note", (5,)), ("crs-without-fever", "note", (6,)),
    }  # fmt: skip
    rows = [CLEAR | {"consciousness": "unarousable", "ice": 5}, CLEAR, CLEAR | {"ice": 9}]
    assert rules_found(icans(site(["A"], events=rows), section(Icans, "icans"))) == {
        ("ice-while-unarousable", "error", (2,)), ("icans-without-finding", "note", (3,)),
    }  # fmt: skip


def test_records_name_the_version():
    records = made(HOT | {"onset": 1}).records
    assert records["version"].to_list() == ["ASTCT-2019"]
    assert records["explanation"].to_list() == ["hypotension none (1), oxygen none (1)"]


@pytest.mark.parametrize("model", [Crs, Icans])
def test_columns_are_the_declared_variables(model):
    rule = {Crs: crs, Icans: icans}[model]
    asked = section(model, rule.__name__)
    assert rule(site(["A"]), asked).columns.columns == ["patient", *(variable.name for variable in asked.variables())]
    assert rule(site(["A"]), asked).columns.schema["x_onset"] == pl.Int64
