"""Fixtures of the whole suite."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cohortium.cli.commands import app
from cohortium.starter.write import write_starter
from made_once import made_once

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """The folder of published reference data beside the checkout; a test that needs it is skipped without it."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("needs the reference data in a folder `shared/data` beside the checkout")
    return folder


@pytest.fixture(scope="session")
def starter(tmp_path_factory):
    """The starter study with its results, to read only."""
    with made_once(tmp_path_factory, "starter", _run_starter) as folder:
        yield folder


@pytest.fixture(scope="session")
def lung_results(tmp_path_factory):
    """The results of the lung example, to read only."""
    with made_once(tmp_path_factory, "lung", lambda out: _run(EXAMPLES / "ncctg-lung", out)) as folder:
        yield folder


def _run_starter(folder: Path) -> None:
    write_starter(folder)
    _run(folder, folder / "results")


def _run(study: Path, out: Path) -> None:
    done = CliRunner().invoke(app, ["run", str(study), "--out", str(out)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
