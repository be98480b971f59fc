"""The page of the proofreader names every rule."""

from pathlib import Path

from cohortium.proofreading.finding import RULES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "proofread.md"


def test_every_rule_is_on_the_page():
    text = PAGE.read_text(encoding="utf-8")
    assert [rule for rule in RULES if f"`{rule}`" not in text] == []
