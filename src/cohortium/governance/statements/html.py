"""The document as a page of HTML that holds nothing but its text."""

from __future__ import annotations

from lxml import etree
from lxml.builder import E

from cohortium.governance.statements.document import Document, Paragraph
from cohortium.governance.statements.xml_text import allowed


def html(document: Document) -> str:
    """A whole page; every character of a record is text."""
    body = E.body()
    for block in document.blocks:
        body.append(E.h2(allowed(block.heading)))
        body.extend(_paragraph(paragraph) for paragraph in block.paragraphs)
    page = E.html(E.head(E.meta(charset="utf-8"), E.title(allowed(document.title))), body, lang="en")
    return str(etree.tostring(page, method="html", doctype="<!DOCTYPE html>", encoding="unicode", pretty_print=True))


def _paragraph(paragraph: Paragraph) -> etree._Element:
    element = E.p()
    for run in paragraph:
        element.append(E.sup(allowed(run.text)) if run.raised else E.span(allowed(run.text)))
    return element
