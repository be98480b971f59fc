"""A table as a Word file: a real table whose header rows repeat and whose rows do not split; the same bytes each time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cohortium.governance.statements.word import new_document, to_bytes
from cohortium.governance.statements.xml_text import allowed
from cohortium.report.table import Cell, Row, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document
    from docx.table import Table as WordTable

FONT = "Arial"
_POINTS = 9.0
_WIDE = 6
"""Columns of numbers above which the page is turned."""
_INDENT_POINTS = 10.0
_LONGEST = (44, 22)
"""Characters after which the stub, and any other column, is wrapped."""
_LETTER, _PADDING = 100.0, 240.0
"""Width of a letter and of the space around a cell, in twentieths of a point."""
_PAGE_TWIPS = (9360, 12960)
"""Width between the margins of a page, upright and turned, in twentieths of a point."""


def render(table: Table) -> bytes:
    """A Word file with one table, its title above and its notes below, on a turned page where it is wide."""
    document = new_document(table.title)
    if is_wide(table):
        turn(document)
    add_table(document, table)
    return to_bytes(document)


def is_wide(table: Table) -> bool:
    """Whether a table needs a turned page."""
    return table.n_columns > _WIDE


def turn(document: Document) -> None:
    """Turn the pages of the document's last section: upright ones lie, lying ones stand."""
    from docx.enum.section import WD_ORIENT

    section = document.sections[-1]
    is_upright = section.orientation == WD_ORIENT.PORTRAIT
    section.orientation = WD_ORIENT.LANDSCAPE if is_upright else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = section.page_height, section.page_width


def add_table(document: Document, table: Table) -> None:
    """Add a table with its title and notes to a Word document."""
    _paragraph(document.add_paragraph(), table.title, bold=True, keep=True)
    made = document.add_table(rows=0, cols=table.n_columns + 1)
    made.autofit = False
    for line in table.header:
        _fill(made, [(cell, _marks(table, cell)) for cell in line], bold=True)
    for row in table.rows:
        _body_row(made, table, row)
    _rules(made, len(table.header))
    _widths(made, table, _PAGE_TWIPS[is_wide(table)])
    for letter, note in table.notes:
        _paragraph(document.add_paragraph(), f" {note}" if letter else note, raised=letter)


def _marks(table: Table, cell: Cell) -> str:
    return table.marks(cell) if cell.notes else ""


def _body_row(made: WordTable, table: Table, row: Row) -> None:
    from docx.shared import Pt

    stub = (Cell(row.stub.text, row.stub.notes, 1 if row.cells else table.n_columns + 1), _marks(table, row.stub))
    _fill(made, [stub, *((cell, _marks(table, cell)) for cell in row.cells)], bold=not row.cells)
    if row.indent:
        made.rows[-1].cells[0].paragraphs[0].paragraph_format.left_indent = Pt(_INDENT_POINTS * row.indent)


def _fill(made: WordTable, cells: list[tuple[Cell, str]], *, bold: bool) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    row: Any = made.add_row()  # type: ignore[no-untyped-call]
    places = row.cells
    start = 0
    for cell, marks in cells:
        place = places[start] if cell.span == 1 else places[start].merge(places[start + cell.span - 1])
        _paragraph(place.paragraphs[0], cell.text, bold=bold, raised_after=marks)
        if start:
            place.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
        start += cell.span


def _paragraph(
    paragraph: Any, text: str, *, bold: bool = False, raised: str = "", raised_after: str = "", keep: bool = False
) -> None:
    from docx.shared import Pt

    paragraph.paragraph_format.space_after = paragraph.paragraph_format.space_before = Pt(1)
    paragraph.paragraph_format.keep_with_next = keep or None
    for part, is_raised in ((raised, True), (allowed(text), False), (raised_after, True)):
        if part:
            run = paragraph.add_run(part)
            run.font.size, run.font.name = Pt(_POINTS), FONT
            run.font.bold = (bold and not is_raised) or None
            run.font.superscript = is_raised or None


def _rules(made: WordTable, n_header: int) -> None:
    """Three rules: above, below the header, below the table; header rows repeat, rows do not split."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    last = len(made.rows) - 1
    for number, row in enumerate(made.rows):
        properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - the library has no other door to these two settings
        properties.append(OxmlElement("w:cantSplit"))
        if number < n_header:
            properties.append(OxmlElement("w:tblHeader"))
        sides = [side for side, wanted in (("top", number == 0), ("bottom", number in (n_header - 1, last))) if wanted]
        for cell in row._tr.tc_lst if sides else ():  # noqa: SLF001 - same
            borders = OxmlElement("w:tcBorders")
            for side in sides:
                border = OxmlElement(f"w:{side}")
                for key, value in (("val", "single"), ("sz", "8" if number in (0, last) else "6"), ("space", "0")):
                    border.set(qn(f"w:{key}"), value)
                borders.append(border)
            cell.get_or_add_tcPr().append(borders)


def _widths(made: WordTable, table: Table, total: int) -> None:
    """Columns as wide as their longest text asks for, together as wide as the page."""
    from docx.shared import Twips

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
    for column, width in zip(made.columns, _shared(least, wanted, total), strict=True):
        column.width = Twips(round(width))
        for cell in column.cells:
            cell.width = column.width


def _shared(least: Sequence[float], wanted: Sequence[float], total: float) -> list[float]:
    """Widths between the least and the wanted ones that fill at most the total."""
    slack = sum(wanted) - sum(least)
    if sum(wanted) <= total:
        return list(wanted)
    if sum(least) >= total or not slack:
        return [width * total / sum(least) for width in least]
    part = (total - sum(least)) / slack
    return [low + part * (high - low) for low, high in zip(least, wanted, strict=True)]
