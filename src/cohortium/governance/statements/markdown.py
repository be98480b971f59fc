"""The document as Markdown."""

from __future__ import annotations

import re

from cohortium.governance.statements.document import Document, Run

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$&])")
_AT_START = re.compile(r"^(\s*)([-+]|\d+[.)])(?=\s)")


def markdown(document: Document) -> str:
    """Headings of the second level; characters that mean something in Markdown are escaped."""
    parts = []
    for block in document.blocks:
        parts.append(f"## {_escaped(block.heading)}")
        parts += ["".join(map(_run, paragraph)) for paragraph in block.paragraphs]
    return "\n\n".join(parts) + "\n"


def _run(run: Run) -> str:
    return f"<sup>{_escaped(run.text)}</sup>" if run.raised else _escaped(run.text)


def _escaped(text: str) -> str:
    one_line = re.sub(r"\s*[\r\n\u2028\u2029]\s*", " ", text)
    return _AT_START.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", one_line))
