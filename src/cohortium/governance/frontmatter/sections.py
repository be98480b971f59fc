"""Headings, and the stretches of text under them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from cohortium.governance.frontmatter.reading import PassageField, Span, trimmed

SectionKind = Literal["authors", "history", "interests", "ethics", ""] | PassageField

_NAMES: tuple[tuple[SectionKind, str], ...] = (
    ("authors", r"authors?(?: list)?|list of authors"),
    ("history", r"(?:article|publication) (?:history|dates)|history"),
    (
        "interests",
        (
            r"(?:declarations? of )?(?:competing|conflicting|conflicts? of|financial) interests?(?: statement| declaration"
            r"| disclosures?)?|(?:conflict-of-interest|financial|author) disclosures?|disclosures?(?: statement)?"
            r"|(?:potential )?conflicts? of interests?|declarations? of (?:competing )?interests?"
        ),
    ),
    (
        "ethics",
        (
            r"ethics(?: (?:statement|approval|declarations?))?(?: and consent(?: to participate)?)?"
            r"|ethical (?:approval|considerations|standards)"
        ),
    ),
    ("title", "title"),
    ("affiliations", r"(?:author )?affiliations?"),
    ("byline", "byline"),
    ("correspondence", r"correspondence|corresponding authors?"),
    ("contributions", r"(?:author|authors'|authors’|authorship|credit) contributions?(?: statement)?|contributions"),
    ("acknowledgments", r"acknowledge?ments?"),
    ("data_availability", r"(?:data|code|data and code) (?:availability|sharing)(?: statement)?|availability of data"),
    ("funding", r"funding(?: (?:statement|information|sources?))?|financial support"),
)
_HEADING = re.compile(
    r"^[ \t]*(?:#{1,6}[ \t]*)?(?:\*\*)?(?:"
    + "|".join(f"(?P<g{i}>{pattern})" for i, (_, pattern) in enumerate(_NAMES))
    + r")(?:\*\*)?[ \t]*(?:(?P<colon>[:.])(?:\*\*)?|\r?$)",
    re.IGNORECASE | re.MULTILINE,
)
_PARAGRAPH = re.compile(r"[^\s](?:[^\n]|\n(?![ \t\r]*(?:\n|\Z)))*")


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of text under a heading; `kind` is empty where no heading stands above it."""

    kind: SectionKind
    body: Span


def sections(source: str) -> tuple[list[Span], list[Section]]:
    """The headings of a source, and the stretches between them in order."""
    found = [match for match in _HEADING.finditer(source) if _is_heading(source, match)]
    headings = [trimmed(source, match.start(), match.end()) for match in found]
    starts = [0, *(match.end() for match in found)]
    ends = [*(match.start() for match in found), len(source)]
    kinds: list[SectionKind] = ["", *(_kind(match) for match in found)]
    bodies = [Section(kind, trimmed(source, start, end)) for kind, start, end in zip(kinds, starts, ends, strict=True)]
    return headings, [section for section in bodies if section.body.end > section.body.start]


def paragraphs(source: str, span: Span) -> Iterator[Span]:
    """Runs of lines without a blank line between them."""
    for match in _PARAGRAPH.finditer(source, span.start, span.end):
        yield trimmed(source, match.start(), match.end())


def lines(source: str, span: Span) -> Iterator[Span]:
    """The lines of a span that are not blank."""
    for match in re.compile(r"[^\n]+").finditer(source, span.start, span.end):
        line = trimmed(source, match.start(), match.end())
        if line.end > line.start:
            yield line


def is_heading(line: str) -> bool:
    """Whether a line would be read as a heading, or begin with one."""
    match = _HEADING.match(line)
    return match is not None and _is_heading(line, match)


def _is_heading(source: str, match: re.Match[str]) -> bool:
    """A full stop ends a heading only where the line ends: `Funding. ` inside a sentence is not one."""
    if match["colon"] != ".":
        return True
    rest = source[match.end() :].partition("\n")[0]
    return not rest.strip()


def _kind(match: re.Match[str]) -> SectionKind:
    return next(kind for i, (kind, _) in enumerate(_NAMES) if match[f"g{i}"] is not None)
