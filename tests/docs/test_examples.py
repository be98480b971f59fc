"""What the pages tell a reader to type works as written."""

import contextlib
import csv
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from cli.typed import typed

ROOT = Path(__file__).resolve().parents[2]


def blocks(page, language):
    """The fenced blocks of one language in a page."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)


def commands(page):
    """The `cohortium` commands of a page in their order, without the comments after them."""
    lines = "".join(blocks(page, "console")).splitlines()
    typed = [shlex.split(line.removeprefix("$ "), comments=True) for line in lines if line.startswith("$ ")]
    return [words[1:] for words in typed if words[0] == "cohortium"]


def run(arguments, directory):
    with contextlib.chdir(directory):
        return typed(*arguments)


def undocumented_statistics(table):
    """Pairs of method and statistic in a results table that the reference page does not list."""
    page = (ROOT / "docs" / "reference" / "results-table.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \| (.*) \|$", page, flags=re.MULTILINE)
    listed = {(method, statistic) for method, cell in rows for statistic in re.findall(r"`([^`]+)`", cell)}
    with table.open(encoding="utf-8", newline="") as lines:
        found = {(row["method"], row["statistic"]) for row in csv.DictReader(lines)}
    return sorted(found - listed)


@pytest.mark.slow
def test_the_tutorial_runs_as_written(tmp_path):
    for arguments in commands("docs/tutorial.md"):
        done = run(arguments, tmp_path)
        assert done.returncode == 0, f"cohortium {shlex.join(arguments)}\n{done.stdout}\n{done.stderr}"
    results = tmp_path / "my-study" / "results"
    assert undocumented_statistics(results / "results.csv") == []
    promised = ("report.html", "results.csv", "results.parquet", "tables", "figures", "manifest.json")
    assert [name for name in promised if not (results / name).exists()] == []
    assert (results / "results.csv").read_bytes() == (tmp_path / "again" / "results.csv").read_bytes()


@pytest.mark.slow
def test_the_readme_runs_as_written(tmp_path):
    for arguments in commands("README.md"):
        done = run(arguments, tmp_path)
        assert done.returncode == 0, f"cohortium {shlex.join(arguments)}\n{done.stdout}\n{done.stderr}"
    assert (tmp_path / "my-study" / "results" / "report.html").exists()


@pytest.mark.parametrize("page", ["README.md", "docs/reference/python.md"])
def test_python_examples_run_as_written(page):
    code = "\n".join(blocks(page, "python"))
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert code
    assert done.returncode == 0, done.stderr
