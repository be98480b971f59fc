"""The page of journal styles shows the limits that the program has."""

from pathlib import Path

import pytest

from cohortium.manuscript.journal_limits import LIMITS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "journal-styles.md"
KEYS = {
    "words of the abstract": "abstract_words",
    "words of the text": "text_words",
    "tables and figures": "exhibits",
    "figures": "figures",
    "references": "references",
    "characters of the title": "title_characters",
    "headings of the abstract": "abstract_headings",
}


def shown():
    """The table by key and journal, marks of sources taken off."""
    part = PAGE.read_text(encoding="utf-8").partition("## Limits of an original article")[2].partition("\n## ")[0]
    lines = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line.startswith("|")
    ]
    journals = [cell.strip("`") for cell in lines[0][1:]]
    return {
        (journal, KEYS[line[0]]): cell.removesuffix("[S]").strip()
        for line in lines[2:]
        for journal, cell in zip(journals, line[1:], strict=True)
    }


@pytest.mark.parametrize("journal", [name for name in LIMITS if name != "default"])
def test_the_page_shows_the_limits_of_a_journal(journal):
    table = shown()
    for key in KEYS.values():
        limit = getattr(LIMITS[journal], key)
        wanted = "; ".join(limit) or "none" if isinstance(limit, tuple) else "" if limit is None else str(limit)
        assert table[journal, key] == wanted


def test_no_limit_is_missing_from_the_page():
    assert set(KEYS.values()) == set(LIMITS["default"].__dataclass_fields__)
