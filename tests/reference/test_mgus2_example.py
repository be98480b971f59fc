"""The example study of competing risks gives R's numbers: days are months times a constant, which changes none."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cohortium.cli.commands import app
from report.explained import tables_of, unexplained
from report.read_off import figures_without_readout

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "mgus2-competing"
CURVE = 1e-12
"""Relative: the same products and sums in another order."""
TEST = 1e-9
"""Relative: a quadratic form of sums of hundreds of terms."""
CAUSES = {"1": "Progression to plasma cell malignancy", "2": "Death without progression"}
SEX = {"F": "Female", "M": "Male"}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    out = tmp_path_factory.mktemp("example") / "results"
    done = CliRunner().invoke(app, ["run", str(EXAMPLE), "--out", str(out), "--processes", "1"])
    assert done.exit_code == 0, done.output
    return out


@pytest.fixture(scope="module")
def rows(results):
    with (results / "results.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def expected(reference_data):
    return json.loads((reference_data / "reference" / "mgus2_competing.json").read_text())


def value(rows, **place):
    (found,) = [row for row in rows if all(row[column] == wanted for column, wanted in place.items())]
    return float(found["value"])


@pytest.mark.slow
def test_cumulative_incidence_is_that_of_r(rows, expected):
    table = expected["cif"]["at_times"]
    found = 0
    for curve, *estimates in zip(table["curve"], *zip(*table["est"], strict=True), strict=True):
        sex, cause = curve.split()
        for month, estimate in zip(table["times"], estimates, strict=True):
            place = {"group": SEX[sex], "level": CAUSES[cause], "time": str(month * 30.4375)}
            if any(row["statistic"] == "cumulative-incidence-at" and row["time"] == place["time"] for row in rows):
                ours = value(rows, analysis="incidence-by-sex", statistic="cumulative-incidence-at", **place)
                assert ours == pytest.approx(estimate, rel=CURVE)
                found += 1
    assert found


@pytest.mark.slow
def test_gray_s_test_is_that_of_r(rows, expected):
    table = expected["cif"]["gray"]
    for cause, statistic in zip(table["cause"], table["stat"], strict=True):
        ours = value(rows, analysis="gray-sex", statistic="chi-square", level=CAUSES[str(cause)])
        assert ours == pytest.approx(statistic, rel=TEST)


@pytest.mark.slow
def test_every_printed_number_leads_back_to_the_results_table(results):
    tables = tables_of(EXAMPLE, results)
    assert sum(bool(cell.behind) for table in tables for cell in table.cells()) > 100
    assert unexplained(tables) == []


@pytest.mark.slow
def test_values_are_read_off_every_figure(results):
    assert figures_without_readout(results / "report.html") == []
