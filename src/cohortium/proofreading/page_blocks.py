"""The blocks of a web page: paragraphs, headings, items of lists and rows of tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cohortium.proofreading.block import Block

_BLOCKS = frozenset(
    {"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "figcaption", "caption", "blockquote", "pre", "div"}
)
_ROW, _CELLS = "tr", ("td", "th")
_UNSEEN = frozenset({"script", "style", "template", "head", "noscript", "svg", "sup"})


def page_blocks(page: str) -> Iterator[Block]:
    """The text of a page; scripts, and raised numbers of references, are left out."""
    from lxml import etree, html

    try:
        # As bytes, since a page may declare an encoding.
        tree = html.fromstring(page.encode(), parser=html.HTMLParser(encoding="utf-8", no_network=True))
    except (etree.ParserError, ValueError):
        return
    number = 0
    for text in _texts(tree):
        if words := " ".join(text.split()).strip(" |"):
            number += 1
            yield Block(f"paragraph {number}", words)


def _texts(element: Any) -> Iterator[str]:
    """The words of each block; what stands between blocks is one too."""
    if element.tag == _ROW:
        yield " | ".join("".join(_inline(cell)) for cell in element if cell.tag in _CELLS)
        return
    gathered = [element.text or ""]
    for child in element:
        if not isinstance(child.tag, str) or child.tag in _UNSEEN:
            pass
        elif _holds_blocks(child):
            yield "".join(gathered)
            gathered = []
            yield from _texts(child)
        else:
            gathered += _inline(child)
        gathered.append(child.tail or "")
    yield "".join(gathered)


def _holds_blocks(element: Any) -> bool:
    return any(child.tag in _BLOCKS or child.tag == _ROW for child in element.iter())


def _inline(element: Any) -> Iterator[str]:
    if isinstance(element.tag, str) and element.tag not in _UNSEEN:
        yield " " if element.tag == "br" else element.text or ""
        for child in element:
            yield from _inline(child)
            yield child.tail or ""
