"""The gate: a site without a decision in force is not read, the others go on, and everything printed says so."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from cohortium.cli.commands import app
from cohortium.errors import RefusedRequestError
from without_figures import without_figures

WITHOUT = 'ethics = { board = "Simulated Ethics Committee'
REASON = "the decision of Simulated Ethics Committee of the Second Institution expired on 2025-03-01"


def run(*arguments: object) -> str:
    done = CliRunner().invoke(app, [str(a) for a in arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The starter study; the second site's decision ends on 2025-03-01, and its data are not there at all."""
    folder = tmp_path_factory.mktemp("ethics") / "study"
    run("new", folder)
    text = (folder / "study.toml").read_text(encoding="utf-8")
    text = text.replace("approved = 2023-11-20", "approved = 2023-11-20, expires = 2025-03-01")
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return without_figures(folder, but="figure-1-flow")


@pytest.fixture
def study(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "study"))


@pytest.fixture(scope="module")
def refused(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results on a day on which the second site is refused; its file does not exist, so that reading it would fail."""
    folder = tmp_path_factory.mktemp("refused") / "study"
    shutil.copytree(made, folder)
    shutil.rmtree(folder / "sites" / "site-02")
    run("run", folder, "--on", "2025-03-02")
    return folder


def test_a_decision_that_ends_today_is_still_valid(study: Path) -> None:
    found = json.loads(run("run", study, "--on", "2025-03-01", "--json"))
    assert (found["n_sites"], found["refused"]) == (3, [])


def test_the_others_go_on_and_the_summary_says_who_did_not(refused: Path) -> None:
    out = run("run", refused, "--on", "2025-03-02")
    assert "patients from 2 sites" in out
    assert f"1 site refused; none of their data was read:\n    Second Institution: {REASON}\n" in out
    found = json.loads(run("run", refused, "--on", "2025-03-02", "--json"))
    assert found["refused"] == [{"site": "site-02", "name": "Second Institution", "reason": REASON}]
    assert not [warning for warning in found["warnings"] if "expired" in warning]


def test_the_results_table_names_the_refused(refused: Path) -> None:
    flow = pl.read_parquet(refused / "results" / "results.parquet").filter(method="flow")
    count = flow.filter(statistic="sites-refused")
    assert (count["value"].item(), count["denominator"].item()) == (1, 3)
    site = flow.filter(statistic="site-refused")
    assert (site["level"].item(), site["warning"].item()) == ("Second Institution", REASON)


def test_every_page_says_who_was_refused_and_why(refused: Path) -> None:
    results = refused / "results"
    report = (results / "report.html").read_text(encoding="utf-8")
    first, rest = report.split('<section id="flow"')
    assert "Institutions whose data were not used" in first
    assert "<strong>Second Institution.</strong>" in first
    assert REASON[1:] in first
    assert "Sites refused: 1. Not used: Second Institution" in rest
    assert "Retrospective data from 2 institutions." in rest
    assert 'id="ethics"' in rest
    assert "Simulated Ethics Committee of the Second Institution, Secondville" in rest
    assert "The study was approved at First Institution" in rest
    assert "Third Institution relies on the decision of First Institution." in rest
    assert "Sites refused: 1" in (results / "figures" / "figure-1-flow.txt").read_text(encoding="utf-8")
    assert f"Site refused: Second Institution,,,,{REASON}," in (results / "figures" / "figure-1-flow.csv").read_text()
    assert REASON in (results / "tables" / "table-4-institutions.html").read_text(encoding="utf-8")


def test_the_manifest_traces_every_site_and_holds_no_day_of_use(refused: Path) -> None:
    manifest = json.loads((refused / "results" / "manifest.json").read_text())
    assert manifest["ethics"] == {
        "sites": {"site-01": "allowed", "site-02": REASON, "site-03": "allowed"},
        "the_same_from": "2025-03-02",
        "the_same_until": None,
    }
    assert not [name for name in manifest["inputs"] if "site-02" in name]


@pytest.mark.parametrize("processes", ["1", "2"])
def test_days_with_the_same_decisions_give_the_same_bytes(refused: Path, processes: str, tmp_path: Path) -> None:
    run("run", refused, "--on", "2026-12-31", "--processes", processes, "--out", tmp_path / "out")
    assert files(tmp_path / "out") == files(refused / "results")


def test_no_site_left_is_an_error_with_every_reason(study: Path) -> None:
    for arguments in (("run", study), ("run", study, "--processes", "2"), ("check", study)):
        with pytest.raises(RefusedRequestError) as caught:
            run(*arguments, "--on", "2020-01-01")
        assert [problem.where for problem in caught.value.problems] == ["site site-01", "site site-02", "site site-03"]
        assert all("after the day of use" in problem.what for problem in caught.value.problems)
    assert not (study / "results").exists()


def test_a_site_without_a_record_is_refused(study: Path) -> None:
    text = (study / "study.toml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith(WITHOUT)]
    (study / "study.toml").write_text("\n".join(lines), encoding="utf-8")
    found = json.loads(run("check", study, "--json"))
    assert found["refused"] == [
        {"site": "site-02", "name": "Second Institution", "reason": "no ethics decision is recorded"}
    ]
    assert found["n_sites"] == 2


def test_check_and_plan_name_the_refused(refused: Path) -> None:
    checked = run("check", refused, "--on", "2025-03-02")
    assert checked.startswith(f"refused: Second Institution: {REASON}\n")
    assert re.search(r"from 2 site files, \d+ queries, 1 refused; ready to run$", checked.rstrip())
    assert "REFUSED, its file will not be read" in run("run", refused, "--on", "2025-03-02", "--dry-run")


def test_sites_may_stand_in_their_own_file(study: Path) -> None:
    text = (study / "study.toml").read_text(encoding="utf-8")
    start, end = text.index("[[site]]"), text.index("# ---- who is analyzed")
    (study / "sites.toml").write_text(text[start:end], encoding="utf-8")
    (study / "study.toml").write_text(text[:start] + text[end:], encoding="utf-8")
    run("run", study, "--on", "2025-03-02", "--processes", "2")
    manifest = json.loads((study / "results" / "manifest.json").read_text())
    assert "sites.toml" in manifest["inputs"]
    assert manifest["ethics"]["sites"]["site-02"] == REASON


def test_a_day_that_is_none_is_a_usage_error(study: Path) -> None:
    done = CliRunner().invoke(app, ["run", str(study), "--on", "31.12.2025"])
    assert done.exit_code == 2
    assert not (study / "results").exists()


def test_status_shows_every_step_and_what_is_due(study: Path) -> None:
    (study / "sites" / "site-03" / "simulated-patients.csv").unlink()
    out = run("status", study, "--on", "2025-02-25")
    head, table, due = out.strip().split("\n\n")
    assert head == "starter on 2025-02-25: 3 of 3 sites may be used"
    rows = [re.split(r"\s{2,}", line) for line in table.splitlines()]
    assert rows[0] == ["site", "ethics", "agreement", "data", "queries", "locked", "signed"]
    assert rows[1][:3] == ["site-01", "approved", "in force"]
    assert re.fullmatch(r"44 rows [0-9a-f]{8}", rows[1][3])
    assert rows[3] == ["site-03", "reliance", "none", "missing", "-", "no", "no"]
    assert due.splitlines() == [
        "Due within 7 days:",
        "  2025-03-01  site-02: ethics decision of Simulated Ethics Committee of the Second Institution (4 days left)",
    ]
    assert "\x1b" not in out


def test_status_of_a_refused_site_reads_no_row(refused: Path) -> None:
    found = json.loads(run("status", refused, "--on", "2025-03-02", "--json"))
    site = found["sites"][1]
    assert (site["allowed"], site["ethics"], site["data"], site["reason"]) == (False, "not in force", "missing", REASON)
    assert [(d["site"], d["within"], d["days_left"]) for d in found["due"]] == [("site-02", 0, -1)]


def test_status_counts_queries_and_names_what_cannot_be_read(study: Path) -> None:
    path = study / "sites" / "site-01" / "simulated-patients.csv"
    path.write_text(re.sub(r"(S1-001),\d+,", r"\1,CANARY,", path.read_text()))
    (study / "sites" / "site-03" / "simulated-patients.csv").write_text("patient_id\n")
    out = run("status", study, "--on", "2025-02-25")
    assert "1 open" in out
    assert "unreadable: sites/site-03/simulated-patients.csv" in out
    assert "CANARY" not in out


def test_colors_are_for_terminals() -> None:
    import datetime as dt

    from cohortium.cli.status import SiteStatus, Status
    from cohortium.cli.status_commands import status_text

    site = SiteStatus(
        "a", "A", False, "why", "", "needed", "none", "missing", None, "", None, None, (), False, False, ""
    )
    found = Status("small", dt.date(2025, 1, 1), (site,), ())
    assert "\x1b[31mneeded" in status_text(found, is_colored=True)
    plain = status_text(found)
    assert re.sub(r"\x1b\[\d+m", "", status_text(found, is_colored=True)) == plain
    assert "refused: a (A): why" in plain
