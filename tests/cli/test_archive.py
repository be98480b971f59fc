"""`cohortium archive`: complete, checked, without rows."""

import hashlib
import io
import shutil
import zipfile

import pytest
from typer.testing import CliRunner

from cohortium.cli.archive import archive_bytes, archive_contents, write_archive
from cohortium.cli.commands import app
from cohortium.errors import OutputError, UsageError


@pytest.fixture(scope="module")
def results(starter):
    return starter / "results"


def test_what_is_in_it(results):
    contents = archive_contents(results)
    assert list(contents)[:2] == ["README.md", "SHA256SUMS"]
    on_disk = {path.relative_to(results).as_posix() for path in results.rglob("*") if path.is_file()}
    assert set(contents) == (on_disk - {"queries.csv"}) | {"README.md", "SHA256SUMS"}
    sums = dict(reversed(line.split("  ")) for line in contents["SHA256SUMS"].decode().splitlines())
    assert sums == {
        name: hashlib.sha256(data).hexdigest()
        for name, data in contents.items()
        if name not in ("README.md", "SHA256SUMS")
    }
    assert b"Data of 3 sites." in contents["README.md"]


def test_no_key_of_a_patient_is_in_it(results):
    keys = {
        line.split(",")[0]
        for path in (results.parent / "sites").rglob("*.csv")
        for line in path.read_text("utf-8").splitlines()[2:]
    }
    texts = b"\n".join(data for name, data in archive_contents(results).items() if not name.endswith((".png", ".pdf")))
    assert keys
    assert not [key for key in keys if key.encode() in texts]


def test_the_same_bytes_twice_and_readable(results, tmp_path):
    data = archive_bytes(archive_contents(results))
    assert data == archive_bytes(archive_contents(results))
    assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None
    result = CliRunner().invoke(app, ["archive", str(results), "--out", str(tmp_path / "a.zip")])
    assert result.exit_code == 0
    assert hashlib.sha256(data).hexdigest() in result.output
    assert (tmp_path / "a.zip").read_bytes() == data
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_dry_run_writes_nothing(results, tmp_path):
    result = CliRunner().invoke(app, ["archive", str(results), "--out", str(tmp_path / "a.zip"), "--dry-run"])
    assert result.output.splitlines()[0] == "README.md"
    assert list(tmp_path.iterdir()) == []


def test_a_changed_file_is_refused(results, tmp_path):
    copy = tmp_path / "results"
    shutil.copytree(results, copy)
    (copy / "results.csv").write_text("other", encoding="utf-8")
    with pytest.raises(OutputError, match="was changed since the run"):
        archive_contents(copy)
    (copy / "results.csv").unlink()
    with pytest.raises(OutputError, match="cannot be read"):
        archive_contents(copy)


def test_nothing_is_replaced(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"mine")
    with pytest.raises(OutputError, match="is there already"):
        write_archive(tmp_path / "a.zip", b"data")
    assert (tmp_path / "a.zip").read_bytes() == b"mine"
    with pytest.raises(OutputError, match=r"ends with \.zip"):
        write_archive(tmp_path / "a.tar", b"data")
    with pytest.raises(UsageError):
        archive_contents(tmp_path)
