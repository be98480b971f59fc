"""Ranges and quartiles against the median before them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cohortium.proofreading.percentages import Remark
from cohortium.proofreading.printed import REAL, printed

_NAMES = r"(?:range|IQR|interquartile\s+range|Q1\s*-\s*Q3|min(?:imum)?\s*-\s*max(?:imum)?)"
_LIMITS = rf"(?P<low>{REAL})\s*(?:%|months?|years?)?\s*(?:to|-)\s*(?P<high>{REAL})(?![\d/])"
_NAMED = re.compile(
    rf"(?:(?<![\d./-])(?P<center>{REAL})\s*-?(?:%|months?|mos?|years?|yrs?|days?|weeks?|lines?|cycles?|doses?)?\s*[\(\[]\s*)?"
    rf"\b{_NAMES}(?:\s*[\[\(]\w+[\]\)])?\s*[,:;=]?\s*{_LIMITS}",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(
    rf"[\[\(]{_NAMES}[\]\)][^\d;.]{{0,40}}?(?P<center>{REAL})\s*[\(\[]\s*{_LIMITS}\s*[\)\]]", re.IGNORECASE
)


def check_ranges(sentence: str) -> Iterator[Remark]:
    """Ranges in the wrong order, and medians outside them."""
    for pattern in (_NAMED, _ANNOUNCED):
        for match in pattern.finditer(sentence):
            low, high = printed(match["low"]), printed(match["high"])
            center = printed(match["center"]) if match["center"] else None
            if low.value > high.value:
                what = f"a range from {low.value:g} to {high.value:g}"
                yield match.start(), match.end(), "range-order", what, "the lower limit first"
            elif center and (center.high <= low.low or center.low >= high.high):
                what = f"{center.value:g} is outside its range"
                expected = f"a number from {low.value:g} to {high.value:g}"
                yield match.start(), match.end(), "range-order", what, expected
