"""A table read back from each form in which it was written: rows of texts as printed, without the marks of notes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from typing import Any

from lxml import etree, html

from cohortium.report.render.latex import unescaped

Rows = list[list[str]]
"""Cells from left to right, of the head and of every row that has numbers."""

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RAISED = re.compile(r"<sup>.*?</sup>")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]<>#|~^])")
_NOTE = re.compile(r"\\tnote\{(?:[^{}]|\{\})*\}")
_SPANNED = re.compile(r"\\multicolumn\{\d+\}\{.*?\}\{(.*)\}$")
_TEXT = re.compile(r"<si><t[^>]*>(.*?)</t></si>|<si/>", re.DOTALL)
_NUMBER = re.compile(r'<c r="[A-Z]+\d+"(?: s="\d+")?><v>([^<]*)</v>')


def of_html(page: bytes) -> Rows:
    """The only table of a page."""
    return rows_of(html.fromstring(page.decode()).find(".//table"))


def rows_of(table: html.HtmlElement) -> Rows:
    """The rows of a table in a page."""
    return [["".join(_words(cell)) for cell in row] for row in table.iter("tr")]


def _words(cell: html.HtmlElement) -> Iterator[str]:
    if cell.tag == "sup":
        return
    yield cell.text or ""
    for part in cell:
        yield from _words(part)
        yield part.tail or ""


def of_markdown(content: bytes) -> Rows:
    """The only table of a text in Markdown."""
    lines = [line[2:-2] for line in content.decode().splitlines() if line.startswith("| ")]
    return [[_unmarked(cell) for cell in re.split(r"(?<!\\) \| ", line)] for line in (lines[0], *lines[2:])]


def _unmarked(cell: str) -> str:
    text = _RAISED.sub("", cell).removeprefix("&emsp;")
    if text.startswith("**") and text.endswith("**"):
        text = text[2:-2]
    return _ESCAPED.sub(r"\1", text)


def of_latex(content: bytes) -> Rows:
    """The only table of a text in LaTeX."""
    text = content.decode()
    body = text.partition("\\toprule")[2].partition("\\bottomrule")[0]
    if "\\endfirsthead" in body:
        # A table of several pages repeats its head, and its last rule stands before its rows.
        rows = text.partition("\\endfoot")[2].partition("\\end{longtable}")[0]
        body = body.partition("\\endfirsthead")[0] + rows
    lines = [line.removesuffix(" \\\\") for line in body.splitlines() if line.endswith(" \\\\")]
    return [[_without_commands(cell) for cell in line.split(" & ")] for line in lines]


def _without_commands(cell: str) -> str:
    text = _NOTE.sub("", cell.removeprefix("{}").removeprefix("\\quad "))
    if match := _SPANNED.match(text):
        text = match[1]
    return unescaped(text.removeprefix("\\textbf{").removesuffix("}") if text.startswith("\\textbf{") else text)


def of_word(content: bytes) -> Rows:
    """The first table of a Word file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        body = etree.fromstring(archive.read("word/document.xml"), _PARSER)
    table = next(body.iter(f"{_WORD}tbl"))
    return [["".join(_runs(cell)) for cell in row.iter(f"{_WORD}tc")] for row in table.iter(f"{_WORD}tr")]


def _runs(cell: Any) -> Iterator[str]:
    for run in cell.iter(f"{_WORD}r"):
        if run.find(f".//{_WORD}vertAlign") is None:
            for part in run:
                if part.tag == f"{_WORD}t":
                    yield part.text or ""
                elif part.tag in (f"{_WORD}br", f"{_WORD}tab"):
                    yield " "


def of_sheet(content: bytes) -> Rows:
    """The first sheet of a spreadsheet, without its title and its notes."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        texts = _TEXT.findall(archive.read("xl/sharedStrings.xml").decode())
        sheet = etree.fromstring(archive.read("xl/worksheets/sheet1.xml"), _PARSER)
    rows = []
    for row in sheet.iter(f"{_SHEET}row"):
        cells: dict[int, str] = {}
        for cell in row:
            value = cell.findtext(f"{_SHEET}v") or ""
            is_shared = cell.get("t") == "s" and value
            cells[_place(cell.get("r"))] = unescape(texts[int(value)]) if is_shared else value
        rows.append([cells.get(place, "") for place in range(max(cells, default=-1) + 1)])
    return [row for row in rows[1:] if any(row[1:])]


def numbers_behind(content: bytes) -> list[float]:
    """The numbers of the second sheet of a table's spreadsheet, row by row."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        # Read as text: a sheet holds up to hundreds of thousands of cells.
        return [float(text) for text in _NUMBER.findall(archive.read("xl/worksheets/sheet2.xml").decode())]


def _place(reference: str) -> int:
    place = 0
    for letter in reference.rstrip("0123456789"):
        place = 26 * place + ord(letter) - ord("A") + 1
    return place - 1


_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)
FORMS: Mapping[str, Callable[[bytes], Rows]] = {
    "html": of_html,
    "md": of_markdown,
    "tex": of_latex,
    "docx": of_word,
    "xlsx": of_sheet,
}
"""How a table is read from a file of each ending but CSV."""
