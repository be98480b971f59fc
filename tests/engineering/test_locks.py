"""Lock files pin everything with hashes, agree with each other and name no address."""

import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)((?: ;[^\\]*)?) \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")
VIA = re.compile(r"^    # ( {2}|via\b)")


def pins(path):
    """Package to the set of (version, marker) it is pinned to."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if match := PIN.match(line):
            found.setdefault(match[1], set()).add((match[2], match[3].strip()))
    return found


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def names(requirements):
    return {re.match(r"[A-Za-z0-9._-]+", text)[0].lower() for text in requirements}


def test_the_three_lock_files_exist():
    assert [path.name for path in LOCKS] == ["benchmarks.txt", "dev.txt", "run.txt"]


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_line_is_a_pin_a_hash_or_a_reason(path):
    odd = [
        line
        for line in path.read_text(encoding="utf-8").splitlines()
        if not (PIN.match(line) or HASH.match(line) or VIA.match(line))
    ]
    assert odd == []


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_no_lock_file_names_an_address(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"://|@|--(extra-)?index|--find-links|--trusted-host|-i\b", text)


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_pin_has_a_hash(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert all(HASH.match(after) for line, after in pairwise(lines) if PIN.match(line))


def test_direct_dependencies_are_pinned():
    declared, groups = project()["project"]["dependencies"], project()["dependency-groups"]
    by_name = {path.stem: pins(path) for path in LOCKS}
    assert names(declared) <= by_name["run"].keys()
    assert names([*declared, *groups["dev"]]) <= by_name["dev"].keys()
    assert names([*declared, *groups["benchmarks"]]) <= by_name["benchmarks"].keys()


def test_what_users_run_is_what_is_tested():
    run, dev = pins(ROOT / "requirements" / "run.txt"), pins(ROOT / "requirements" / "dev.txt")
    assert {name: {version for version, _ in found} for name, found in run.items()} == {
        name: {version for version, _ in dev[name]} for name in run
    }
