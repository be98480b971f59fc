"""Which files of a site a study reads, as plans and locks name them."""

import pytest

from cohortium.governance.signoff.things import site_thing
from cohortium.study.load import load_study
from cohortium.study.site_files import site_files

STUDY = """\
[study]
name = "small"
title = "Small"
[time]
origin = "start"
horizon_days = 1000
[data]
key = "id"
[[data.table]]
name = "assessments"
file = "labs.csv"
[[data.table]]
name = "events"
optional = true
[[site]]
id = "a"
name = "A"
"""


@pytest.fixture
def study(tmp_path):
    (tmp_path / "sites" / "a").mkdir(parents=True)
    dictionary = "field_name,field_type,field_label,text_validation_type_or_show_slider_number\nid,text,Id,\nstart,text,Start,date_ymd\n"
    (tmp_path / "dictionary.csv").write_text(dictionary, encoding="utf-8")
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    return load_study(tmp_path)


def write(study, name, text=""):
    (study.directory / "sites" / "a" / name).write_text(text, encoding="utf-8")


def test_the_studys_names(study):
    assert site_files(study, "a") == {"patients": "sites/a/patients.csv", "assessments": "sites/a/labs.csv"}


def test_the_sites_own_names_and_an_optional_table_that_is_there(study):
    write(study, "mapping.toml", '[patients]\nfile = "stamm.csv"\n[assessments]\nfile = 3\n')
    write(study, "events.csv")
    assert site_files(study, "a") == {
        "patients": "sites/a/stamm.csv",
        "assessments": "sites/a/labs.csv",
        "events": "sites/a/events.csv",
        "mapping.toml": "sites/a/mapping.toml",
    }


def test_a_mapping_that_is_not_toml_names_nothing(study):
    write(study, "mapping.toml", "[patients\n")
    assert site_files(study, "a")["patients"] == "sites/a/patients.csv"


def test_a_lock_covers_every_file_and_the_mapping(study):
    for name in ("patients.csv", "labs.csv", "mapping.toml"):
        write(study, name)
    names = [name for name, _ in site_thing(study, "a").files]
    assert names == ["dictionary.csv", "sites/a/labs.csv", "sites/a/mapping.toml", "sites/a/patients.csv"]
