"""A table as a Word file: a real table whose header rows repeat and whose rows do not split; the same bytes each time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cohortium.governance.statements.word import new_document, to_bytes
from cohortium.governance.statements.xml_text import allowed
from cohortium.report.render.word_layout import layout
from cohortium.report.render.word_table import FONT, table_xml
from cohortium.report.table import Table
from cohortium.report.typeset import typeset

if TYPE_CHECKING:
    from docx.document import Document

_NOTE_POINTS = 8.0


def render(table: Table) -> bytes:
    """A Word file with one table, its title above and its notes below, on a turned page where it is wide."""
    document = new_document(table.title)
    if is_wide(table):
        turn(document)
    add_table(document, table)
    return to_bytes(document)


def is_wide(table: Table) -> bool:
    """Whether a table needs a turned page."""
    return layout(table).is_turned


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

    points = layout(table).points
    _paragraph(document.add_paragraph(), table.title, points, bold=True, keep=True)
    # The last element of a body is its section, which stays last.
    document.element.body[-1].addprevious(parse_xml(table_xml(table)))
    for place, (letter, note) in enumerate(table.notes, 1):
        text, keep = f" {note}" if letter else note, place < len(table.notes)
        _paragraph(document.add_paragraph(), text, min(points, _NOTE_POINTS), raised=letter, keep=keep)


def _paragraph(
    paragraph: Any, text: str, points: float, *, bold: bool = False, raised: str = "", keep: bool = False
) -> None:
    from docx.shared import Pt

    paragraph.paragraph_format.space_after = paragraph.paragraph_format.space_before = Pt(1)
    paragraph.paragraph_format.keep_with_next = keep or None
    paragraph.paragraph_format.keep_together = True
    for part, is_raised in ((raised, True), (allowed(typeset(text)), False)):
        if part:
            run = paragraph.add_run(part)
            run.font.size, run.font.name = Pt(points), FONT
            run.font.bold = (bold and not is_raised) or None
            run.font.superscript = is_raised or None
