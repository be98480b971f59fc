"""Parts of an article by their headings: the abstract with its sections, the list of references."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cohortium.manuscript.article import Block

_NAMES = {
    "abstract": re.compile(r"(?:abstract|summary)\b", re.IGNORECASE),
    "references": re.compile(r"(?:references|bibliography)\b", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the abstract: its heading, empty where it has none, and its blocks."""

    heading: str
    blocks: tuple[Block, ...]


def section(blocks: Sequence[Block], name: str) -> tuple[Block, ...]:
    """The blocks under the first heading of a name, its subsections included, without the heading."""
    found: list[Block] = []
    level = 0
    for block in blocks:
        if block.kind == "heading" and level and block.level <= level:
            break
        if level:
            found.append(block)
        elif block.kind == "heading" and block.level > 1 and _NAMES[name].match(block.text):
            level = block.level
    return tuple(found)


def references_in(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The items of the list of references; its paragraphs where it has no items."""
    listed = section(blocks, "references")
    items = tuple(block for block in listed if block.kind == "item")
    return items or tuple(block for block in listed if block.kind == "paragraph")


def abstract_sections(blocks: Sequence[Block]) -> tuple[Part, ...]:
    """The abstract by its headings, which are headings of their own or bold words at the beginning of a paragraph."""
    parts: list[Part] = []
    for block in section(blocks, "abstract"):
        if block.kind == "heading":
            parts.append(Part(block.text, ()))
            continue
        lead, rest = _led(block)
        if lead or not parts:
            parts.append(Part(lead, (rest,)))
        else:
            parts[-1] = replace(parts[-1], blocks=(*parts[-1].blocks, rest))
    return tuple(parts)


def abstract_parts(blocks: Sequence[Block]) -> tuple[str, ...]:
    """The headings of the abstract."""
    return tuple(part.heading for part in abstract_sections(blocks) if part.heading)


def _led(block: Block) -> tuple[str, Block]:
    """The bold words that a paragraph begins with, without their colon or point, and the paragraph without them."""
    begun = list(takewhile(lambda part: part.bold or not part.text.strip(), block.words))
    lead = "".join(part.text for part in begun).strip().rstrip(":.").strip()
    rest = block.words[len(begun) :]
    if block.kind != "paragraph" or not lead or not rest:
        return "", block
    first = replace(rest[0], text=rest[0].text.lstrip(" :."))
    return lead, replace(block, words=(first, *rest[1:]))
