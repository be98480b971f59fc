"""Lists of organizations: commas and `and` inside names are told from those between them."""

from __future__ import annotations

import re
from itertools import product

from cohortium.governance.frontmatter.reading import Span, trimmed
from cohortium.governance.interests.normalize import normalize_organization

_SUFFIX = re.compile(
    r"(?:Inc|Incorporated|Ltd|Limited|LLC|L\.L\.C|LLP|LP|GmbH|Co|Corp|Corporation|Company|plc|S\.?A|S\.?p\.?A|N\.?V"
    r"|B\.?V|AG|A/S|KGaA|Pte|Pvt|USA|US)\.?(?:\s*\(.*\))?",
)
_PART_OF = re.compile(r"an?\s.*\b(?:company|subsidiary|division|business|affiliate|unit)\b.*", re.IGNORECASE)
_AND = re.compile(r"\s+and\s+")


def is_continuation(text: str) -> bool:
    """Whether a piece after a comma belongs to the name before it: `Inc.`, `a Gilead company`."""
    return bool(_SUFFIX.fullmatch(text) or _PART_OF.fullmatch(text))


def is_known(name: str) -> bool:
    """Whether the table of organizations holds the name."""
    return normalize_organization(name).known


def split_and(source: str, span: Span) -> list[Span] | None:
    """The organizations of a piece with `and` in it; None when it may be one or two.

    Every way to read the piece is tried: it is split only where the table of organizations decides.
    """
    text = source[span.start : span.end]
    cuts = [match for match in _AND.finditer(text) if _depth(text, match.start()) == 0]
    if not cuts or is_known(_bare(text)):
        return [span]
    if len(cuts) > 4:
        return None
    ways = [
        [cut for cut, is_cut in zip(cuts, way, strict=True) if is_cut]
        for way in product((True, False), repeat=len(cuts))
    ]
    readings = [_cut(source, span, way) for way in ways if way]
    known = [reading for reading in readings if all(is_known(_bare(source[p.start : p.end])) for p in reading)]
    if known:
        return min(known, key=len)
    if len(cuts) == 1 and any(is_known(_bare(source[p.start : p.end])) for p in readings[0]):
        return readings[0]
    return None


def _cut(source: str, span: Span, cuts: list[re.Match[str]]) -> list[Span]:
    starts = [span.start, *(span.start + cut.end() for cut in cuts)]
    ends = [*(span.start + cut.start() for cut in cuts), span.end]
    return [trimmed(source, start, end) for start, end in zip(starts, ends, strict=True)]


def _bare(text: str) -> str:
    """The name without brackets behind it."""
    return re.sub(r"\s*\([^()]*\)\s*$", "", text)


def _depth(text: str, end: int) -> int:
    return text.count("(", 0, end) - text.count(")", 0, end)
