"""A competing-interest paragraph split into declarations: who is spoken of, and what is said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cohortium.governance.frontmatter import explicit
from cohortium.governance.frontmatter.reading import Span, trimmed

_CAPITAL = "A-ZÀ-ÖØ-Þ"
_STRONG = r"reports?|reported|declares?|declared|discloses?|disclosed"
_WEAK = (
    r"has|have|had|received|receives|serves?|served|is|was|are|were|holds?|held|owns?|owned|consults?|consulted"
    r"|acts?|acted|states?|works?"
)
_VERB = rf"(?:\s+(?P<verb>(?:also\s+)?(?:{_STRONG}|{_WEAK}))\b|\s*(?P<colon>[:–—])(?=\s))"
_DOTTED = rf"(?:[{_CAPITAL}]\.[ ]?-?[ ]?){{1,5}}[{_CAPITAL}]\.?|[{_CAPITAL}]\."
_COMPACT = rf"[{_CAPITAL}]+(?:[a-z]{{1,4}}[{_CAPITAL}]+)*[a-z]{{0,3}}(?:-[{_CAPITAL}]+)*\.?"
_REST = (
    r"(?:all\s+)?(?:the\s+)?(?:rest\s+of\s+(?:the\s+)?authors|(?:all\s+)?(?:the\s+)?(?:other|remaining)\s+"
    r"(?:co-?)?authors)|no\s+other\s+authors?|(?:all\s+(?:the\s+|of\s+the\s+)?|the\s+)authors"
)
_BOUNDARY = re.compile(r"(?:^|[.;!?)\]’”\"]\s+|\n[ \t]*|[.;])$")
_LABEL_MASK = "\ue001"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: the authors' labels, what follows the verb, and the whole of its characters.

    labels  spans of initials; empty when the statement speaks of the rest of the authors
    rest    the words for the rest, such as `the other authors`; empty otherwise
    """

    labels: tuple[Span, ...]
    rest: str
    body: Span
    whole: Span


def statements(source: str, span: Span, known: Sequence[str]) -> tuple[list[Statement], list[Span]]:
    """The statements of a paragraph, and the text before the first one.

    known  initials and names of the authors as written
    """
    text = _masked(source[span.start : span.end])
    pattern = _pattern(known)
    starts = list(_starts(text, pattern))
    lead = trimmed(source, span.start, span.start + starts[0][0]) if starts else span
    found = []
    for i, (start, match) in enumerate(starts):
        end = starts[i + 1][0] if i + 1 < len(starts) else len(text)
        labels = () if match["rest"] else tuple(_labels(text, start, match, pattern, span.start))
        body = trimmed(source, span.start + match.end(), span.start + end)
        whole = trimmed(source, span.start + start, span.start + end)
        found.append(Statement(labels, match["rest"] or "", body, whole))
    return found, [lead] if lead.end > lead.start else []


@dataclass(frozen=True, slots=True)
class _Pattern:
    start: re.Pattern[str]
    label: re.Pattern[str]
    is_known: frozenset[str]


def _pattern(known: Sequence[str]) -> _Pattern:
    names = sorted((r"\s+".join(map(re.escape, text.split())) for text in known if text.strip()), key=len, reverse=True)
    label = "|".join([f"{_LABEL_MASK}+", *names, _DOTTED, _COMPACT])
    before = rf"(?<![\w.{_LABEL_MASK}-])"
    several = rf"(?P<labels>{before}(?:{label})(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*)(?:{label}))*)"
    start = rf"(?:(?P<rest>\b(?i:{_REST}))|{several}){_VERB}"
    return _Pattern(re.compile(start), re.compile(f"{before}(?:{label})"), frozenset(known))


def _starts(text: str, pattern: _Pattern) -> Iterator[tuple[int, re.Match[str]]]:
    """Where statements start: after a full stop or on a new line, or anywhere before a verb such as `reports`."""
    at = 0
    while match := pattern.start.search(text, at):
        start = _start(text, match, pattern)
        at = match.end() if start is not None else match.start() + 1
        if start is not None:
            yield start, match


def _start(text: str, match: re.Match[str], pattern: _Pattern) -> int | None:
    if _BOUNDARY.search(text, 0, match.start()):
        is_word = match["rest"] is None and match["labels"] in ("I", "A", "It", "He", "We")
        return None if is_word else match.start()
    if not match["verb"] or not re.fullmatch(_STRONG, match["verb"].removeprefix("also").strip()):
        return None
    if match["rest"] is not None:
        return match.start()
    # In the middle of a sentence only the last label is sure: `from X and BB reports` may name a company.
    last = list(pattern.label.finditer(match["labels"]))[-1]
    is_label = len(last[0].strip(".")) > 1
    return match.start() + last.start() if is_label else None


def _labels(text: str, start: int, match: re.Match[str], pattern: _Pattern, offset: int) -> Iterator[Span]:
    for label in pattern.label.finditer(text, start, match.end("labels")):
        yield trimmed(text, label.start(), label.end()) if not offset else _shift(text, label, offset)


def _shift(text: str, label: re.Match[str], offset: int) -> Span:
    span = trimmed(text, label.start(), label.end())
    return Span(span.start + offset, span.end + offset)


def _masked(text: str) -> str:
    def masks(match: re.Match[str]) -> str:
        return (_LABEL_MASK if match[1] == "author" else explicit.MASK) * len(match[0])

    return explicit.BRACKET.sub(masks, text)
