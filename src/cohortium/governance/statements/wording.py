"""Lists and dates in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from cohortium.governance.frontmatter.history import MONTHS


def joined(parts: Sequence[str], last: str = "and") -> str:
    """`A`, `A and B`, `A, B, and C`; semicolons where a part has a comma of its own."""
    if len(parts) < 2:
        return "".join(parts)
    if any("," in part for part in parts):
        return f"{'; '.join(parts[:-1])}; {last} {parts[-1]}"
    comma = "," if len(parts) > 2 else ""
    return f"{', '.join(parts[:-1])}{comma} {last} {parts[-1]}"


def in_words(date: dt.date) -> str:
    """`30 June 2025`."""
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def one_line(text: str) -> str:
    """A text without line breaks and doubled blanks."""
    return " ".join(text.split())
