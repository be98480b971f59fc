"""An ethics paragraph to institutions or boards with their cities."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from cohortium.governance.frontmatter.pieces import bracket_groups, top_level
from cohortium.governance.frontmatter.reading import Board, Consent, Proposal, Span, Unresolved, trimmed

Found = Proposal | Unresolved | Span
"""A bare span is the introduction of a list: words that lead to records without being one."""

_SENTENCE = re.compile(r"(?:[^.]|\.(?!\s+[A-ZÀ-ÖØ-Þ]|\s*$)|(?<=\bSt)\.|(?<=\bDr)\.)+\.?")
_INSTITUTION = re.compile(
    r"\b(?:universit\w*|universidad|hospitals?|cent(?:er|re)s?|clinics?|institut\w*|college|school|health|boards?|IRB|"
    r"REC|committees?|medical|foundation|system|klinik\w*|hôpital|infirmary|authority|charité|memorial)\b",
    re.IGNORECASE,
)
_BOARD = r"(?:institutional review boards?|(?:research )?ethics (?:committees?|boards?)|IRBs?|RECs?)"
_BY = re.compile(
    r"\b(?:approved|reviewed|granted|exempt(?:ed)?|exemption|determined|given|waived|obtained|considered)\b[^.:;,]*?"
    r"\b(?:by|from|at)\s+(?:(?:both|each of|all of)\s+)?"
    r"(?:(?:the\s+)?(?:(?:respective|local)\s+)?"
    + _BOARD
    + r"(?:(?:\s*/\s*|\s+(?:and|or)\s+(?:the\s+)?)"
    + _BOARD
    + r")*"
    r"\s+(?:of|at)\s+)?(?:the\s+(?=[A-ZÀ-Þ]))?(?=[A-ZÀ-Þ])"
)
_DECISION: tuple[tuple[str, Literal["approved", "exempt"]], ...] = (
    (r"\bexempt", "exempt"),
    (r"\bapprov", "approved"),
)
_CONSENT: tuple[tuple[str, Literal["obtained", "waived", "not-required"]], ...] = (
    (r"consent[^.]*\bwaive|waiver of[^.]*consent", "waived"),
    (r"consent[^.]*\bnot (?:required|needed|necessary)|(?:no|without)[^.]* consent", "not-required"),
    (r"consent[^.]*\bobtained|(?:gave|provided)[^.]*consent|obtained[^.]*consent", "obtained"),
)
_SEPARATOR = re.compile(r"[;,]|\s+and\s+")
_REGION = re.compile(
    r"[A-Z]{2}|[A-Z]\.[A-Z]\.(?:[A-Z]\.)?|USA|UK|United States|United Kingdom|Canada|Germany|France|Italy|Spain"
)


def read_ethics(source: str, paragraph: Span) -> Iterator[Found]:
    """Boards, and what is said about consent, sentence by sentence; other sentences fit no record."""
    for match in _SENTENCE.finditer(source, paragraph.start, paragraph.end):
        sentence = trimmed(source, match.start(), match.end())
        if sentence.end > sentence.start:
            yield from _sentence(source, sentence)


def _sentence(source: str, sentence: Span) -> Iterator[Found]:
    text = source[sentence.start : sentence.end]
    said = [consent for pattern, consent in _CONSENT if re.search(pattern, text, re.IGNORECASE | re.DOTALL)]
    if len(said) == 1:
        yield Proposal("consent", Consent(said[0]), sentence)
    elif said:
        yield Unresolved("text", "it says several things about consent; record them site by site", sentence)
    listed = None if said else _list(source, sentence)
    if listed is None:
        if not said:
            yield Unresolved("text", "no record holds what it says", sentence)
        return
    decision = next((word for pattern, word in _DECISION if re.search(pattern, text, re.IGNORECASE)), "")
    boards = list(_boards(source, listed, sentence.end, decision))  # type: ignore[arg-type]
    yield from boards
    lead = trimmed(source, sentence.start, listed.start)
    if boards and lead.end > lead.start:
        yield lead


def _list(source: str, sentence: Span) -> Span | None:
    """Where the list of institutions stands: after a colon, or after `approved by`."""
    text = source[sentence.start : sentence.end]
    end = sentence.end - text.endswith(".")
    colon = re.search(r":\s+", text)
    start = colon or _BY.search(text)
    if start is None or not _INSTITUTION.search(text, start.end()):
        return None
    return trimmed(source, sentence.start + start.end(), end)


def _boards(source: str, listed: Span, end: int, decision: Literal["approved", "exempt", ""]) -> Iterator[Found]:
    entries = list(_entries(source, listed))
    ends = [*(entry[0].start for entry in entries[1:]), end]
    for entry, until in zip(entries, ends, strict=True):
        whole = trimmed(source, entry[0].start, until)
        name, groups = bracket_groups(source[entry[0].start : entry[0].end])
        city = next(top_level(groups[0])) if groups else ""
        places = [source[part.start : part.end] for part in entry[1:]]
        if not city and places:
            city = places.pop(0)
        if not _INSTITUTION.search(name) and not groups:
            yield Unresolved("board", "it is not known whether this is an institution or a city", whole)
        elif any(not _REGION.fullmatch(place) for place in places):
            yield Unresolved("board", "more places follow than a city and its state or country", whole)
        elif not city:
            yield Unresolved("board", "the institution has no city", whole)
        else:
            city = " ".join(city.split(",")[0].split())
            yield Proposal("board", Board(" ".join(name.split()), city, decision), whole)


def _entries(source: str, listed: Span) -> Iterator[list[Span]]:
    """Institutions with the places behind each."""
    entry: list[Span] = []
    for part, is_new in _parts(source, listed):
        text = source[part.start : part.end]
        if entry and (is_new or _INSTITUTION.search(bracket_groups(text)[0]) or text.endswith(")")):
            yield entry
            entry = []
        entry.append(part)
    if entry:
        yield entry


def _parts(source: str, listed: Span) -> Iterator[tuple[Span, bool]]:
    """Parts between commas, semicolons and `and`; whether a semicolon stands before each."""
    text = source[listed.start : listed.end]
    at, is_new, depth = 0, False, 0
    separators = {match.start(): match for match in _SEPARATOR.finditer(text)}
    for i, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        match = separators.get(i)
        if match is None or depth or i < at or not _is_between(text, at, match):
            continue
        part = _without_and(source, listed.start + at, listed.start + i)
        if part.end > part.start:
            yield part, is_new
            is_new = False
        is_new = is_new or match[0] == ";"
        at = match.end()
    last = _without_and(source, listed.start + at, listed.end)
    if last.end > last.start:
        yield last, is_new


def _is_between(text: str, at: int, match: re.Match[str]) -> bool:
    """`and` parts institutions only where what stands before it is a city or ends with one in brackets."""
    if match[0] in ",;":
        return True
    before = text[at : match.start()].strip()
    return before.endswith(")") or not _INSTITUTION.search(before)


def _without_and(source: str, start: int, end: int) -> Span:
    span = trimmed(source, start, end)
    match = re.match(r"(?:and|or)\s+(?:the\s+(?=[A-ZÀ-Þ]))?", source[span.start : span.end])
    return trimmed(source, span.start + match.end(), span.end) if match else span
