"""`cohortium run` on an example study: what is written, that it is the same twice, and R's numbers in it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from cohortium.cli.commands import app
from cohortium.cli.plan import plan_run
from cohortium.estimators.registry import plan_study
from cohortium.governance.ethics import decide_all
from cohortium.study.load import load_study
from report.explained import tables_of, unexplained
from report.read_off import figures_without_readout
from without_figures import without_figures

# The published reference of R survival 3.5.3 on these data, to rounding.
CHI_SQUARE = 1e-10
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "ncctg-lung"


def _run(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def results(lung_results: Path) -> Path:
    return lung_results


@pytest.fixture(scope="module")
def table(results: Path) -> pl.DataFrame:
    return pl.read_parquet(results / "results.parquet")


def _files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_values_are_read_off_every_figure(results: Path) -> None:
    assert figures_without_readout(results / "report.html") == []


def test_every_printed_number_leads_back_to_the_results_table(results: Path) -> None:
    tables = tables_of(EXAMPLE, results)
    assert sum(bool(cell.behind) for table in tables for cell in table.cells()) > 150
    assert unexplained(tables) == []


def test_what_the_plan_says_is_written(results: Path) -> None:
    study = load_study(EXAMPLE)
    plan = plan_run(study, plan_study(study), results, decide_all(study, dt.date(2026, 11, 22)))
    assert sorted(plan.outputs) == sorted(_files(results))


def test_twice_run_gives_the_same_bytes(starter: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    _run("run", str(starter), "--out", str(again))
    assert _files(again) == _files(starter / "results")


def test_several_processes_give_the_same_bytes(results: Path, tmp_path: Path) -> None:
    out = tmp_path / "processes"
    _run("run", str(EXAMPLE), "--out", str(out), "--processes", "3")
    assert _files(out) == _files(results)


def test_any_order_of_sites_gives_the_same_statistics(table: pl.DataFrame, tmp_path: Path) -> None:
    """Sites turned about in the study file: every statistic to the last bit, the sites' own rows in the new order."""
    study = tmp_path / "study"
    shutil.copytree(EXAMPLE, study, ignore=shutil.ignore_patterns("results"))
    text = (study / "study.toml").read_text()
    first = text.index("[[site]]")
    end = text.index("\n[", text.rindex("[[site]]")) + 1
    blocks = text[first:end].split("[[site]]")[1:]
    turned = text[:first] + "".join(f"[[site]]{block.rstrip()}\n\n" for block in reversed(blocks)) + text[end:]
    (study / "study.toml").write_text(turned)
    _run("run", str(without_figures(study)))
    found = pl.read_parquet(study / "results" / "results.parquet")
    key = [column for column in table.columns if column not in ("value", "lower", "upper")]
    assert found.sort(key, nulls_last=True).equals(table.sort(key, nulls_last=True))


def test_numbers_of_r(table: pl.DataFrame) -> None:
    def value(**where: str) -> float:
        (number,) = table.filter(**where)["value"].to_list()
        return float(number)

    assert value(analysis="logrank-sex", statistic="chi-square") == pytest.approx(10.3267419548856, abs=CHI_SQUARE)
    assert value(analysis="logrank-sex-by-site", statistic="chi-square") == pytest.approx(
        8.52446736332317, abs=CHI_SQUARE
    )
    assert value(analysis="follow-up", statistic="median") == 588
    medians = table.filter(analysis="os-by-sex", statistic="median").select("group", "value", "lower", "upper")
    assert medians.rows() == [("Male", 270.0, 210.0, 306.0), ("Female", 426.0, 345.0, 524.0)]


def test_the_patient_without_institution_is_found_and_counted(results: Path, table: pl.DataFrame) -> None:
    flow = table.filter(method="flow")
    assert flow.filter(statistic="received")["value"].item() == 228
    assert flow.filter(statistic="site-unknown")["value"].item() == 1
    stratified = table.filter(analysis="logrank-sex-by-site", statistic="chi-square")
    assert (stratified["n"].item(), stratified["warning"].item()) == (227, "1 patient left out: stratum not known")
    assert "institution-missing" in (results / "queries.csv").read_text()
    assert "Institution not recorded" in (results / "tables" / "table-4-institutions.csv").read_text()


def test_the_manifest_holds_the_hash_of_every_file(results: Path) -> None:
    manifest = json.loads((results / "manifest.json").read_text())
    written = {name: {"sha256": hashlib.sha256(data).hexdigest()} for name, data in _files(results).items()}
    del written["manifest.json"]
    assert manifest["outputs"] == written
    for name, entry in manifest["inputs"].items():
        assert entry["sha256"] == hashlib.sha256((EXAMPLE / name).read_bytes()).hexdigest()
    assert len(manifest["inputs"]) == 2 + 19
    assert manifest["study_hash"] == load_study(EXAMPLE).hash


def test_results_csv_and_parquet_are_the_same_table(results: Path, table: pl.DataFrame) -> None:
    text = pl.read_csv(results / "results.csv", schema=table.schema)
    assert text.with_columns(pl.col(pl.String).fill_null("")).equals(table)


def test_no_key_of_a_patient_is_in_the_results(results: Path) -> None:
    """Only the query list names patients; results, tables, figures and report hold none."""
    keys = {
        line.split(",")[0]
        for path in EXAMPLE.glob("sites/*/patients.csv")
        for line in path.read_text().splitlines()[1:]
    }
    for name, data in _files(results).items():
        if name.endswith((".csv", ".html", ".json", ".svg", ".txt")) and name != "queries.csv":
            text = data.decode()
            assert not [key for key in keys if f">{key}<" in text or f",{key}," in text or f'"{key}"' in text], name
