import csv
from pathlib import Path

import polars as pl
import pytest

from cohortium.derivations import derive
from cohortium.intake import read_sites
from cohortium.study.load import load_study

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "ncctg-lung"


@pytest.fixture(scope="module")
def intake():
    return read_sites(load_study(EXAMPLE))


def test_the_one_patient_without_institution_is_found(intake):
    assert len(intake.sites) == 19
    (query,) = intake.queries
    assert (query.site, query.line, query.key, query.rule) == ("unassigned", 2, "P156", "institution-missing")
    assert not query.is_error


def test_the_cohort_is_the_published_one(intake):
    study = load_study(EXAMPLE)
    derived = [derive(study, site.frame, site.site.id) for site in intake.sites]
    assert all(queries == () for _, queries in derived)
    cohort = pl.concat([frames.cohort for frames, _ in derived])
    assert cohort.height == 228
    assert cohort["os__event"].sum() == 165
    assert cohort["os__time"].sum() == 69593
    assert cohort["site"].null_count() == 1
    assert cohort["site"].n_unique() == 19


def test_the_site_files_hold_the_data_set_unchanged(intake, reference_data):
    rows = pl.concat([site.frame for site in intake.sites]).sort("patient_id")
    with (reference_data / "survival" / "lung.csv").open(encoding="utf-8", newline="") as lines:
        published = list(csv.DictReader(lines))
    for name in ("inst", "time", "status", "age", "sex", "ph.ecog", "ph.karno", "pat.karno", "meal.cal", "wt.loss"):
        ours = ["" if value is None else str(value) for value in rows[name.replace(".", "_")]]
        assert ours == [row[name] for row in published], name
