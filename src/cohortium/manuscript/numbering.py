"""Which part of an article is its supplement, and the numbers of tables and figures in the order of the text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cohortium.manuscript.article import Block

_SUPPLEMENT = re.compile(r"(?:online(?:[- ]only)? )?(?:supplement|appendi)", re.IGNORECASE)
_KINDS = {"table": "Table", "figure": "Figure"}


def divided(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """The article and its supplement: what stands under a heading `Supplement...` or `Appendix...` of level 2."""
    article: list[Block] = []
    supplement: list[Block] = []
    is_supplement = False
    for block in blocks:
        if block.kind == "heading" and block.level <= 2:
            is_supplement = block.level == 2 and bool(_SUPPLEMENT.match(block.text))
        (supplement if is_supplement else article).append(block)
    return tuple(article), tuple(supplement)


def exhibit_labels(blocks: Sequence[Block]) -> Mapping[tuple[str, str], str]:
    """`Table 1`, `Figure 2`, in the supplement `Table S1`, by kind and name."""
    labels: dict[tuple[str, str], str] = {}
    for part, letter in zip(divided(blocks), ("", "S"), strict=True):
        for kind, word in _KINDS.items():
            names = dict.fromkeys(block.name for block in part if block.kind == kind)
            for number, name in enumerate((name for name in names if (kind, name) not in labels), 1):
                labels[kind, name] = f"{word} {letter}{number}"
    return labels
