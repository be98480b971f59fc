"""A table as the XML of a Word table: three rules, header rows that repeat, rows that do not split.

Rows that belong together stay on one page: a heading with what follows it, a few levels with each other, and the last rows
with the notes below the table. Written as text and read once: cell by cell through the library's objects it takes ten times as long.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape

from cohortium.governance.statements.xml_text import allowed
from cohortium.report.render.word_layout import INDENT, PADDING, Layout, layout
from cohortium.report.table import Cell, Row, Table
from cohortium.report.typeset import typeset

FONT = "Arial"
_FEW = 8
"""Levels that are not parted by a page."""
_LAST = 3
"""Rows at the end that stay with the notes."""
_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_THICK, _THIN = 8, 6


@dataclass(frozen=True, slots=True)
class _Line:
    """Cells of a row from left to right, where it stands, what it is, whether it keeps to the page of the next."""

    cells: tuple[Cell, ...]
    bold: bool
    indent: int = 0
    is_header: bool = False
    keeps: bool = False
    rules: tuple[tuple[str, int], ...] = ()


def table_xml(table: Table) -> str:
    """The `w:tbl` of a table, laid out for its page."""
    plan = layout(table)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in plan.widths)
    rows = "".join(_row(table, line, plan) for line in _lines(table))
    sides = "".join(f'<w:{side} w:w="{PADDING}" w:type="dxa"/>' for side in ("left", "right"))
    return (
        f'<w:tbl xmlns:w="{_NAMESPACE}"><w:tblPr><w:tblW w:type="auto" w:w="0"/><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{sides}</w:tblCellMar>"
        '<w:tblLook w:firstColumn="1" w:firstRow="1" w:lastColumn="0" w:lastRow="0" w:noHBand="0" w:noVBand="1" '
        f'w:val="04A0"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
    )


def _lines(table: Table) -> Iterator[_Line]:
    last_header, last = len(table.header) - 1, len(table.header) + len(table.rows) - 1
    for number, cells in enumerate(table.header):
        yield _Line(cells, bold=True, is_header=True, keeps=True, rules=_rules(number, last_header, last))
    kept = _kept(table)
    for number, row in enumerate(table.rows, start=len(table.header)):
        keeps, rules = kept[number - len(table.header)], _rules(number, last_header, last)
        yield _Line(_all_cells(table, row), row.section, row.indent, keeps=keeps, rules=rules)


def _kept(table: Table) -> list[bool]:
    """Whether each row of the body stays on the page of the next."""
    rows = table.rows
    kept = [
        not row.cells or (place + 1 < len(rows) and row.indent < rows[place + 1].indent)
        for place, row in enumerate(rows)
    ]
    start = 0
    for place in range(1, len(rows) + 1):
        if place == len(rows) or rows[place].indent == 0:
            if place - start - 1 <= _FEW:
                kept[start : place - 1] = [True] * (place - 1 - start)
            start = place
    if kept:
        first = max(len(rows) - _LAST, 0)
        kept[first:] = [True] * (len(rows) - first - 1) + [bool(table.notes)]
    return kept


def _all_cells(table: Table, row: Row) -> tuple[Cell, ...]:
    """The stub and the cells; a heading spans every column."""
    return (row.stub, *row.cells) if row.cells else (Cell(row.stub.text, row.stub.notes, table.n_columns + 1),)


def _rules(number: int, last_header: int, last: int) -> tuple[tuple[str, int], ...]:
    size = _THICK if number in (0, last) else _THIN
    sides = (("top", number == 0), ("bottom", number in (last_header, last)))
    return tuple((side, size) for side, wanted in sides if wanted)


def _row(table: Table, line: _Line, plan: Layout) -> str:
    borders = "".join(f'<w:{side} w:val="single" w:sz="{size}" w:space="0"/>' for side, size in line.rules)
    borders = f"<w:tcBorders>{borders}</w:tcBorders>" if borders else ""
    keeps = "<w:keepNext/>" if line.keeps else ""
    low = '<w:vAlign w:val="bottom"/>' if line.is_header else ""
    size = f'<w:rPr><w:sz w:val="{round(2 * plan.points)}"/></w:rPr>'
    parts, start = [], 0
    for cell in line.cells:
        across = sum(plan.widths[start : start + cell.span])
        span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
        form = '<w:jc w:val="center"/>' if start else f'<w:ind w:left="{INDENT * line.indent}"/>' if line.indent else ""
        marks = _run(table.marks(cell), plan.points, raised=True) if cell.notes else ""
        parts.append(
            f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{across}"/>{span}{borders}{low}</w:tcPr><w:p>'
            f'<w:pPr>{keeps}<w:spacing w:after="20" w:before="20"/>{form}{size}</w:pPr>'
            f"{_run(typeset(cell.text), plan.points, bold=line.bold)}{marks}</w:p></w:tc>"
        )
        start += cell.span
    repeats = "<w:tblHeader/>" if line.is_header else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeats}</w:trPr>{''.join(parts)}</w:tr>"


def _run(text: str, points: float, *, bold: bool = False, raised: bool = False) -> str:
    if not text:
        return ""
    weight, height = "<w:b/>" if bold else "", '<w:vertAlign w:val="superscript"/>' if raised else ""
    form = f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}"/>{weight}<w:sz w:val="{round(2 * points)}"/>{height}'
    return f"<w:r><w:rPr>{form}</w:rPr>{_piece(allowed(text))}</w:r>"


def _piece(text: str) -> str:
    space = ' xml:space="preserve"' if text != text.strip() else ""
    return f"<w:t{space}>{escape(text)}</w:t>"
