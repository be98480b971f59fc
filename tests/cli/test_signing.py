"""`lock`, `release`, `sign`, `signatures`, `audit`, and the audit head in what a run writes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cohortium.cli.commands import app
from cohortium.errors import AuditError, CohortiumError, RefusedRequestError, UsageError
from cohortium.governance.audit import AUDIT_FILE, head_of
from cohortium.starter import write_starter
from governance.signoff.small_study import DATA, SIGNERS
from without_figures import without_figures


def _invoke(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if isinstance(result.exception, CohortiumError):
        raise result.exception
    return result


def _do(*arguments: str | Path) -> str:
    result = _invoke(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def _lock(study: Path, *more: str) -> str:
    return _do("lock", study, "site-01", "--as", "rivera", "--why", "All answered", *more)


def _sign(study: Path, *more: str) -> str:
    return _do("sign", study, "site:site-01", "--as", "chen", "--meaning", "responsibility", "--why", "Checked", *more)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    write_starter(folder)
    (folder / "signers.toml").write_text(SIGNERS)
    return without_figures(folder)


def test_lock_sign_and_list(study: Path) -> None:
    assert "Nothing is locked or signed." in _do("signatures", study)
    assert "Nothing is recorded." in _do("audit", "log", study)
    locked = _lock(study)
    assert "Ana Rivera: These data are final" in locked
    head = re.search(r"Audit head: ([0-9a-f]{64})", locked)
    assert head is not None
    signed = json.loads(_sign(study, "--json"))["entry"]
    assert (signed["number"], signed["previous"], signed["why"]) == (2, head[1], "Checked")
    table = _do("signatures", study).splitlines()
    assert table[0].split() == ["entry", "thing", "meaning", "who", "when", "is"]
    assert [line.endswith("valid") for line in table[1:]] == [True, True]
    assert "chen, site-investigator)  responsibility  site:site-01" in _do("audit", "log", study)
    listed = json.loads(_do("audit", "log", study, "--json"))["entries"]
    assert [entry["action"] for entry in listed] == ["lock", "responsibility"]
    (study / DATA).write_bytes((study / DATA).read_bytes() + b"\n")
    assert _do("signatures", study).count(f"void: {DATA} changed") == 2
    assert [s["valid"] for s in json.loads(_do("signatures", study, "--json"))["signatures"]] == [False, False]


def test_a_dry_run_prints_the_decision_and_records_nothing(study: Path) -> None:
    assert "Nothing was recorded" in _lock(study, "--dry-run")
    assert json.loads(_lock(study, "--dry-run", "--json"))["act"]["actor"] == "rivera"
    arguments = (
        "sign",
        study,
        "site:site-01",
        "--as",
        "chen",
        "--meaning",
        "responsibility",
        "--why",
        "x",
        "--dry-run",
    )
    refused = _invoke(*arguments)
    assert refused.exit_code == RefusedRequestError.exit_code
    assert "Refused: site:site-01 is open" in refused.stdout
    assert json.loads(_invoke(*arguments, "--json").stdout)["ok"] is False
    assert not (study / AUDIT_FILE).exists()


def test_refused_acts_end_with_their_exit_code(study: Path) -> None:
    with pytest.raises(RefusedRequestError, match="Refused: site:site-01 is open"):
        _sign(study)
    with pytest.raises(UsageError, match="expected one of responsibility"):
        _do("sign", study, "study", "--as", "lind", "--meaning", "lock", "--why", "x")


def test_data_with_open_queries_cannot_be_locked(study: Path) -> None:
    path = study / DATA
    lines = path.read_text().splitlines(keepends=True)
    header = next(number for number, line in enumerate(lines) if not line.startswith("#"))
    lines[-1] = lines[header + 1]  # The same patient twice.
    path.write_text("".join(lines))
    with pytest.raises(RefusedRequestError, match="must be settled first"):
        _lock(study)
    assert not (study / AUDIT_FILE).exists()


def test_release_opens_the_site_again(study: Path) -> None:
    _lock(study)
    _do("release", study, "site-01", "--as", "rivera", "--why", "A date was wrong")
    assert "void: released in entry 2" in _do("signatures", study)


def test_verify_with_and_without_a_head(study: Path) -> None:
    assert "One unbroken chain of 0 entries" in _do("audit", "verify", study)
    _lock(study)
    head = head_of(study / AUDIT_FILE)
    _sign(study)
    assert "One unbroken chain of 2 entries, 1 since the head given" in _do("audit", "verify", study, "--head", head)
    found = json.loads(_do("audit", "verify", study, "--head", "none", "--json"))
    assert (found["n_entries"], found["n_since"]) == (2, 2)
    last = head_of(study / AUDIT_FILE)
    path = study / AUDIT_FILE
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    _do("audit", "verify", study)
    with pytest.raises(AuditError, match="cut off at the end"):
        _do("audit", "verify", study, "--head", last)
    with pytest.raises(UsageError, match="64 hexadecimal digits"):
        _do("audit", "verify", study, "--head", "abc")
    with pytest.raises(UsageError, match="is no directory"):
        _do("audit", "verify", study / "nowhere")


def _printed(results: Path) -> tuple[str, str]:
    manifest = json.loads((results / "manifest.json").read_text())["audit_head"]
    report = re.search(r"<dt>Audit head</dt><dd>(\w+)</dd>", (results / "report.html").read_text())
    assert report is not None
    return manifest, report[1]


def test_a_run_prints_the_head_and_appends_nothing(study: Path, tmp_path: Path) -> None:
    _do("run", study)
    assert _printed(study / "results") == ("none", "none")
    assert not (study / AUDIT_FILE).exists()
    _lock(study)
    before = (study / AUDIT_FILE).read_bytes()
    for name in ("one", "two"):
        _do("run", study, "--out", tmp_path / name)
        assert _printed(tmp_path / name) == (head_of(study / AUDIT_FILE),) * 2
    assert (study / AUDIT_FILE).read_bytes() == before
    files = [path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*") if path.is_file()]
    differing = [f for f in files if (tmp_path / "one" / f).read_bytes() != (tmp_path / "two" / f).read_bytes()]
    assert differing == []
    earlier = [f for f in files if (tmp_path / "one" / f).read_bytes() != (study / "results" / f).read_bytes()]
    assert sorted(map(str, earlier)) == ["manifest.json", "report.html"]


def test_a_run_on_a_broken_chain_is_refused(study: Path) -> None:
    _lock(study)
    path = study / AUDIT_FILE
    path.write_bytes(path.read_bytes().replace(b"All answered", b"all answered"))
    with pytest.raises(AuditError, match="not one unbroken chain"):
        _do("run", study)
    assert not (study / "results").exists()


def test_results_of_a_real_run_are_reviewed_and_approved(study: Path) -> None:
    _do("run", study)
    for number, investigator in ((1, "chen"), (2, "haas"), (3, "haas")):
        _do("lock", study, f"site-0{number}", "--as", "rivera", "--why", "x")
        arguments = ("--as", investigator, "--meaning", "responsibility", "--why", "x")
        _do("sign", study, f"site:site-0{number}", *arguments)
    for who, thing, meaning in (
        ("okafor", "study", "review"),
        ("lind", "study", "approval"),
        ("okafor", "results", "review"),
        ("lind", "results", "approval"),
    ):
        _do("sign", study, thing, "--as", who, "--meaning", meaning, "--why", "x")
    assert "void" not in _do("signatures", study)
    report = study / "results" / "report.html"
    report.write_bytes(report.read_bytes() + b" ")
    assert _do("signatures", study).count("void: results/report.html is not the file") == 2
