"""The page of endpoints says what the rules do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cohortium.study.derive.censoring import ALLOWED, ELEMENTS, RULE_SETS, elements_of
from cohortium.study.derive.endings import reason_levels
from cohortium.study.derive.endpoints import TimeToEvent

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "derivations" / "endpoints.md").read_text(encoding="utf-8")


def test_every_reason_is_listed_and_no_other() -> None:
    section = PAGE[PAGE.index("## Reasons") : PAGE.index("## Who the endpoint applies to")]
    listed = {
        name for row in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE) for name in re.findall(r"`([^`]+)`", row)
    }
    made = {
        reason
        for endpoint in ALLOWED
        for rules in RULE_SETS
        for given in ({}, {"death": "censor-at-last-assessment"})
        if not given or given["death"] in ALLOWED[endpoint].get("death", ())
        for has_cause in (True, False)
        for reason in reason_levels(endpoint, elements_of(endpoint, rules, given), has_cause=has_cause)
    }
    assert listed == made


@pytest.mark.parametrize("element", ELEMENTS)
def test_rule_sets_are_as_the_page_has_them(element: str) -> None:
    (row,) = re.findall(rf"^\| `{element}`(?: of `dor`)? \| (.*) \|$", PAGE, re.MULTILINE)[-1:]
    cells = [cell.strip() for cell in row.split("|")]
    assert cells[:4] == [str(getattr(elements_of("dor", rules, {}), element)) for rules in RULE_SETS]
    assert re.findall(r"`([^`]+)`", cells[4]) == list(ALLOWED["dor"][element])


def test_every_key_is_on_the_page() -> None:
    keys = set(TimeToEvent.model_fields) - {"name", "label", "rule"}
    assert {key for key in keys if f"`{key}`" not in PAGE} == set()
