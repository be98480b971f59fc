"""The report in a real Chromium: rules of accessibility, keyboard, pointer, clipboard, print. `make browser` runs all of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from cohortium.report.build import build_report
from cohortium.report.quality import QualityLine

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / "build" / "browser"
CHECK = Path(__file__).parent / "browser" / "check.mjs"
DEMO = ROOT / "build" / "demo"
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""
QUALITY = (QualityLine("Riverbend", "unknown-level", "error", 1), QualityLine("Lakeside", "unknown-level", "error", 2))
# Far above what a page takes here (under a second), so that only a page that hangs fails on a busy machine.
SLOWEST_PAINT_MS = 5000

MISSING = [
    what
    for what, is_there in (
        ("Chromium", CHROMIUM),
        ("Node.js", shutil.which("node")),
        ("axe-core and playwright-core (make browser)", (MODULES / "node_modules" / "axe-core").is_dir()),
    )
    if not is_there
]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        "COHORTIUM_TEST_BROWSER" not in os.environ, reason="only `make browser` opens reports in Chromium"
    ),
]


def looked_at(report):
    assert MISSING == []
    command = ["node", str(CHECK), str(report), str(MODULES), CHROMIUM]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def found(study, results, tmp_path_factory):
    return looked_at(build_report(study, results, QUALITY, tmp_path_factory.mktemp("browser"), lambda _: None)[-1])


@pytest.fixture(scope="module")
def hostile(hostile_study, results, tmp_path_factory):
    out = tmp_path_factory.mktemp("hostile-browser")
    return looked_at(build_report(hostile_study, results, QUALITY, out, lambda _: None)[-1])


def assert_sound(found):
    for page in found["pages"]:
        assert page["violations"] == []
        assert page["said"] == []
        assert page["asked"] == []
        assert page["dialogs"] == 0
        assert page["sideways"] <= 0
        assert page["paint"] < SLOWEST_PAINT_MS
    for part in ("keyboard", "pointer", "sorted", "withoutScript"):
        assert found[part]["errors"] == []
    readers = found["pointer"]["readers"]
    assert readers
    assert all(reader["shown"] and reader["text"] for reader in readers)
    # Every figure is read with the keys as with the pointer, and a key changes what is said.
    by_keys = found["keyboard"]["readers"]
    assert [reader["label"] for reader in by_keys] == [reader["label"] for reader in readers]
    assert all(reader["shown"] and len(set(reader["values"])) > 1 for reader in by_keys)
    assert found["keyboard"]["unseen"] == []


def test_axe_finds_nothing_in_light_and_dark_wide_and_narrow(found):
    assert {(page["scheme"], page["width"]) for page in found["pages"]} == {
        ("light", 1280), ("dark", 1280), ("light", 320), ("dark", 320),
    }  # fmt: skip
    assert_sound(found)


@pytest.mark.parametrize("name", ["one-process", "competing-risks", "reference-study"])
def test_the_reports_of_the_examples_are_sound(name):
    assert_sound(looked_at(DEMO / name / "report.html"))


def test_labels_that_want_to_run_do_not(hostile):
    assert_sound(hostile)
    assert "'=cmd|' /C calc'!A0" in hostile["copied"]["clipboard"]["text/html"]


def test_everything_is_reached_with_the_keyboard(found):
    keyboard = found["keyboard"]
    assert (keyboard["first"], keyboard["skipped"]) == ("skip", "#report")
    assert set(keyboard["stops"]) <= {0, 1}
    assert keyboard["below"] > keyboard["start"]
    assert (keyboard["opened"], keyboard["returned"], keyboard["closed"]) == ("origin", "number", True)
    assert "Policy" in keyboard["said"]
    assert "Baseline characteristics by sex (baseline)" in keyboard["said"]
    assert keyboard["keyNumbers"] >= 4
    assert keyboard["sorted"] == "ascending"


def test_the_number_of_patients_of_a_column_says_where_it_comes_from(found):
    size = found["keyboard"]["size"]
    assert (size["text"].replace("\N{NO-BREAK SPACE}", " "), size["returned"]) == ("(N = 120)", "number")
    assert "120" in size["said"]
    assert "Baseline characteristics by sex (baseline)" in size["said"]


def test_values_are_read_off_with_the_keys(found):
    first = next(
        reader for reader in found["keyboard"]["readers"] if reader["label"].endswith("Overall survival by sex")
    )
    at_start, after_a_step, at_end, back = first["values"]
    assert at_start == back == "0.0 months: Male 100.0%, 72 at risk; Female 100.0%, 48 at risk"
    assert after_a_step != at_start
    assert "ended" in at_end


def test_rows_are_sorted_under_their_total_and_put_back(found):
    before, up, down, back = found["sorted"]["orders"]
    assert found["sorted"]["states"] == ["ascending", "descending", "none"]
    assert before == back
    assert sorted(up) == sorted(before) == sorted(down)
    counts = [int(row.split("\t")[1]) for row in up]
    assert counts[:-1] == sorted(counts[:-1])
    assert up[-1] == down[-1] == before[-1]
    assert before[-1].startswith("Total")


def test_a_copied_table_is_cells_and_a_table(found):
    copied = found["copied"]
    assert copied["status"].startswith("Copied")
    lines = [line.split("\t") for line in copied["clipboard"]["text/plain"].split("\n")]
    assert len({len(line) for line in lines if len(line) > 1}) == 1
    assert lines[2][0] == "Age, years"
    assert copied["clipboard"]["text/html"].startswith("<table")
    assert copied["csv"].startswith("Characteristic,Level,")


def test_the_theme_changes_and_paper_stays_white(found):
    light, dark, again = found["colors"]
    assert light == again == found["printed"]["paper"]
    assert dark != light
    assert found["printed"]["hidden"] == 0
    assert found["printed"]["boxes"] == 0
    assert found["printed"]["bytes"] > 10_000


def test_no_other_script_runs_and_all_can_be_read_without(found):
    assert found["strange"] is False
    assert found["withoutScript"]["buttons"] == 0
    assert found["withoutScript"]["tables"] == 5
    assert found["withoutScript"]["pictures"] == 7
    assert found["withoutScript"]["links"] == 5
