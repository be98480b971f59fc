"""A manuscript as blocks of text with their places: plain text, Markdown or Word."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cohortium.errors import UsageError

MOST_BYTES = 32_000_000
_MOST_UNPACKED = 256_000_000
_LONGEST_SENTENCE = 4000


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading or a row of a table.

    place   where it is, as a finding prints it
    text    its words
    """

    place: str
    text: str


def blocks_of(path: Path) -> tuple[Block, ...]:
    """The blocks of a file: Word by its ending `.docx`, everything else as text in UTF-8.

    Raises
        UsageError: the file is missing, too large, or not readable as what its name says.
    """
    try:
        if not path.is_file():
            raise UsageError(f"{path}: is not a file; name a manuscript as .docx, .md or .txt")
        if path.stat().st_size > MOST_BYTES:
            raise UsageError(f"{path}: is larger than {MOST_BYTES // 1_000_000} MB")
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from None
    if path.suffix.casefold() == ".docx":
        return tuple(_word_blocks(path, data))
    if data[:4] in (b"PK\x03\x04", b"%PDF"):
        raise UsageError(f"{path}: is not text; save it as .docx or as plain text")
    try:
        return tuple(text_blocks(data.decode("utf-8-sig")))
    except UnicodeDecodeError:
        raise UsageError(f"{path}: is not UTF-8 text; save it as UTF-8 or as .docx") from None


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


def _word_blocks(path: Path, data: bytes) -> Iterator[Block]:
    import docx

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _MOST_UNPACKED:
                raise UsageError(f"{path}: unpacks to more than {_MOST_UNPACKED // 1_000_000} MB")
        document = docx.Document(io.BytesIO(data))
    except (zipfile.BadZipFile, KeyError, ValueError, SyntaxError):
        raise UsageError(f"{path}: is not a Word document (.docx); save it again from Word") from None
    for number, paragraph in enumerate(document.paragraphs, start=1):
        if paragraph.text.strip():
            yield Block(f"paragraph {number}", paragraph.text)
    for position, table in enumerate(document.tables, start=1):
        for number, row in enumerate(table.rows, start=1):
            cells = list(dict.fromkeys(cell.text.strip() for cell in row.cells))
            yield Block(f"table {position}, row {number}", " | ".join(cells))


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
