"""The starter study, run once."""

from pathlib import Path

import pytest

from cohortium.comparison import read_results
from cohortium.results import Results, Statistic
from cohortium.study.load import load_study


@pytest.fixture(scope="session")
def ran(starter: Path) -> Path:
    return starter


@pytest.fixture(scope="session")
def study(ran):
    return load_study(ran)


@pytest.fixture(scope="session")
def results(ran):
    return Results(Statistic(**row) for row in read_results(ran / "results").table.iter_rows(named=True))
