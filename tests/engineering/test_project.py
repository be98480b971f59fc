"""Files at the root agree with each other."""

import os
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, flags=re.MULTILINE))


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_version_is_the_same_everywhere():
    version = PROJECT["version"]
    assert f"\nversion: {version}\n" in read("CITATION.cff")
    assert re.search(rf"^## {re.escape(version)}\b", read("CHANGELOG.md"), flags=re.MULTILINE)


def test_every_target_that_is_promised_exists():
    texts = [read(name) for name in ("README.md", "CONTRIBUTING.md", "benchmarks/README.md", ".ci/run", "Makefile")]
    promised = {target for text in texts for target in re.findall(r"(?:^|[`\s\"])make ([a-z][a-z-]*)", text)}
    assert promised - {"PYTHON"} <= TARGETS | {"sure"}


def test_every_target_is_phony_or_explained():
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, flags=re.MULTILINE)[1].split()
    assert set(phony) == TARGETS


def test_ci_runs_the_test_command_of_the_readme_last():
    commands = [line for line in read(".ci/run").splitlines() if line and not line.startswith("#")]
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert "make test" in read("README.md")
    assert re.fullmatch(r"exec make --no-print-directory test </dev/null", commands[-1])


def test_the_license_is_the_declared_one():
    assert PROJECT["license"] == "Apache-2.0"
    assert "Apache License" in read("LICENSE")
    assert "Version 2.0, January 2004" in read("LICENSE")
    assert "license: Apache-2.0" in read("CITATION.cff")


def test_declared_pythons_start_where_the_tools_think_they_do():
    tools = tomllib.loads(read("pyproject.toml"))["tool"]
    assert PROJECT["requires-python"] == ">=3.11"
    assert tools["ruff"]["target-version"] == "py311"
    assert tools["mypy"]["python_version"] == "3.11"
