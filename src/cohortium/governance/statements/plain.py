"""The document as plain text, in the form that `cohortium people import` reads."""

from __future__ import annotations

from collections.abc import Iterator

from cohortium.governance.statements.document import Block, Document, gap, text_of
from cohortium.governance.statements.sheet import passage

_AS_THEY_ARE = ("Article history", "Ethics")


def plain_text(document: Document) -> str:
    """Headings on lines of their own, a blank line between blocks."""
    return "\n\n".join(f"{block.heading}\n\n{_body(block)}" for block in document.blocks) + "\n"


def _body(block: Block) -> str:
    if block.sheet:
        return "\n".join(block.sheet)
    return "\n".join(_lines(block))


def _lines(block: Block) -> Iterator[str]:
    texts = [text for paragraph in block.paragraphs if (text := text_of(paragraph))]
    marks = {gap(problem) for problem in block.missing}
    if block.heading in _AS_THEY_ARE or marks.issuperset(texts):
        yield from (" ".join(text.split()) for text in texts)
    else:
        yield passage(block.heading, "\n".join(texts))
