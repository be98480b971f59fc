"""What the methods say of derived variables, in words and not as the program holds them."""

from __future__ import annotations

from pathlib import Path

from cohortium.report.methods.derived import derived
from cohortium.study.load import load_study

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "teclistamab-plasmacytoma"


def test_keys_of_a_rule_are_said_as_a_reader_says_them():
    text = " ".join(getattr(part, "text", part) for paragraph in derived(load_study(EXAMPLE)) for part in paragraph)
    assert "Any infection (infection); Bacterial infection (infection, infection class bacterial);" in text
    assert "Pneumonia (terms pneumonia)" in text
    assert "quantity hemoglobin, lower 13.5, sex male" in text
    for held in ("=None", "=True", "()", "='"):
        assert held not in text
