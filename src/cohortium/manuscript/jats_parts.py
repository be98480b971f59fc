"""Which blocks of an article stand in the front, in the body and in the back matter of JATS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from cohortium.manuscript.numbering import divided
from cohortium.manuscript.sections import Part, abstract_sections, references_in, section

if TYPE_CHECKING:
    from cohortium.manuscript.article import Block

RECORDED = frozenset({
    "Title", "Authors", "Byline", "Affiliations", "Correspondence", "Article history", "Keywords", "Ethics",
    "Competing interests", "Author contributions", "Funding", "Data availability", "Acknowledgments",
})  # fmt: skip
"""Statements that JATS has in its front or back matter already."""


@dataclass(frozen=True, slots=True)
class Divided:
    """The parts of an article.

    abstract    by its headings
    body        everything that is in no other part
    references  items of the list
    supplement  with its heading first
    counted     all blocks, for counts
    """

    abstract: tuple[Part, ...]
    body: tuple[Block, ...]
    references: tuple[Block, ...]
    supplement: tuple[Block, ...]
    counted: tuple[Block, ...]


def divide(blocks: Sequence[Block]) -> Divided:
    """The article by the parts of JATS; a section of nothing but statements that the records give is left to them."""
    article, supplement = divided(blocks)
    gone = {id(block) for name in ("abstract", "references") for block in _with_heading(article, name)}
    rest = _without_recorded([block for block in article if id(block) not in gone])
    return Divided(abstract_sections(article), rest, references_in(article), supplement, tuple(blocks))


def _with_heading(blocks: Sequence[Block], name: str) -> Sequence[Block]:
    found = section(blocks, name)
    if not found:
        return ()
    start = next(n for n, block in enumerate(blocks) if block is found[0])
    return blocks[start - 1 : start + len(found)]


def _without_recorded(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks without recorded statements on the title page, and without sections that hold nothing else."""
    kept: list[Block] = []
    starts = [n for n, block in enumerate(blocks) if block.kind == "heading" and block.level > 1]
    first = starts[0] if starts else len(blocks)
    for n, block in enumerate(blocks[:first]):
        if not (_is_recorded(block) or (_is_label(block) and n + 1 < first and _is_recorded(blocks[n + 1]))):
            kept.append(block)
    for start in starts:
        own = list(takewhile(lambda block: block.kind != "heading", blocks[start + 1 :]))
        if not own or not all(map(_is_recorded, own)):
            kept += [blocks[start], *own]
    return tuple(kept)


def _is_recorded(block: Block) -> bool:
    return block.kind == "statement" and block.name in RECORDED


def _is_label(block: Block) -> bool:
    """Bold words that stand alone, such as `**Correspondence**` above the statement."""
    return block.kind == "paragraph" and all(part.bold or not part.text.strip() for part in block.words)
