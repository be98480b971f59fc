"""Word files without names, dates or places of whoever made them; the same document gives the same bytes."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING

from cohortium.governance.statements.xml_text import allowed

if TYPE_CHECKING:
    from docx.document import Document

_NO_DAY = (1980, 1, 1, 0, 0, 0)


def new_document(title: str) -> Document:
    """An empty Word document with a title and nothing else about it."""
    import docx as word

    document = word.Document()
    properties = document.core_properties
    for name in ("author", "last_modified_by", "comments", "keywords", "subject", "category"):
        setattr(properties, name, "")
    properties.title = allowed(title)[:255]
    properties.created = properties.modified = dt.datetime(*_NO_DAY[:3])  # noqa: DTZ001 - Word keeps no time zone
    properties.revision = 1
    return document


def to_bytes(document: Document) -> bytes:
    """The document as a file, with one fixed time for each part of its archive."""
    written, buffer = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _NO_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return buffer.getvalue()
