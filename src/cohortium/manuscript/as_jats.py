"""The manuscript as JATS: front and back matter from the records and the text, the body from the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree
from lxml.builder import E

from cohortium.governance.statements.jats import jats
from cohortium.manuscript.jats_blocks import elements_of, inline
from cohortium.manuscript.jats_parts import Divided, divide
from cohortium.manuscript.sections import references_in
from cohortium.manuscript.words import count_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.governance.people.model import People
    from cohortium.manuscript.article import Block
    from cohortium.manuscript.exhibits import Exhibits
    from cohortium.manuscript.sections import Part
    from cohortium.study.model import Site

_BEFORE_ABSTRACT = [
    "title-group",
    "contrib-group",
    "aff",
    "author-notes",
    "pub-date",
    "history",
    "pub-history",
    "permissions",
]


def as_jats(
    people: People, sites: Sequence[Site], blocks: Sequence[Block], exhibits: Exhibits, all_sites: Sequence[Site] = ()
) -> bytes:
    """The article in JATS 1.3.

    people, sites  the records; sites whose data were used
    blocks         the whole text: its first heading is the title, which stands in the front matter with the abstract; the
                   list of references and the supplement stand in the back matter, and statements where the records put them
    all_sites      sites whose decision others may rely on
    """
    root = etree.fromstring(jats(people, sites, all_sites))
    parts = divide(blocks)
    body = E.body()
    _fill(body, parts.body, exhibits)
    root.insert(1, body)
    meta = root.find("front/article-meta")
    if parts.abstract:
        _after(meta, _BEFORE_ABSTRACT, _abstract(parts.abstract, exhibits))
    meta.append(_counts(parts))
    back = root.find("back")
    if parts.supplement:
        back.append(_supplement(parts.supplement, exhibits))
    if parts.references:
        back.append(_references(parts.references))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _fill(place: etree._Element, blocks: Sequence[Block], exhibits: Exhibits) -> None:
    """The blocks as sections in sections; a section without words has an empty paragraph, as the schema wants it."""
    places = [place]
    for block in blocks:
        if block.kind == "heading":
            _open_section(places, block)
        elif block.kind == "item":
            _item(places[-1], block)
        else:
            places[-1].extend(elements_of(block, exhibits))
    for section in place.iter("sec"):
        if len(section) == 1:
            section.append(E.p())


def _open_section(places: list[etree._Element], block: Block) -> None:
    if block.level == 1:
        return
    depth = min(block.level - 1, len(places))
    del places[depth:]
    section = E.sec(E.title(*inline(block.words)))
    places[-1].append(section)
    places.append(section)


def _item(place: etree._Element, block: Block) -> None:
    kind = "order" if block.numbered else "bullet"
    last = place[-1] if len(place) else None
    if last is None or last.tag != "list" or last.get("list-type") != kind:
        last = E.list({"list-type": kind})
        place.append(last)
    last.append(E("list-item", E.p(*inline(block.words))))


def _after(meta: etree._Element, tags: Sequence[str], element: etree._Element) -> None:
    """Put an element right behind the last of some others."""
    place = max(n for n, child in enumerate(meta) if child.tag in tags)
    meta.insert(place + 1, element)


def _abstract(parts: Sequence[Part], exhibits: Exhibits) -> etree._Element:
    abstract = E.abstract()
    for part in parts:
        place = abstract
        if part.heading:
            place = E.sec(E.title(part.heading))
            abstract.append(place)
        _fill(place, part.blocks, exhibits)
        if part.heading and len(place) == 1:
            place.append(E.p())
    return abstract


def _counts(parts: Divided) -> etree._Element:
    placed = [block.kind for block in (*parts.body, *parts.supplement)]
    words = count_words(parts.counted)
    return E.counts(
        E("fig-count", count=str(placed.count("figure"))),
        E("table-count", count=str(placed.count("table"))),
        E("ref-count", count=str(len(references_in(parts.counted)))),
        E("word-count", count=str(words.text)),
    )


def _supplement(blocks: Sequence[Block], exhibits: Exhibits) -> etree._Element:
    app = E.app(E.title(*inline(blocks[0].words)), id="supplement")
    _fill(app, blocks[1:], exhibits)
    return E("app-group", app)


def _references(items: Sequence[Block]) -> etree._Element:
    """The list as it is typed: each item is a citation of its own with the words in order."""
    listed = E("ref-list", E.title("References"))
    for number, item in enumerate(items, 1):
        listed.append(E.ref(E.label(str(number)), E("mixed-citation", *inline(item.words)), id=f"ref-{number}"))
    return listed
