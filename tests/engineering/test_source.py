"""House rules that a linter does not know, and what is under test."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import cohortium

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
LONGEST_FILE = 400
NO_NAMES = {"utils", "util", "helpers", "common", "core", "misc"}
HEAVY = {"polars", "numpy", "scipy", "matplotlib", "pandas", "jinja2"}


def named(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_a_file_holds_one_idea(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


def test_no_module_is_named_after_nothing():
    assert [named(p) for p in SOURCES if p.stem in NO_NAMES or NO_NAMES & set(p.relative_to(ROOT).parts)] == []


def test_every_file_says_what_it_is():
    starts = ('"""', 'r"""')
    undescribed = [named(path) for path in SOURCES if not path.read_text(encoding="utf-8").startswith(starts)]
    assert undescribed == []


@pytest.mark.skipif("COHORTIUM_TEST_INSTALLED" not in os.environ, reason="only `make` promises the installed wheel")
def test_the_installed_wheel_is_under_test():
    assert not Path(cohortium.__file__).is_relative_to(ROOT / "src")
    assert "site-packages" in Path(cohortium.__file__).parts


@pytest.mark.skipif("COHORTIUM_TEST_INSTALLED" not in os.environ, reason="only `make` promises the installed wheel")
def test_the_wheel_holds_every_source_file():
    installed = Path(cohortium.__file__).parent
    package = ROOT / "src" / "cohortium"
    kept = [p for p in package.rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    assert [named(p) for p in kept if not (installed / p.relative_to(package)).is_file()] == []


def test_the_package_says_that_it_is_typed():
    assert (Path(cohortium.__file__).parent / "py.typed").is_file()


def test_the_command_line_starts_without_heavy_packages():
    code = (
        "import sys, cohortium.cli.commands; print(' '.join(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert HEAVY & set(done.stdout.split()) == set()
