"""The commands: exit codes, JSON, plans that do nothing, errors that lose nothing, and a fast start."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cli.typed import typed
from made_once import files_of
from without_figures import without_figures

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "ncctg-lung"
COMMAND = [sys.executable, "-c", "from cohortium.cli import main; main()"]


def _in_its_own_process(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *map(str, arguments)], capture_output=True, text=True, check=False)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """The lung example without its figures, in a place of its own."""
    folder = tmp_path / "study"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("results"))
    return without_figures(folder)


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_help_names_every_command_and_is_light() -> None:
    """No package that is slow to load is loaded for the help."""
    code = (
        "import sys\nfrom cohortium.cli import main\nsys.argv = ['cohortium', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'polars', 'numpy', 'scipy', 'matplotlib', 'pydantic', 'jinja2'} & set(sys.modules)\n"
        "print('HEAVY', sorted(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    for name in ("run", "check", "new", "schema"):
        assert f"\n  {name}" in done.stdout
    assert done.stdout.splitlines()[-1] == "HEAVY []"


def test_version() -> None:
    from cohortium import __version__

    assert _in_its_own_process("--version").stdout == f"cohortium {__version__}\n"


def test_check_of_a_good_study() -> None:
    done = typed("check", EXAMPLE)
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "ncctg-lung: 228 rows from 19 site files, 1 query; ready to run"


def test_dry_run_writes_nothing(study: Path) -> None:
    before = sorted(study.rglob("*"))
    done = typed("run", study, "--dry-run")
    assert done.returncode == 0
    assert "inst-01  sites/inst-01/patients.csv" in done.stdout
    assert sorted(study.rglob("*")) == before
    plan = json.loads(typed("run", study, "--dry-run", "--json").stdout)
    assert len(plan["sites"]) == 19
    assert {"name": "cox-os", "method": "cox", "n_fits": 7} in plan["analyses"]


def test_run_prints_json_and_no_progress_in_a_pipe(study: Path) -> None:
    done = _in_its_own_process("run", study, "--json")
    found = json.loads(done.stdout)
    assert (found["ok"], found["n_analyzed"], found["n_received"]) == (True, 228, 228)
    assert done.stderr == ""


def test_all_problems_of_the_study_file_at_once(study: Path) -> None:
    _edit(study / "study.toml", 'method = "logrank"', 'method = "logrnk"')
    _edit(study / "study.toml", 'by = "sex"', 'by = "sexx"')
    done = typed("run", study)
    assert done.returncode == 3
    assert "did you mean 'logrank'" in done.stderr
    assert "did you mean 'sex'" in done.stderr
    assert not (study / "results").exists()


def test_bad_values_become_queries_and_no_results(study: Path) -> None:
    """A canary value must never be repeated; the row is named by its key."""
    _edit(study / "sites" / "inst-01" / "patients.csv", ",1,", ",CANARY,")
    for command in ("run", "check"):
        done = typed(command, study)
        assert done.returncode == 4
        assert "sites/inst-01/patients.csv:" in done.stdout + done.stderr
        assert "CANARY" not in done.stdout + done.stderr
    assert not (study / "results").exists()
    found = json.loads(typed("check", study, "--json").stdout)
    assert found["ok"] is False
    assert {query["severity"] for query in found["queries"]} == {"error", "note"}


def test_errors_as_json(study: Path) -> None:
    shutil.rmtree(study / "sites" / "inst-02")
    done = typed("run", study, "--json")
    assert done.returncode == 4
    found = json.loads(done.stdout)
    assert (found["family"], found["exit_code"], found["ok"]) == ("site-data", 4, False)
    assert [problem["where"] for problem in found["problems"]] == ["sites/inst-02"]


@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_directory_that_no_site_declares_is_refused(study: Path, processes: str) -> None:
    shutil.copytree(study / "sites" / "inst-01", study / "sites" / "inst-99")
    done = typed("run", study, "--processes", processes)
    assert done.returncode == 4
    assert "sites/inst-99: no [[site]] in study.toml has this id" in done.stderr


def test_results_are_replaced_whole_or_not_at_all(study: Path) -> None:
    """A second run that fails leaves the first run's results as they were, and nothing beside them."""
    assert typed("run", study).returncode == 0
    results = study / "results"
    before = {p: p.read_bytes() for p in results.rglob("*") if p.is_file()}
    _edit(study / "sites" / "inst-01" / "patients.csv", ",1,", ",x,")
    assert typed("run", study).returncode == 4
    assert {p: p.read_bytes() for p in results.rglob("*") if p.is_file()} == before
    assert not list(study.glob(".results*"))


def test_what_is_not_ours_is_not_replaced(study: Path) -> None:
    precious = study / "results" / "thesis.docx"
    precious.parent.mkdir()
    precious.write_text("years of work")
    done = typed("run", study)
    assert done.returncode == 8
    assert "holds files that are not an earlier run" in done.stderr
    assert precious.read_text() == "years of work"


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may write everywhere")
def test_a_directory_that_cannot_be_written_is_named(study: Path) -> None:
    study.chmod(0o500)
    done = typed("run", study)
    study.chmod(0o700)
    assert done.returncode == 8


