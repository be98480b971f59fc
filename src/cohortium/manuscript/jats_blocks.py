"""Blocks of an article as elements of JATS: paragraphs, tables with their notes, figures with their legends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lxml.builder import E

from cohortium.governance.statements.document import text_of
from cohortium.governance.statements.xml_text import allowed
from cohortium.manuscript.typography import sentence
from cohortium.report.typeset import typeset

if TYPE_CHECKING:
    from lxml import etree

    from cohortium.manuscript.article import Block, Words
    from cohortium.manuscript.exhibits import Exhibits, Picture
    from cohortium.report.table import Cell, Row, Table

_XLINK = "http://www.w3.org/1999/xlink"


def elements_of(block: Block, exhibits: Exhibits) -> list[etree._Element]:
    """The elements of a block that is no heading and no item of a list."""
    if block.kind == "table":
        return [_table(exhibits.tables[block.name])]
    if block.kind == "figure":
        return [_figure(exhibits.pictures[block.name])]
    if block.kind == "statement":
        return [E.p(allowed(text_of(paragraph))) for paragraph in exhibits.statements[block.name].paragraphs]
    paragraph = E.p(*inline(block.words))
    return [E("disp-quote", paragraph) if block.kind == "quote" else paragraph]


def inline(words: Sequence[Words]) -> list[etree._Element | str]:
    """Words with their styles and links."""
    found: list[etree._Element | str] = []
    for part in words:
        content: etree._Element | str = allowed(part.text)
        for wanted, tag in ((part.code, "monospace"), (part.italic, "italic"), (part.bold, "bold")):
            content = E(tag, content) if wanted else content
        if part.link:
            content = E("ext-link", content, {"ext-link-type": "uri", f"{{{_XLINK}}}href": allowed(part.link)})
        found.append(content)
    return found


def _figure(picture: Picture) -> etree._Element:
    graphic = E.graphic({f"{{{_XLINK}}}href": f"figures/{picture.png.name}"})
    label, _, title = picture.title.partition(". ")
    caption = E.caption(E.title(_text(title)))
    if picture.legend:
        caption.append(E.p(allowed(sentence(" ".join(picture.legend)))))
    return E.fig(E.label(label), caption, E("alt-text", allowed(picture.alt)), graphic, id=f"fig-{picture.name}")


def _table(table: Table) -> etree._Element:
    head = E.thead(*(E.tr(*(_cell("th", table, cell) for cell in line)) for line in table.header))
    body = E.tbody(*(_row(table, row) for row in table.rows))
    label, _, title = table.title.partition(". ")
    wrap = E(
        "table-wrap", E.label(label), E.caption(E.title(_text(title))), E.table(head, body), id=f"tab-{table.name}"
    )
    if table.notes:
        wrap.append(E("table-wrap-foot", *_notes(table)))
    return wrap


def _notes(table: Table) -> Iterator[etree._Element]:
    for letter, note in table.notes:
        text = E.p(_text(note))
        yield E.fn(E.label(letter), text, id=_note_id(table, note)) if letter else text


def _note_id(table: Table, note: str) -> str:
    return f"fn-{table.name}-{list(table.letters).index(note) + 1}"


def _row(table: Table, row: Row) -> etree._Element:
    if not row.cells:
        named = E.bold(_text(row.stub.text)) if row.section else _text(row.stub.text)
        return E.tr(E.td(named, colspan=str(table.n_columns + 1)))
    return E.tr(_cell("td", table, row.stub), *(_cell("td", table, cell) for cell in row.cells))


def _text(text: str) -> str:
    return allowed(typeset(text))


def _cell(tag: str, table: Table, cell: Cell) -> etree._Element:
    element = E(tag, _text(cell.text))
    if cell.span > 1:
        element.set("colspan", str(cell.span))
    for position, note in enumerate(cell.notes, 1):
        mark = E.xref(E.sup(table.letters[note]), {"ref-type": "table-fn", "rid": _note_id(table, note)})
        mark.tail = table.style.mark_separator if position < len(cell.notes) else None
        element.append(mark)
    return element
