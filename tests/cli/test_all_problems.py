"""What is wrong at one site does not hide what is wrong at another, in one process or several."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from cohortium.cli.opening import open_sites
from cohortium.errors import SiteDataError
from cohortium.estimators.registry import plan_study
from cohortium.study.load import load_study

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "ncctg-lung"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("results"))
    _edit(folder / "sites" / "inst-01" / "patients.csv", "time", "-5")
    _edit(folder / "sites" / "inst-02" / "patients.csv", "age", "old")
    return folder


def _edit(path: Path, column: str, cell: str) -> None:
    """Put a cell into the first row."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    header = next(number for number, line in enumerate(lines) if not line.startswith("#"))
    cells = lines[header + 1].split(",")
    cells[lines[header].strip().split(",").index(column)] = cell
    lines[header + 1] = ",".join(cells)
    path.write_text("".join(lines), encoding="utf-8")


def _problems(study: Path, n_processes: int) -> str:
    loaded = load_study(study)
    with (
        pytest.raises(SiteDataError) as refusal,
        open_sites(loaded, plan_study(loaded), n_processes, dt.date(2026, 11, 22)),
    ):
        pass
    return str(refusal.value)


@pytest.mark.parametrize("n_processes", [1, 2])
def test_a_missing_file_does_not_hide_the_queries_of_other_sites(study: Path, n_processes: int) -> None:
    (study / "sites" / "inst-03" / "patients.csv").unlink()
    found = _problems(study, n_processes)
    assert "sites/inst-03/patients.csv: the file is missing" in found
    assert "time: negative-follow-up" in found or "time: out-of-range" in found
    assert "age: not-a-whole-number" in found


@pytest.mark.parametrize("n_processes", [1, 2])
def test_an_undeclared_directory_does_not_hide_them_either(study: Path, n_processes: int) -> None:
    (study / "sites" / "inst-99").mkdir()
    (study / "sites" / "inst-03" / "patients.csv").unlink()
    found = _problems(study, n_processes)
    assert "sites/inst-99: no [[site]]" in found
    assert "sites/inst-03/patients.csv: the file is missing" in found
    assert "age: not-a-whole-number" in found
    (study / "sites" / "inst-03" / "patients.csv").write_bytes((EXAMPLE / "sites/inst-03/patients.csv").read_bytes())
    found = _problems(study, n_processes)
    assert "sites/inst-99: no [[site]]" in found
    assert "age: not-a-whole-number" in found
