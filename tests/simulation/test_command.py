from typer.testing import CliRunner

from cohortium.cli.commands import app

SMALL = ["--patients", "60", "--sites", "3", "--seed", "3"]


def run(*arguments):
    return CliRunner().invoke(app, ["simulate", *map(str, arguments)])


def test_a_study_is_written_whole(tmp_path):
    result = run(tmp_path / "new" / "study", *SMALL, "--defects", 1)
    assert result.exit_code == 0, result.output
    assert "60 patients at 3 sites; 28 at sites without an ethics decision in force; 5 planted faults" in result.output
    names = {
        path.relative_to(tmp_path / "new" / "study").as_posix()
        for path in (tmp_path / "new" / "study").rglob("*")
        if path.is_file()
    }
    assert {"study.toml", "dictionary.csv", "README.md", "sites/site-01/mapping.toml"} <= names
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["study"]


def test_only_the_data(tmp_path):
    assert run(tmp_path / "study", *SMALL, "--data-only").exit_code == 0
    assert sorted(path.name for path in (tmp_path / "study").iterdir()) == ["answer-key", "sites"]


def test_a_dry_run_writes_nothing(tmp_path):
    result = run(tmp_path / "study", *SMALL, "--dry-run")
    assert "would write" in result.output
    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_is_not_empty_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    result = run(tmp_path, *SMALL)
    assert result.exit_code != 0
    assert "the directory is not empty, and nothing in it was changed" in str(result.exception)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_design_that_was_used_can_be_used_again(tmp_path):
    first = tmp_path / "first"
    run(first, *SMALL)
    again = run(tmp_path / "again", "--seed", 3, "--design", first / "answer-key" / "simulated-design.toml")
    assert again.exit_code == 0, again.output
    for path in first.rglob("*.*"):
        assert path.read_bytes() == (tmp_path / "again" / path.relative_to(first)).read_bytes()
