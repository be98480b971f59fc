"""The manuscript as JATS: front and back matter from the records, the body from the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree
from lxml.builder import E

from cohortium.governance.statements.document import text_of
from cohortium.governance.statements.jats import jats
from cohortium.governance.statements.xml_text import allowed
from cohortium.report.typeset import typeset

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.governance.people.model import People
    from cohortium.manuscript.article import Block, Words
    from cohortium.manuscript.exhibits import Exhibits
    from cohortium.report.table import Cell, Row, Table
    from cohortium.study.model import Site

_XLINK = "http://www.w3.org/1999/xlink"


def as_jats(people: People, sites: Sequence[Site], blocks: Sequence[Block], exhibits: Exhibits) -> bytes:
    """The article in JATS 1.3; a heading of the first level is its title, which stands in the front matter."""
    root = etree.fromstring(jats(people, sites))
    body = E.body()
    places = [body]
    for block in blocks:
        if block.kind == "heading":
            _open_section(places, block)
        elif block.kind == "item":
            _item(places[-1], block)
        else:
            places[-1].extend(_elements(block, exhibits))
    for section in body.iter("sec"):
        if len(section) == 1:
            section.append(E.p())
    root.insert(1, body)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _open_section(places: list[etree._Element], block: Block) -> None:
    if block.level == 1:
        return
    depth = min(block.level - 1, len(places))
    del places[depth:]
    section = E.sec(E.title(*_inline(block.words)))
    places[-1].append(section)
    places.append(section)


def _item(place: etree._Element, block: Block) -> None:
    kind = "order" if block.numbered else "bullet"
    last = place[-1] if len(place) else None
    if last is None or last.tag != "list" or last.get("list-type") != kind:
        last = E.list({"list-type": kind})
        place.append(last)
    last.append(E("list-item", E.p(*_inline(block.words))))


def _elements(block: Block, exhibits: Exhibits) -> list[etree._Element]:
    if block.kind == "table":
        return [_table(exhibits.tables[block.name])]
    if block.kind == "figure":
        picture = exhibits.pictures[block.name]
        graphic = E.graphic({f"{{{_XLINK}}}href": f"figures/{picture.png.name}"})
        number, _, title = picture.title.partition(". ")
        caption = E.caption(E.title(_text(title)))
        return [E.fig(E.label(number), caption, E("alt-text", allowed(picture.alt)), graphic, id=f"fig-{block.name}")]
    if block.kind == "statement":
        return [E.p(allowed(text_of(paragraph))) for paragraph in exhibits.statements[block.name].paragraphs]
    paragraph = E.p(*_inline(block.words))
    return [E("disp-quote", paragraph) if block.kind == "quote" else paragraph]


def _inline(words: Sequence[Words]) -> list[etree._Element | str]:
    found: list[etree._Element | str] = []
    for part in words:
        content: etree._Element | str = allowed(part.text)
        for wanted, tag in ((part.code, "monospace"), (part.italic, "italic"), (part.bold, "bold")):
            content = E(tag, content) if wanted else content
        found.append(content)
    return found


def _table(table: Table) -> etree._Element:
    head = E.thead(*(E.tr(*(_cell("th", table, cell) for cell in line)) for line in table.header))
    body = E.tbody(*(_row(table, row) for row in table.rows))
    number, _, title = table.title.partition(". ")
    wrap = E(
        "table-wrap", E.label(number), E.caption(E.title(_text(title))), E.table(head, body), id=f"tab-{table.name}"
    )
    if table.notes:
        notes = [E.p(*([E.sup(letter), " "] if letter else []), _text(note)) for letter, note in table.notes]
        wrap.append(E("table-wrap-foot", *notes))
    return wrap


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
    if cell.notes:
        element.append(E.sup(table.marks(cell)))
    return element
