"""The document as a Word file of real paragraphs; the same document gives the same bytes."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

from cohortium.governance.statements.document import Document
from cohortium.governance.statements.xml_text import allowed

_NO_DAY = (1980, 1, 1, 0, 0, 0)


def docx(document: Document) -> bytes:
    """A Word file without names, dates or places of whoever made it."""
    import docx as word

    file = word.Document()
    properties = file.core_properties
    for name in ("author", "last_modified_by", "comments", "keywords", "subject", "category"):
        setattr(properties, name, "")
    properties.title = allowed(document.title)[:255]
    properties.created = properties.modified = dt.datetime(*_NO_DAY[:3])  # noqa: DTZ001 - Word keeps no time zone
    properties.revision = 1
    for block in document.blocks:
        file.add_heading(allowed(block.heading), level=2)
        for paragraph in block.paragraphs:
            written = file.add_paragraph()
            for run in paragraph:
                written.add_run(allowed(run.text)).font.superscript = run.raised or None
    buffer = io.BytesIO()
    file.save(buffer)
    return _without_clock(buffer.getvalue())


def _without_clock(data: bytes) -> bytes:
    """The archive again with one fixed time for each of its files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _NO_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return buffer.getvalue()
