"""`people import` and `statements` as a person types them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cohortium.cli.commands import app
from cohortium.errors import OutputError, StudyFileError, UsageError
from cohortium.starter.write import write_starter

ARTICLE = Path(__file__).resolve().parents[1] / "governance" / "frontmatter" / "article.txt"
RUNNER = CliRunner()


def run(*arguments):
    return RUNNER.invoke(app, [str(argument) for argument in arguments])


def test_import_lists_proposals_and_what_is_not_resolved():
    done = run("people", "import", ARTICLE)
    assert done.exit_code == 0
    assert done.stdout.startswith(
        "46 authors, 4 dates, 15 boards; 35 declarations of interests: 18 proposed, 17 not resolved"
    )
    assert "'BB': the initials fit 2 authors (could be: Bela Birch, Ben Bramble)" in done.stdout


def test_import_for_programs_has_spans_and_texts(tmp_path):
    out = tmp_path / "people.toml"
    content = json.loads(run("people", "import", ARTICLE, "--json", "--out", out).stdout)
    source = ARTICLE.read_text(encoding="utf-8")
    for item in (*content["proposals"], *content["unresolved"]):
        assert source[item["start"] : item["end"]] == item["text"]
    assert out.read_text(encoding="utf-8").count("[[author]]") == 46


def test_import_never_replaces_a_file(tmp_path):
    out = tmp_path / "people.toml"
    out.write_text("kept", encoding="utf-8")
    assert isinstance(run("people", "import", ARTICLE, "--out", out).exception, OutputError)
    assert out.read_text(encoding="utf-8") == "kept"


def test_import_says_what_is_wrong_with_a_file(tmp_path):
    (tmp_path / "latin.txt").write_bytes("Ümber, Uma".encode("cp1252"))
    assert "not UTF-8" in str(run("people", "import", tmp_path / "latin.txt").exception)
    (tmp_path / "large.txt").write_bytes(b"a" * 500_001)
    assert "alone, as text" in str(run("people", "import", tmp_path / "large.txt").exception)
    assert "cannot read" in str(run("people", "import", tmp_path / "none.txt").exception)


@pytest.fixture
def study(tmp_path):
    directory = tmp_path / "study"
    write_starter(directory)
    run("people", "import", ARTICLE, "--out", directory / "people.toml")
    return directory


def test_missing_records_are_one_error_and_a_draft_marks_them(study):
    refused = run("statements", study)
    assert isinstance(refused.exception, StudyFileError)
    assert len(refused.exception.problems) > 46
    draft = run("statements", study, "--draft")
    assert draft.exit_code == 0
    assert "[MISSING: author birch-b: has no answer about competing interests]" in draft.stdout


@pytest.mark.parametrize("form", ["plain", "markdown", "html", "docx", "jats"])
def test_every_form_is_written_the_same_twice(study, tmp_path, form):
    paths = [tmp_path / f"{name}.{form}" for name in ("first", "second")]
    for path in paths:
        assert run("statements", study, "--draft", "--format", form, "--out", path).exit_code == 0
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_what_cannot_be_asked_for(study):
    assert isinstance(run("statements", study, "--format", "crossref", "--draft").exception, UsageError)
    assert isinstance(run("statements", study, "--format", "docx").exception, UsageError)
    deposit = run("statements", study, "--format", "crossref").exception
    assert isinstance(deposit, StudyFileError)
    assert "--draft" not in str(deposit)
