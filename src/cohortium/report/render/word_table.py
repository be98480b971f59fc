"""A table as the XML of a Word table: three rules, header rows that repeat, rows that do not split.

Written as text and read once: cell by cell through the library's objects it takes ten times as long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from cohortium.governance.statements.xml_text import allowed
from cohortium.report.table import Cell, Row, Table

FONT = "Arial"
POINTS = 9.0
_INDENT = 200
_LONGEST = (44, 22)
"""Characters after which the stub, and any other column, is wrapped."""
_LETTER, _PADDING = 100.0, 240.0
"""Width of a letter and of the space around a cell, in twentieths of a point."""
_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_BREAKS = {"\n": "<w:br/>", "\r": "<w:br/>", "\t": "<w:tab/>"}
_THICK, _THIN = 8, 6


@dataclass(frozen=True, slots=True)
class _Line:
    """Cells of a row from left to right, where it stands, and what it is."""

    cells: tuple[Cell, ...]
    bold: bool
    indent: int = 0
    is_header: bool = False
    rules: tuple[tuple[str, int], ...] = ()


def table_xml(table: Table, total: int) -> str:
    """The `w:tbl` of a table whose columns together are at most as wide as a page, in twentieths of a point."""
    widths = [round(width) for width in column_widths(table, total)]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = "".join(_row(table, line, widths) for line in _lines(table))
    return (
        f'<w:tbl xmlns:w="{_NAMESPACE}"><w:tblPr><w:tblW w:type="auto" w:w="0"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:firstColumn="1" w:firstRow="1" w:lastColumn="0" w:lastRow="0" w:noHBand="0" w:noVBand="1" '
        f'w:val="04A0"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
    )


def _lines(table: Table) -> Iterator[_Line]:
    last_header, last = len(table.header) - 1, len(table.header) + len(table.rows) - 1
    for number, cells in enumerate(table.header):
        yield _Line(cells, bold=True, is_header=True, rules=_rules(number, last_header, last))
    for number, row in enumerate(table.rows, start=len(table.header)):
        yield _Line(_all_cells(table, row), not row.cells, row.indent, rules=_rules(number, last_header, last))


def _all_cells(table: Table, row: Row) -> tuple[Cell, ...]:
    """The stub and the cells; a heading spans every column."""
    return (row.stub, *row.cells) if row.cells else (Cell(row.stub.text, row.stub.notes, table.n_columns + 1),)


def _rules(number: int, last_header: int, last: int) -> tuple[tuple[str, int], ...]:
    size = _THICK if number in (0, last) else _THIN
    sides = (("top", number == 0), ("bottom", number in (last_header, last)))
    return tuple((side, size) for side, wanted in sides if wanted)


def _row(table: Table, line: _Line, widths: Sequence[int]) -> str:
    borders = "".join(f'<w:{side} w:val="single" w:sz="{size}" w:space="0"/>' for side, size in line.rules)
    borders = f"<w:tcBorders>{borders}</w:tcBorders>" if borders else ""
    parts, start = [], 0
    for cell in line.cells:
        across = sum(widths[start : start + cell.span])
        span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
        form = (
            '<w:jc w:val="center"/>' if start else f'<w:ind w:left="{_INDENT * line.indent}"/>' if line.indent else ""
        )
        marks = _run(table.marks(cell), raised=True) if cell.notes else ""
        parts.append(
            f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{across}"/>{span}{borders}</w:tcPr><w:p><w:pPr>'
            f'<w:spacing w:after="20" w:before="20"/>{form}</w:pPr>{_run(cell.text, bold=line.bold)}{marks}</w:p></w:tc>'
        )
        start += cell.span
    repeats = "<w:tblHeader/>" if line.is_header else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeats}</w:trPr>{''.join(parts)}</w:tr>"


def _run(text: str, *, bold: bool = False, raised: bool = False) -> str:
    if not text:
        return ""
    weight, height = "<w:b/>" if bold else "", '<w:vertAlign w:val="superscript"/>' if raised else ""
    form = f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}"/>{weight}<w:sz w:val="{round(2 * POINTS)}"/>{height}'
    pieces = (_BREAKS.get(piece) or _piece(piece) for piece in re.split(r"([\n\r\t])", allowed(text)) if piece)
    return f"<w:r><w:rPr>{form}</w:rPr>{''.join(pieces)}</w:r>"


def _piece(text: str) -> str:
    space = ' xml:space="preserve"' if text != text.strip() else ""
    return f"<w:t{space}>{escape(text, quote=False)}</w:t>"


def column_widths(table: Table, total: float) -> list[float]:
    """Columns as wide as their longest text asks for, together at most as wide as the page."""
    rows = [[row.stub.text, *(cell.text for cell in row.cells)] for row in table.rows if row.cells]
    rows += [[cell.text for cell in line] for line in table.header if all(cell.span == 1 for cell in line)]
    columns = list(zip(*rows, strict=True))
    least = [
        _PADDING + _LETTER * max((len(word) for text in column for word in text.split()), default=1)
        for column in columns
    ]
    wanted = [
        max(low, _PADDING + _LETTER * min(max(map(len, column)), _LONGEST[min(position, 1)]))
        for position, (column, low) in enumerate(zip(columns, least, strict=True))
    ]
    return _shared(least, wanted, total)


def _shared(least: Sequence[float], wanted: Sequence[float], total: float) -> list[float]:
    """Widths between the least and the wanted ones that fill at most the total."""
    slack = sum(wanted) - sum(least)
    if sum(wanted) <= total:
        return list(wanted)
    if sum(least) >= total or not slack:
        return [width * total / sum(least) for width in least]
    part = (total - sum(least)) / slack
    return [low + part * (high - low) for low, high in zip(least, wanted, strict=True)]
