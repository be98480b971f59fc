"""A table as a Word file: a real table whose header rows repeat and whose rows do not split; the same bytes each time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cohortium.governance.statements.word import new_document, to_bytes
from cohortium.governance.statements.xml_text import allowed
from cohortium.report.render.word_table import FONT, POINTS, table_xml
from cohortium.report.table import Table
from cohortium.report.typography import raised, typeset

if TYPE_CHECKING:
    from docx.document import Document

_WIDE = 6
"""Columns of numbers above which the page is turned."""
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
    from docx.oxml import parse_xml

    _paragraph(document.add_paragraph(), raised(table.title), bold=True, keep=True)
    # The last element of a body is its section, which stays last.
    document.element.body[-1].addprevious(parse_xml(table_xml(table, _PAGE_TWIPS[is_wide(table)])))
    for position, (letter, note) in enumerate(table.notes, 1):
        # Notes stay together: one left alone on the next page is taken for text.
        keep = position < len(table.notes)
        said = typeset(note)
        _paragraph(document.add_paragraph(), f" {said}" if letter else said, mark=letter, keep=keep)


def _paragraph(paragraph: Any, text: str, *, bold: bool = False, mark: str = "", keep: bool = False) -> None:
    from docx.shared import Pt

    paragraph.paragraph_format.space_after = paragraph.paragraph_format.space_before = Pt(1)
    paragraph.paragraph_format.keep_with_next = keep or None
    for part, is_raised in ((mark, True), (allowed(text), False)):
        if part:
            run = paragraph.add_run(part)
            run.font.size, run.font.name = Pt(POINTS), FONT
            run.font.bold = (bold and not is_raised) or None
            run.font.superscript = is_raised or None
