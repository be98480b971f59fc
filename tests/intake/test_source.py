import pytest

from cohortium.errors import SiteDataError
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
        f"{WHERE}: the file is missing (put the site's export there, or change [data] file)"
    )


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
