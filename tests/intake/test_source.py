import os
import stat
from pathlib import Path

import pytest

from cohortium.errors import SiteDataError
from cohortium.intake import source
from cohortium.intake.source import MAX_FILE_BYTES, read_source

WHERE = "sites/site-01/patients.csv"


def refusal(path):
    with pytest.raises(SiteDataError) as error:
        read_source(path, WHERE)
    (problem,) = error.value.problems
    return str(problem)


def test_a_missing_directory_is_named(tmp_path):
    assert refusal(tmp_path / "site-01" / "patients.csv") == (
        "sites/site-01: the site's directory is missing "
        "(create it and put the site's export there, or remove the [[site]] from study.toml)"
    )


def test_a_missing_file_is_named(tmp_path):
    assert refusal(tmp_path / "patients.csv") == (
        f"{WHERE}: the file is missing (put the site's export there, or name its file in the study file or in mapping.toml)"
    )


def test_csv_files_that_are_there_are_named_where_one_is_missing(tmp_path):
    (tmp_path / "notes.txt").touch()
    (tmp_path / "Patients_2.CSV").touch()
    (tmp_path / "odd\n.csv").touch()
    assert refusal(tmp_path / "patients.csv") == (
        f"{WHERE}: the file is missing "
        "(there are Patients_2.CSV: rename the one that is meant to patients.csv, or name it in the study file or in mapping.toml)"
    )
    for number in range(9):
        (tmp_path / f"a{number}.csv").touch()
    (tmp_path / "Patients_2.CSV").unlink()
    assert "there are a0.csv, a1.csv, a2.csv, a3.csv, a4.csv and 4 more: rename" in refusal(tmp_path / "patients.csv")


@pytest.mark.parametrize("looks_plain", [False, True])
def test_a_pipe_or_a_device_is_named_and_never_waited_for(tmp_path, monkeypatch, looks_plain):
    pipe, device = tmp_path / "pipe.csv", tmp_path / "device.csv"
    os.mkfifo(pipe)
    device.symlink_to("/dev/zero")
    if looks_plain:  # what was a plain file may be another thing when it is opened
        real = source._mode
        monkeypatch.setattr(source, "_mode", lambda path: stat.S_IFREG if path.suffix else real(path))
    for path in (pipe, device):
        assert "is not a plain file" in refusal(path)


@pytest.mark.parametrize("function", ["stat", "open"])
def test_what_may_not_be_read_is_named(tmp_path, monkeypatch, function):
    def refuse(*_arguments, **_options):
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "patients.csv"
    path.write_text("id\n1\n")
    monkeypatch.setattr(*((Path, "stat") if function == "stat" else (source.os, "open")), refuse)
    assert refusal(path) == (
        f"{WHERE}: cannot be read: Permission denied (check the permissions of the file and of its directory)"
    )
    assert source.is_present(path)


def test_a_directory_in_place_of_the_file_is_named(tmp_path):
    assert "is not a plain file" in refusal(tmp_path)


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\xff\xfe", b" \r\n\r\n"])
def test_an_empty_file_is_named(tmp_path, data):
    path = tmp_path / "patients.csv"
    path.write_bytes(data)
    assert refusal(path) == f"{WHERE}: the file is empty (export the site's rows again, with a header line)"


def test_a_file_over_the_limit_is_refused_unread(tmp_path):
    path = tmp_path / "patients.csv"
    with path.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    assert "is larger than 512 MB" in refusal(path)
