import polars as pl
import pytest

from cohortium.derivations import derive
from cohortium.errors import OutputError, UsageError
from cohortium.intake import read_sites
from cohortium.starter import write_starter
from cohortium.starter.write import starter_files
from cohortium.study.load import load_study


def test_the_starter_study_is_valid_and_its_data_raise_no_query(tmp_path):
    written = write_starter(tmp_path / "new" / "study")
    assert [str(path.relative_to(tmp_path / "new" / "study")) for path in written] == list(starter_files())
    study = load_study(tmp_path / "new" / "study")
    intake = read_sites(study)
    assert intake.queries == ()
    derived = [derive(study, site.frame, site.site.id) for site in intake.sites]
    assert all(queries == () for _, queries in derived)
    n_received = sum(frames.received.height for frames, _ in derived)
    cohort = pl.concat([frames.cohort for frames, _ in derived])
    assert n_received == 120
    assert 100 < cohort.height < n_received
    assert cohort["pfs__event"].sum() > cohort["os__event"].sum() > 40
    assert set(cohort["ldh_group"]) == {"250 U/L or lower", "Above 250 U/L", None}


def test_every_data_file_says_in_its_first_line_that_it_is_simulated():
    files = {name: content for name, content in starter_files().items() if name.startswith("sites/")}
    assert len(files) == 3
    assert all(content.startswith(b"# SIMULATED DATA") for content in files.values())


def test_the_files_are_the_same_at_every_call():
    assert starter_files() == starter_files()
    assert all(b"\r" not in content for content in starter_files().values())


def test_an_empty_directory_is_filled(tmp_path):
    (tmp_path / "study").mkdir()
    write_starter(tmp_path / "study")
    assert [path.name for path in tmp_path.iterdir()] == ["study"]
    assert load_study(tmp_path / "study").file.study.name == "starter"


def test_a_directory_that_is_not_empty_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="the directory is not empty, and nothing in it was changed"):
        write_starter(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_file_in_the_way_is_named(tmp_path):
    (tmp_path / "study").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="is a file; name a directory that does not exist yet"):
        write_starter(tmp_path / "study")


def test_a_directory_that_cannot_be_made_leaves_nothing_behind(tmp_path):
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="the starter study cannot be written"):
        write_starter(tmp_path / "file" / "study")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
