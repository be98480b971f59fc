"""`cohortium people ...`: what is printed, what is written, exit codes."""

import csv
import json
import re

import pytest
from typer.testing import CliRunner

from cohortium.cli.people_commands import app
from cohortium.errors import OutputError, StudyFileError, UsageError


@pytest.fixture
def people():
    """Run a command; an error of a known family is raised."""

    def run(*arguments, exit_code=0):
        done = CliRunner().invoke(app, [str(argument) for argument in arguments])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == exit_code, done.output
        return done.output

    return run


@pytest.fixture
def break_orcid(people_dir):
    path = people_dir / "people.toml"
    path.write_text(path.read_text().replace("0000-0002-1825-0097", "0000-0002-1825-0098"))


def test_check_of_a_good_file(people, people_dir):
    assert people("check", people_dir) == "3 authors, 0 errors, 0 open points, 0 notes\n"


def test_check_lists_errors_and_open_points_apart(people, people_dir, break_orcid):
    path = people_dir / "people.toml"
    path.write_text(path.read_text().replace("consent_to_be_named = 2025-06-01\n", "", 1))
    output = people("check", people_dir, exit_code=3)
    assert output.startswith("Errors:\n  people.toml:28: author[1].orcid: 0000-0002-1825-0098 has a wrong check digit")
    assert "\nOpen points:\n  people.toml:24: author[1]: smith has not consented to be named\n" in output
    assert output.endswith("3 authors, 1 error, 1 open point, 0 notes\n")
    found = json.loads(people("check", people_dir, "--json", exit_code=3))
    assert (found["ok"], [finding["severity"] for finding in found["findings"]]) == (False, ["open", "error"])
    assert {finding["author"] for finding in found["findings"]} == {"smith"}


def test_open_points_do_not_change_the_exit_code(people, tmp_path):
    (tmp_path / "people.toml").write_text('[[author]]\nid = "x"\nfamily = "X"\n')
    assert "Open points:" in people("check", tmp_path)


def test_a_study_that_is_there_is_read(people, people_dir):
    (people_dir / "study.toml").write_text("not a study")
    with pytest.raises(StudyFileError, match="The study in"):
        people("check", people_dir)


def test_list_never_shows_an_email(people, people_dir):
    text, found = people("list", people_dir), json.loads(people("list", people_dir, "--json"))
    assert re.search(
        r"^smith +JS +Jane Smith +0000-0002-1825-0097 +north +corresponding, equal contribution$", text, re.MULTILINE
    )
    assert [author["initials"] for author in found["authors"]] == ["JS", "JvdB", "The Consortium"]
    assert "@" not in text + json.dumps(found)


def test_interests_as_text_json_and_csv(people, people_dir, tmp_path):
    path = people_dir / "people.toml"
    path.write_text(path.read_text().replace('"Amgen"', '"Johnson and Johnson"'))
    out = tmp_path / "interests.csv"
    text = people("interests", people_dir, "--csv", out)
    assert "JS  Jane Smith: grants, Johnson & Johnson (parent), declared as Johnson and Johnson" in text
    with out.open(newline="") as lines:
        assert [(row["finding"], row["relation"]) for row in csv.DictReader(lines)] == [("tie", "parent")]
    found = json.loads(people("interests", people_dir, "--json", "--on", "2029-01-01"))
    assert found["on"] == "2029-01-01"
    assert [gap["gap"] for gap in found["declarations"]] == ["outdated", "outdated"]
    with pytest.raises(OutputError):
        people("interests", people_dir, "--csv", tmp_path / "none" / "interests.csv")


def test_import_writes_what_check_reads(people, tmp_path):
    (tmp_path / "authors.csv").write_text("given,family\nJane,Smith\n")
    out = tmp_path / "people.toml"
    assert (
        people("import-csv", tmp_path / "authors.csv") == '[[author]]\nid = "smith"\ngiven = "Jane"\nfamily = "Smith"\n'
    )
    assert people("import-csv", tmp_path / "authors.csv", "--out", out).startswith(f"{out}: 1 author, ")
    assert people("check", tmp_path).endswith("1 author, 0 errors, 7 open points, 0 notes\n")
    with pytest.raises(UsageError, match="exists; give another --out"):
        people("import-csv", tmp_path / "authors.csv", "--out", out)


def test_import_with_a_problem_writes_nothing(people, tmp_path):
    (tmp_path / "authors.csv").write_text("given,family,orcid\nJane,Smith,1\n")
    with pytest.raises(StudyFileError, match="The tables have 1 problem"):
        people("import-csv", tmp_path / "authors.csv", "--out", tmp_path / "people.toml")
    assert not (tmp_path / "people.toml").exists()
