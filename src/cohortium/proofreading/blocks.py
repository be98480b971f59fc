"""A manuscript as blocks of text with their places: plain text, Markdown, HTML or Word."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from cohortium.errors import UsageError
from cohortium.proofreading.block import Block
from cohortium.proofreading.page_blocks import page_blocks
from cohortium.proofreading.word_blocks import word_blocks

MOST_BYTES = 32_000_000
_LONGEST_SENTENCE = 4000
_PAGES = (".html", ".htm", ".xhtml")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NO_TEXT = {
    b"%PDF": "is a PDF, whose numbers cannot be read with certainty; give the file it was made from, as .docx or text",
    b"\xd0\xcf\x11\xe0": "is an old Word document (.doc); save it as .docx",
    b"{\\rtf": "is rich text (.rtf); save it as .docx or as plain text",
    b"PK\x03\x04": "is not text; save it as .docx or as plain text",
}
"""First bytes of files that are no text, and what is said of them."""


def blocks_of(path: Path) -> tuple[Block, ...]:
    """The blocks of a file: Word and HTML by their endings, everything else as text in UTF-8, or UTF-16 with its mark.

    Raises
        UsageError: the file is missing, too large, or not readable as what its name says.
    """
    try:
        if not path.is_file():
            raise UsageError(f"{path}: is not a file; name a manuscript as .docx, .md, .html or .txt")
        if path.stat().st_size > MOST_BYTES:
            raise UsageError(f"{path}: is larger than {MOST_BYTES // 1_000_000} MB")
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from None
    if path.suffix.casefold() == ".docx":
        return _not_empty(path, word_blocks(path, data))
    for start, what in _NO_TEXT.items():
        if data.startswith(start):
            raise UsageError(f"{path}: {what}")
    try:
        text = data.decode("utf-16" if data.startswith(_UTF_16) else "utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{path}: is not UTF-8 text; save it as UTF-8 or as .docx") from None
    return _not_empty(path, page_blocks(text) if path.suffix.casefold() in _PAGES else text_blocks(text))


def _not_empty(path: Path, blocks: Iterable[Block]) -> tuple[Block, ...]:
    found = tuple(blocks)
    if not found:
        raise UsageError(f"{path}: holds no text; if it shows some, it may be a picture: save it as .docx or text")
    return found


def text_blocks(text: str) -> Iterator[Block]:
    """Paragraphs of a plain text or Markdown, between empty lines; a line of a Markdown table is a block."""
    gathered: list[str] = []
    first = 1
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        is_row = line.lstrip().startswith("|")
        if gathered and (is_row or not line.strip()):
            yield Block(f"line {first}", "\n".join(gathered))
            gathered = []
        if is_row:
            yield Block(f"line {number}", line.strip().strip("|"))
        elif line.strip():
            first = first if gathered else number
            gathered.append(line)


_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z(\[])")
_ABBREVIATION = re.compile(r"(?:\b(?:v|vs|Fig|Figs|e\.g|i\.e|et al|approx|resp|no|No|Dr|ca|cf|St)|\b[A-Z])\.$")


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """The sentences of a block, each with the position of its first character; one without end is cut into pieces."""
    start = 0
    for match in _END.finditer(text):
        if _ABBREVIATION.search(text[max(start, match.start() - 8) : match.start()]):
            continue
        yield from _pieces(start, text[start : match.start()])
        start = match.end()
    yield from _pieces(start, text[start:])


def _pieces(start: int, sentence: str) -> Iterator[tuple[int, str]]:
    for position in range(0, max(len(sentence), 1), _LONGEST_SENTENCE):
        yield start + position, sentence[position : position + _LONGEST_SENTENCE]
