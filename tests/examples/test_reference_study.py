"""The reference study: run once; group sizes as published, the rest within the tolerances that its study file declares."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from cohortium.cli.commands import app
from cohortium.study.load import load_study
from report.explained import tables_of, unexplained
from report.read_off import figures_without_readout

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "teclistamab-plasmacytoma"
# The tolerance to which the simulation meets the medians that it aims at.
TOLERANCE_MONTHS = 0.3
LARGEST_REPORT = 3_000_000
GROUPS = {"True extramedullary disease": 109, "Paraskeletal disease": 33, "No soft-tissue plasmacytoma": 243}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("reference") / "results"
    done = CliRunner().invoke(app, ["run", str(EXAMPLE), "--out", str(out)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert "385 of 385 patients from 13 sites" in done.stdout
    assert "Oak Cancer Center: no ethics decision is recorded" in done.stdout
    assert "Nutmeg Cancer Center: the decision" in done.stdout
    return out


@pytest.fixture(scope="module")
def table(results: Path) -> pl.DataFrame:
    return pl.read_parquet(results / "results.parquet")


def _rows(table: pl.DataFrame, **wanted: str) -> pl.DataFrame:
    return table.filter(*(pl.col(column) == value for column, value in wanted.items()))


def test_groups_are_as_large_as_published(table: pl.DataFrame) -> None:
    sizes = _rows(table, analysis="baseline", statistic="n", variable="").filter(pl.col("group") != "")
    assert dict(sizes.select("group", pl.col("value").cast(pl.Int64)).iter_rows()) == GROUPS
    responders = _rows(
        table, analysis="response-by-bcma", statistic="count", population="all-treated", level="Overall response"
    )
    found = {
        group: (int(value), n) for group, value, n in responders.select("group", "value", "denominator").iter_rows()
    }
    assert (found["Yes"], found["No"]) == ((94, 193), (118, 192))


def test_medians_are_near_what_was_published(table: pl.DataFrame) -> None:
    month = 30.4375
    published = {"True extramedullary disease": 1.4, "Paraskeletal disease": 6.51, "No soft-tissue plasmacytoma": 8.95}
    medians = dict(
        _rows(table, analysis="pfs-by-plasmacytoma", statistic="median").select("group", "value").iter_rows()
    )
    assert {group: medians[group] / month for group in published} == pytest.approx(published, abs=TOLERANCE_MONTHS)
    survival = dict(
        _rows(table, analysis="os-by-plasmacytoma", statistic="median").select("group", "value").iter_rows()
    )
    assert survival["True extramedullary disease"] / month == pytest.approx(9.54, abs=TOLERANCE_MONTHS)
    assert survival["Paraskeletal disease"] / month == pytest.approx(13.1, abs=TOLERANCE_MONTHS)
    assert survival["No soft-tissue plasmacytoma"] is None
    follow_up = _rows(table, analysis="follow-up", statistic="median")["value"].item()
    assert follow_up / month == pytest.approx(9.9, abs=TOLERANCE_MONTHS)


def test_every_published_number_is_said_to_be_reproduced(results: Path) -> None:
    printed = pl.read_csv(results / "tables" / "table-9-published.csv", infer_schema=False)
    judged = printed[printed.columns[-1]].drop_nulls().to_list()
    assert judged.count("yes") == len(load_study(EXAMPLE).file.published) >= 30
    assert set(judged) <= {"yes", ""}


def test_values_are_read_off_every_figure(results: Path) -> None:
    assert figures_without_readout(results / "report.html") == []


def test_every_printed_number_leads_back_to_the_results_table(results: Path) -> None:
    tables = tables_of(EXAMPLE, results)
    assert sum(bool(cell.behind) for table in tables for cell in table.cells()) > 1500
    assert unexplained(tables) == []


def test_derived_responses_are_the_simulators_truth(table: pl.DataFrame) -> None:
    """Nothing was planted, so the counts of each best response are those of the answer key."""
    truth = pl.read_csv(EXAMPLE / "answer-key" / "simulated-truth.csv", skip_rows=1, infer_schema=False)
    truth = truth.filter(~pl.col("site").is_in(["site-14", "site-15"]))
    true = dict(truth["best_confirmed"].drop_nulls().value_counts().iter_rows())
    counted = _rows(
        table, analysis="response-by-plasmacytoma", statistic="category-count", group="", population="all-treated"
    )
    levels = counted.filter(pl.col("level").is_in(list(true)))
    assert dict(levels.select("level", pl.col("value").cast(pl.Int64)).iter_rows()) == true


def test_true_extramedullary_disease_is_independently_worse(table: pl.DataFrame) -> None:
    for analysis in ("pfs-cox", "os-cox"):
        row = _rows(
            table, analysis=analysis, statistic="hazard-ratio", model="multivariable", variable="plasmacytoma",
            level="True extramedullary disease",
        )  # fmt: skip
        assert row["lower"].item() > 1


def test_the_report_says_that_patients_are_simulated(results: Path) -> None:
    report = (results / "report.html").read_text(encoding="utf-8")
    assert len(report) < LARGEST_REPORT
    assert "simulated patients" in report
    assert "numbers of single patients" in report


def test_numbers_of_the_manuscript_are_those_of_the_results(results: Path, table: pl.DataFrame) -> None:
    text = (results / "manuscript" / "manuscript.md").read_text(encoding="utf-8")
    assert "41/109 (37.6%)" in text
    assert "{{" not in text
    assert (results / "manuscript" / "manuscript.docx").stat().st_size > 0
    assert len(table) == pl.scan_csv(results / "results.csv").select(pl.len()).collect().item()


def test_refused_sites_are_in_the_manifest_and_their_data_are_not(results: Path) -> None:
    manifest = json.dumps(json.loads((results / "manifest.json").read_text(encoding="utf-8")))
    assert "sites/site-13/" in manifest
    assert "sites/site-15/" not in manifest


def test_every_file_of_data_says_that_it_is_simulated() -> None:
    files = [*EXAMPLE.glob("sites/*/*"), *EXAMPLE.glob("answer-key/*"), *EXAMPLE.glob("test-patients/*")]
    data = [path for path in files if path.name not in ("mapping.toml", "expected.csv")]
    assert len(data) > 75
    for path in data:
        assert path.name.startswith("simulated-")
    for path in (*files, EXAMPLE / "study.toml", EXAMPLE / "people.toml"):
        if path.name != "expected.csv":
            first = path.read_bytes().splitlines()[0]
            assert b"SIMULATED" in first.replace(b"\x00", b"")
