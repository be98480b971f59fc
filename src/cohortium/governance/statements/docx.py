"""The document as a Word file of real paragraphs; the same document gives the same bytes."""

from __future__ import annotations

from cohortium.governance.statements.document import Document
from cohortium.governance.statements.word import new_document, to_bytes
from cohortium.governance.statements.xml_text import allowed


def docx(document: Document) -> bytes:
    """A Word file without names, dates or places of whoever made it."""
    file = new_document(document.title)
    for block in document.blocks:
        file.add_heading(allowed(block.heading), level=2)
        for paragraph in block.paragraphs:
            written = file.add_paragraph()
            for run in paragraph:
                written.add_run(allowed(run.text)).font.superscript = run.raised or None
    return to_bytes(file)
