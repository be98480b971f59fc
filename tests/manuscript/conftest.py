"""The lung example, run once."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cohortium.cli.commands import app
from cohortium.comparison import read_results
from cohortium.results import Results, Statistic
from cohortium.starter.write import write_starter
from cohortium.study.load import load_study


@pytest.fixture(scope="session")
def ran(tmp_path_factory) -> Path:
    """The starter study with its results."""
    folder = tmp_path_factory.mktemp("manuscript") / "study"
    write_starter(folder)
    assert CliRunner().invoke(app, ["run", str(folder)]).exit_code == 0
    return folder


@pytest.fixture(scope="session")
def study(ran):
    return load_study(ran)


@pytest.fixture(scope="session")
def results(ran):
    return Results(Statistic(**row) for row in read_results(ran / "results").table.iter_rows(named=True))
