"""Words of an article as journals count them: the abstract, and the text without what stands around it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cohortium.manuscript.article import Block

_ABSTRACT = re.compile(r"abstract|summary", re.IGNORECASE)
_AROUND = re.compile(
    r"references|bibliography|acknowledg|funding|competing interests|conflicts? of interest|ethics (?:approval|statement)|"
    r"author contributions|data (?:availability|sharing)|tables?$|figures?$|figure legends|supplement|appendi|key ?words",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\s]*\w[^\s]*")


@dataclass(frozen=True, slots=True)
class WordCount:
    """Words of the abstract, and of the text from introduction to discussion.

    Headings, tables, figures, statements, references and everything before the first section are counted in neither.
    """

    abstract: int
    text: int


def count_words(blocks: Sequence[Block]) -> WordCount:
    """The words of an article's blocks; a number with its unit and interval counts as it is spaced."""
    counted = {"abstract": 0, "text": 0}
    part, level = "", 0
    for block in blocks:
        if block.kind == "heading":
            if not level or block.level <= level:
                part, level = _part(block), block.level if block.level > 1 else 0
        elif part in counted:
            counted[part] += len(_WORD.findall(block.text))
    return WordCount(counted["abstract"], counted["text"])


def _part(heading: Block) -> str:
    """Which count the text under a heading goes to; that under the title goes to none."""
    if heading.level == 1 or _AROUND.match(heading.text):
        return ""
    return "abstract" if _ABSTRACT.match(heading.text) else "text"
