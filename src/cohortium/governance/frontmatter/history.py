"""Lines of an article's history: `Received: 30 June 2025`."""

from __future__ import annotations

import datetime as dt
import re

from cohortium.governance.frontmatter.reading import HistoryDate, HistoryField, Proposal, Span, Unresolved

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_FIELDS: tuple[HistoryField, ...] = ("received", "revised", "accepted", "published_online")
_LINE = re.compile(
    r"(?:(?P<revised>revised|revision received|received in revised form)|(?P<received>received)"
    r"|(?P<accepted>accepted(?: for publication)?)"
    r"|(?P<published_online>first online|published online|first published|available online|online|published))"
    r"[ \t]*[:\-–—]?[ \t]*(?P<date>\S.*?)?[.;,]?$",
    re.IGNORECASE,
)
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ .]+([A-Za-z]{3,9})\.?,?[ ]+(\d{4})")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.?[ ]+(\d{1,2})(?:st|nd|rd|th)?,?[ ]+(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def is_history_line(text: str) -> bool:
    """Whether a line gives one of the dates, or tries to: it names one and holds a digit."""
    match = _LINE.fullmatch(text)
    return match is not None and bool(match["date"]) and bool(re.search(r"\d", match["date"])) and len(text) < 60


def read_history_line(source: str, line: Span) -> Proposal | Unresolved:
    """The date of a history line, or why it was not read; `3/4/2025` is two dates in two countries."""
    match = _LINE.fullmatch(source[line.start : line.end])
    text = match["date"] if match else ""
    date = date_of(text or "")
    if match is None or date is None:
        reason = "no date that can be read in one way only; write it as 30 June 2025 or 2025-06-30"
        return Unresolved("history", reason, line)
    field = next(name for name in _FIELDS if match[name] is not None)
    return Proposal("history", HistoryDate(field, date), line)


def date_of(text: str) -> dt.date | None:
    """The day that a text names, or None."""
    if match := _ISO.fullmatch(text):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.fullmatch(text):
        return _date(int(match[3]), _month(match[2]), int(match[1]))
    if match := _MONTH_FIRST.fullmatch(text):
        return _date(int(match[3]), _month(match[1]), int(match[2]))
    return None


def _month(word: str) -> int:
    named = [i for i, month in enumerate(MONTHS, 1) if month.lower() == word.lower()]
    short = [i for i, month in enumerate(MONTHS, 1) if month[:3].lower() == word.lower()[:3] and len(word) <= 4]
    return (named or short or [0])[0]


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
