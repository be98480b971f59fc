"""A declaration cut at its punctuation: commas, semicolons, full stops and `and` before a category."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cohortium.governance.frontmatter import explicit
from cohortium.governance.frontmatter.categories import named_category
from cohortium.governance.frontmatter.organizations import is_continuation
from cohortium.governance.frontmatter.reading import Span, trimmed

_CUT = re.compile(r"[;,]|\.(?=\s+[^\Wa-z_])|\s+(?:and|as\s+well\s+as)\s+", re.IGNORECASE)
_ABBREVIATED = re.compile(r"(?:^|[\s(.])(?:Inc|Ltd|Co|Corp|St|Dr|vs|No|Dept|Univ|Bros|[A-Z])$")
_LINE = re.compile(r"^(?:and|or|&)\s+", re.IGNORECASE)


def pieces(source: str, span: Span) -> list[tuple[Span, str]]:
    """Pieces with the mark that stands before each: `,` `;` `.` `and`, or nothing before the first."""
    text = explicit.masked(source[span.start : span.end])
    depths = _depths(text)
    found: list[tuple[Span, str]] = []
    at, mark = 0, ""
    for cut in _CUT.finditer(text):
        if depths[cut.start()] or cut.start() < at or not _is_cut(text, at, cut, depths):
            continue
        _add(source, found, Span(span.start + at, span.start + cut.start()), mark)
        mark = cut[0].strip() if cut[0].strip() in ",;." else "and"
        at = cut.end()
    _add(source, found, Span(span.start + at, span.end), mark)
    return found


def _add(source: str, found: list[tuple[Span, str]], raw: Span, mark: str) -> None:
    piece = trimmed(source, raw.start, raw.end)
    while conjunction := _LINE.match(source[piece.start : piece.end]):
        if mark == ",":
            mark = "and"
        piece = trimmed(source, piece.start + conjunction.end(), piece.end)
    if piece.end == piece.start:
        return
    if mark == "," and found and is_continuation(source[piece.start : piece.end]):
        before, earlier = found.pop()
        found.append((Span(before.start, piece.end), earlier))
        return
    found.append((piece, mark))


def _is_cut(text: str, at: int, cut: re.Match[str], depths: list[int]) -> bool:
    if cut[0] == ".":
        return not _ABBREVIATED.search(text, 0, cut.start())
    if cut[0] in ",;":
        return not _inside_category(text, at, cut)
    named = named_category(_upto(text, cut.end(), depths))
    before = named_category(text[at : cut.start()])
    if _inside_category(text, at, cut):
        return False
    return named is not None and (named.is_open or before is None or not before.is_open or named.rest > 0)


def _inside_category(text: str, at: int, cut: re.Match[str]) -> bool:
    """Whether the mark is part of the words of a category: `travel, accommodations, expenses`."""
    named = named_category(text[at:])
    return named is not None and at + named.words[1] > cut.start()


def _upto(text: str, start: int, depths: list[int]) -> str:
    """The text up to the next mark."""
    for i in range(start, len(text)):
        if text[i] in ",;" and not depths[i]:
            return text[start:i]
    return text[start:].rstrip(". ")


def _depths(text: str) -> list[int]:
    """Depth of brackets at each character; all zero where they do not close."""
    depths, depth = [], 0
    for character in text:
        depth += character in "(["
        depths.append(depth)
        depth -= character in ")]"
        if depth < 0:
            return [0] * len(text)
    return depths if depth == 0 else [0] * len(text)


def bracket_groups(text: str) -> tuple[str, list[str]]:
    """A name, and the texts of the brackets behind it, nested ones kept whole."""
    groups: list[str] = []
    rest = text.rstrip()
    while rest.endswith(")"):
        start = _opening(rest)
        if start is None or not rest[:start].strip():
            break
        groups.insert(0, rest[start + 1 : -1].strip())
        rest = rest[:start].rstrip()
    return rest, groups


def _opening(text: str) -> int | None:
    depth = 0
    for i in range(len(text) - 1, -1, -1):
        depth += (text[i] == ")") - (text[i] == "(")
        if depth == 0:
            return i
    return None


def top_level(text: str) -> Iterator[str]:
    """Parts between semicolons that stand outside brackets."""
    depths, at = _depths(text), 0
    for i, character in enumerate(text):
        if character == ";" and not depths[i]:
            yield text[at:i].strip()
            at = i + 1
    yield text[at:].strip()