def test_only_an_earlier_run_as_it_was_is_replaced(study: Path) -> None:
    """A foreign manifest, a file added and a report edited since are all somebody's work."""
    out = study.parent / "out"
    out.mkdir()
    (out / "manifest.json").write_text("{}")
    (out / "thesis.tex").write_text("x")
    assert typed("run", study, "--out", out).returncode == 8
    (out / "manifest.json").unlink()
    (out / "thesis.tex").unlink()
    assert typed("run", study, "--out", out).returncode == 0
    assert typed("run", study, "--out", out).returncode == 0
    (out / "notes.txt").write_text("mine")
    done = typed("run", study, "--out", out)
    assert (done.returncode, "notes.txt" in done.stderr) == (8, True)
    (out / "notes.txt").unlink()
    with (out / "report.html").open("a") as stream:
        stream.write("<!-- my edits -->")
    done = typed("run", study, "--out", out)
    assert (done.returncode, "report.html" in done.stderr) == (8, True)


@pytest.mark.parametrize("where", [".", "..", "sites", "sites/results", "study.toml"])
def test_the_study_itself_is_never_a_results_directory(study: Path, where: str) -> None:
    shutil.copy(EXAMPLE / "study.toml", study / "manifest.json")
    before = {p: p.read_bytes() for p in study.rglob("*") if p.is_file()}
    for more in ((), ("--dry-run",)):
        assert typed("run", study, "--out", study / where, *more).returncode == 8
    assert {p: p.read_bytes() for p in study.rglob("*") if p.is_file()} == before


def test_a_link_to_results_stays_a_link(study: Path) -> None:
    target = study.parent / "elsewhere"
    target.mkdir()
    (study / "results").symlink_to(target)
    assert typed("run", study).returncode == 0
    assert (study / "results").is_symlink()
    assert (target / "report.html").is_file()


def test_lists_do_not_overwrite_other_files(study: Path) -> None:
    before = (study / "study.toml").read_bytes()
    assert typed("check", study, "--queries", study / "study.toml").returncode == 8
    assert typed("schema", "--out", study / "study.toml").returncode == 8
    assert (study / "study.toml").read_bytes() == before
    queries = study / "queries.csv"
    assert [typed("check", study, "--queries", queries).returncode for _ in range(2)] == [0, 0]


def test_a_file_of_a_study_is_not_written_over(study: Path, tmp_path: Path) -> None:
    """Only a study's own `sites/` is protected, not every directory of that name."""
    from cohortium.cli.outputs import require_not_input
    from cohortium.errors import OutputError

    elsewhere = tmp_path / "sites" / "statements.txt"
    elsewhere.parent.mkdir()
    elsewhere.write_text("old")
    require_not_input(elsewhere)
    for name in ("study.toml", "dictionary.csv", "sites/inst-01/patients.csv"):
        with pytest.raises(OutputError, match="is a file of a study"):
            require_not_input(study / name)


def test_totals_that_would_not_fit_are_refused_before_data_are_read(study: Path) -> None:
    _edit(study / "study.toml", "horizon_days = 1095", "horizon_days = 36500")
    _edit(study / "study.toml", 'strata = ["site"]', 'strata = ["ph_karno_level", "age_level"]')
    cases = "".join(f'{{ level = "L{i}", where = "age == {i}" }},\n' for i in range(60))
    derived = "".join(
        f'[[derive]]\nname = "{name}"\nlabel = "{name}"\ncases = [\n{cases}]\n\n'
        for name in ("ph_karno_level", "age_level")
    )
    _edit(study / "study.toml", "# ---- endpoints", derived + "# ---- endpoints")
    shutil.rmtree(study / "sites")
    done = typed("run", study)
    assert done.returncode == 3, done.stderr
    assert "needs totals of" in done.stderr


def test_a_defect_shows_its_place_and_no_value(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from cohortium.cli.ending import ending_well

    with pytest.raises(SystemExit) as ended, ending_well(as_json=False):
        int("CANARY-58")
    assert ended.value.code == 70
    said = capsys.readouterr().err
    assert "CANARY" not in said
    assert said.startswith("cohortium: unexpected ValueError in ")


@pytest.mark.parametrize("processes", ["1", "3"])
def test_a_stopped_run_leaves_nothing(study: Path, processes: str) -> None:
    """SIGTERM while it works: no temporary directory, no process, no results."""
    import signal
    import time

    run = subprocess.Popen([*COMMAND, "run", str(study), "--processes", processes], stderr=subprocess.PIPE, text=True)
    time.sleep(1.5)
    run.send_signal(signal.SIGTERM)
    _, said = run.communicate(timeout=30)
    assert run.returncode in (0, 143)
    assert "Traceback" not in said
    assert not list(study.glob(".results*"))


def test_new_writes_a_study_that_runs(tmp_path: Path, starter: Path) -> None:
    """What it writes is the study that ran for all tests, byte for byte."""
    folder = tmp_path / "mine"
    assert typed("new", folder).returncode == 0
    ran = files_of(starter)
    assert files_of(folder) == {name: digest for name, digest in ran.items() if not name.startswith("results/")}
    assert "results/report.html" in ran
    assert typed("new", folder).returncode == 2


def test_schema_is_json(tmp_path: Path) -> None:
    assert json.loads(typed("schema").stdout)["type"] == "object"
    out = tmp_path / "schema.json"
    assert typed("schema", "--out", out).returncode == 0
    assert json.loads(out.read_text())["type"] == "object"


def test_queries_are_written_for_the_sites(study: Path, tmp_path: Path) -> None:
    out = tmp_path / "queries.csv"
    assert typed("check", study, "--queries", out).returncode == 0
    header, line = out.read_text().splitlines()
    assert header == "site,file,line,key,variable,rule,expected,severity"
    assert line.startswith("unassigned,sites/unassigned/patients.csv,2,P156,site,institution-missing,")
