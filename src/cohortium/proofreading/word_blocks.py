"""The blocks of a Word document: paragraphs, rows of tables, text boxes, footnotes and endnotes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cohortium.errors import UsageError
from cohortium.proofreading.block import Block

MOST_UNPACKED = 64_000_000
"""Bytes of the text of a document; the pictures beside it are never unpacked."""
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BOX, _FALLBACK = f"{_W}txbxContent", "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# What was deleted or moved away is no longer in the text; what was inserted is.
_GONE = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_W}rPr", f"{_W}pPr", _FALLBACK})
_NOTES = (("footnote", "word/footnotes.xml"), ("endnote", "word/endnotes.xml"))
_BREAKS = frozenset({f"{_W}br", f"{_W}cr", f"{_W}tab"})


def word_blocks(path: Path, data: bytes) -> Iterator[Block]:
    """The text as it would be with every tracked change accepted; comments, headers and footers are left out.

    Raises
        UsageError: the file is no Word document, or its text is too large.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            body = _part(path, archive, "word/document.xml")
            notes = [(name, _part(path, archive, part)) for name, part in _NOTES if part in archive.namelist()]
    except (zipfile.BadZipFile, KeyError, ValueError, SyntaxError, NotImplementedError, RuntimeError, OSError):
        raise UsageError(f"{path}: is not a Word document (.docx); save it again from Word") from None
    yield from _body(body.find(f"{_W}body"))
    for name, part in notes:
        own = (note for note in part.findall(f"{_W}{name}") if note.get(f"{_W}type") in (None, "normal"))
        for number, note in enumerate(own, start=1):
            yield from _block(f"{name} {number}", _text(note))


def _part(path: Path, archive: zipfile.ZipFile, name: str) -> Any:
    from lxml import etree

    if archive.getinfo(name).file_size > MOST_UNPACKED:
        raise UsageError(f"{path}: its text unpacks to more than {MOST_UNPACKED // 1_000_000} MB")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(archive.read(name), parser)


def _body(body: Any) -> Iterator[Block]:
    n_paragraphs = n_tables = 0
    for element in () if body is None else _pieces(body):
        if element.tag == f"{_W}tbl":
            n_tables += 1
            yield from _table(element, f"table {n_tables}")
        else:
            n_paragraphs += 1
            yield from _paragraph(element, f"paragraph {n_paragraphs}")


def _pieces(parent: Any) -> Iterator[Any]:
    """Paragraphs and tables in order, those inside content controls and insertions too."""
    for element in parent:
        if element.tag in (f"{_W}p", f"{_W}tbl"):
            yield element
        elif isinstance(element.tag, str) and element.tag not in _GONE:
            yield from _pieces(element)


def _paragraph(paragraph: Any, place: str) -> Iterator[Block]:
    yield from _block(place, _text(paragraph))
    for box in paragraph.iter(_BOX):
        if not any(parent.tag == _FALLBACK for parent in box.iterancestors()):
            yield from _block(f"{place}, text box", " ".join(_text(inner) for inner in box.iter(f"{_W}p")))


def _table(table: Any, place: str) -> Iterator[Block]:
    for number, row in enumerate(table.iter(f"{_W}tr"), start=1):
        cells = [cell for cell in row.iter(f"{_W}tc") if not _goes_on(cell)]
        texts = (" ".join(filter(None, (_text(part).strip() for part in cell.iter(f"{_W}p")))) for cell in cells)
        yield from _block(f"{place}, row {number}", " | ".join(texts))


def _goes_on(cell: Any) -> bool:
    """Whether a cell is the lower part of one that began in a row above."""
    merge = cell.find(f"{_W}tcPr/{_W}vMerge")
    return merge is not None and merge.get(f"{_W}val") in (None, "continue")


def _block(place: str, text: str) -> Iterator[Block]:
    if text.strip(" |"):
        yield Block(place, text)


def _text(element: Any) -> str:
    parts: list[str] = []
    _gather(element, parts)
    return "".join(parts)


def _gather(element: Any, parts: list[str]) -> None:
    for child in element:
        tag = child.tag
        if tag in _GONE or tag == _BOX:
            continue
        if tag == f"{_W}t":
            parts.append(child.text or "")
        elif tag in _BREAKS:
            parts.append(" ")
        elif tag == f"{_W}noBreakHyphen":
            parts.append("-")
        elif tag == f"{_W}r" and _is_raised(child) and not (parts and parts[-1].rstrip().endswith("\u03c7")):
            # Numbers of references stand directly behind others: 48.7% and reference 12.
            continue
        elif isinstance(tag, str):
            _gather(child, parts)


def _is_raised(run: Any) -> bool:
    raised = run.find(f"{_W}rPr/{_W}vertAlign")
    return raised is not None and raised.get(f"{_W}val") == "superscript"
