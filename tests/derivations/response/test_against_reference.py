"""Thousands of drawn patients, by the program and by a slow reference; and the order of rows means nothing."""

import random

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from cohortium import imwg_response
from derivations.response.reference import patient_of

N_PATIENTS = 3000
NAMES = {
    "serum": "serum-m-protein", "urine": "urine-m-protein", "kappa": "flc-kappa", "lambda": "flc-lambda",
    "ratio": "flc-ratio", "marrow": "marrow-plasma-cells", "clonality": "marrow-clonality-ratio",
    "spd": "plasmacytoma-spd", "circulating": "circulating-plasma-cells", "sife": "serum-immunofixation",
    "uife": "urine-immunofixation", "cells": "marrow-clonal-cells", "plasmacytoma": "plasmacytoma", "imaging": "imaging",
}  # fmt: skip
# Coarse, so that values fall on the thresholds; the first of each is likely.
VALUES = {
    "serum": [0.0, 0.3, 0.4, 0.5, 0.9, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0],
    "urine": [0.0, 50.0, 99.0, 100.0, 199.0, 200.0, 400.0, 500.0, 1000.0],
    "kappa": [1.0, 1.65, 2.0, 6.0, 11.0, 21.0, 21.5, 51.0, 101.0],
    "lambda": [1.0, 1.0, 1.0, 0.5, 3.0, 25.0, 60.0],
    "ratio": [1.0, 0.26, 1.65, 8.0],
    "marrow": [2.0, 4.9, 5.0, 15.0, 30.0, 40.0, 60.0],
    "clonality": [0.5, 1.0, 4.0, 6.0],
    "spd": [0.0, 2.0, 3.0, 4.0, 6.0],
    "circulating": [0.0, 200.0, 400.0, 700.0],
    "sife": ["negative", "negative", "positive"],
    "uife": ["negative", "negative", "positive"],
    "cells": ["negative", "positive"],
    "plasmacytoma": ["negative", "positive", "new"],
    "imaging": ["negative", "negative", "negative", "negative", "new", "increased"],
}
SHARE = {"serum": 0.9, "urine": 0.7, "kappa": 0.7, "lambda": 0.7, "ratio": 0.1, "marrow": 0.3, "clonality": 0.3, "spd": 0.12,
         "circulating": 0.1, "sife": 0.6, "uife": 0.6, "cells": 0.1, "plasmacytoma": 0.05, "imaging": 0.05}  # fmt: skip


def draw(rng):
    """A patient: visits, day of new therapy, death from progression. What kind of disease it is varies."""
    silent = rng.random() < 0.4
    visits = []
    for number in range(rng.randint(1, 7)):
        visit = {}
        for name, share in SHARE.items():
            if rng.random() < (1.0 if number == 0 and name in ("serum", "urine") else share):
                choices = VALUES[name]
                if silent and name in ("serum", "urine"):
                    choices = choices[:3]
                if number and name in ("serum", "urine") and rng.random() < 0.35:
                    choices = choices[:1]
                visit[name] = rng.choice(choices)
        visits.append((28 * number - (7 if number == 0 else 0), visit))
    return visits, rng.choice([None, None, 60, 84]), rng.random() < 0.2


@pytest.fixture(scope="module")
def drawn():
    rng = random.Random(20261201)  # noqa: S311 a seeded draw of test patients
    return {f"P{number:05d}": draw(rng) for number in range(N_PATIENTS)}


@pytest.fixture(scope="module")
def frames(drawn):
    rows = [
        (
            patient,
            day,
            NAMES[name],
            None if isinstance(value, str) else value,
            value if isinstance(value, str) else None,
        )
        for patient, (visits, _, _) in drawn.items()
        for day, visit in visits
        for name, value in visit.items()
    ]
    schema = {"patient": pl.String, "day": pl.Int64, "quantity": pl.String, "value": pl.Float64, "result": pl.String}
    patients = pl.DataFrame(
        {
            "patient": list(drawn),
            "new_therapy": [therapy for _, therapy, _ in drawn.values()],
            "progression_death": [died for _, _, died in drawn.values()],
        }
    )
    return pl.DataFrame(rows, schema=schema, orient="row"), patients


@pytest.fixture(scope="module")
def found(frames):
    return imwg_response(*frames)


def test_the_program_agrees_with_the_reference(drawn, found):
    by_patient = {row["patient"]: row for row in found.patients.iter_rows(named=True)}
    lists = found.visits.group_by("patient").agg("day", "response", "progression_basis", "confirmed")
    visits = {row["patient"]: row for row in lists.iter_rows(named=True)}
    seen = set()
    for patient, (measured, therapy, died) in drawn.items():
        # A visit at which nothing was measured is none.
        wanted = patient_of([(day, visit) for day, visit in measured if visit], therapy, died=died)
        given = visits.get(patient, {"day": [], "response": [], "progression_basis": [], "confirmed": []})
        ours = list(zip(given["day"], given["response"], given["progression_basis"], strict=True))
        assert (patient, by_patient[patient]["track"], ours) == (patient, wanted["track"], wanted["visits"])
        assert given["confirmed"] == wanted["confirmed"], patient
        assert by_patient[patient]["best"] == wanted["best"], patient
        assert by_patient[patient]["reported"] == wanted["reported"], patient
        seen |= {(wanted["track"], response) for _, response, _ in ours}
    # The draw reaches every track, and every category in the tracks that have it.
    assert {track for track, _ in seen} - {None} == {"SERUM", "URINE", "SERUM+URINE", "FLC_ONLY", "BM_ONLY", "PLASMACYTOMA_ONLY",
                                            "NOT_MEASURABLE"}  # fmt: skip
    assert {response for _, response in seen} == {"sCR", "CR", "VGPR", "PR", "MR", "SD", "PD", "NE"}


def test_the_order_of_rows_means_nothing(frames, found):
    rows, patients = frames
    again = imwg_response(rows.sample(fraction=1.0, shuffle=True, seed=1), patients)
    assert_frame_equal(again.visits, found.visits)
    assert_frame_equal(again.patients, found.patients)


def test_the_order_of_patients_means_nothing_but_their_order(frames, found):
    rows, patients = frames
    turned = patients.reverse()
    again = imwg_response(rows, turned)
    assert_frame_equal(again.visits, found.visits)
    assert_frame_equal(again.patients, found.patients.reverse())


def test_every_visit_is_explained(found):
    told = found.visits.filter(pl.col("explanation").is_null() | ~pl.col("explanation").str.contains("^[A-Za-z]+: .+"))
    assert told["response"].to_list() == []
