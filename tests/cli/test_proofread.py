"""`cohortium proofread` as it is typed."""

import json

from typer.testing import CliRunner

from cohortium.cli.commands import app


def run(*words):
    return CliRunner().invoke(app, ["proofread", *map(str, words)])


def test_findings_end_with_exit_code_1(tmp_path):
    path = tmp_path / "abstract.md"
    path.write_text("In 94 of 193 patients (49.7%).\n", encoding="utf-8")
    result = run(path)
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "line 1: «94 of 193 patients (49.7%»: percentage-of-count: 94/193 is printed as 49.7%; expected 48.7%",
        "abstract.md: 1 paragraphs and rows of tables read, 1 to look at",
    ]
    assert json.loads(run(path, "--json").output)[0]["rule"] == "percentage-of-count"


def test_nothing_found(tmp_path):
    path = tmp_path / "abstract.txt"
    path.write_text("In 94 of 193 patients (48.7%).\n", encoding="utf-8")
    assert (run(path).exit_code, run(path, "--json").output.strip()) == (0, "[]")
