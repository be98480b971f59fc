"""Whether a text writes 48.7 or 48,7, and the text with points."""

from __future__ import annotations

import re
from enum import Enum

_NUMBER_BEFORE, _NUMBER_AFTER = r"(?<![\d.,])", r"(?![\d.,]*\d)"
_SURE = r"{start}(?:0{mark}\d+|\d+{mark}\d{{1,2}}(?=\s*%)|(?<=[=<>] )\d+{mark}\d+|(?<=[=<>])\d+{mark}\d+){end}"
_COMMAS = re.compile(_SURE.format(start=_NUMBER_BEFORE, mark=",", end=_NUMBER_AFTER))
_POINTS = re.compile(_SURE.format(start=_NUMBER_BEFORE, mark=r"\.", end=_NUMBER_AFTER))
_COMMA_WITHIN = re.compile(r"(?<=\d),(?=\d)")
_POINT_OF_THOUSANDS = re.compile(r"(?<=\d)\.(?=\d{3}(?!\d))")
_HOLD = "\x00"


class DecimalMark(Enum):
    """What stands between units and tenths: one mark throughout, or both."""

    POINT = "."
    COMMA = ","
    BOTH = "both"


def decimal_mark(text: str) -> DecimalMark:
    """The decimal mark of a text, by numbers that leave no doubt: `0,012`, `48,7 %`, `p = 1,5`.

    >>> decimal_mark("94 von 193 (48,7 %), p = 0,012")
    <DecimalMark.COMMA: ','>
    """
    has_commas = _COMMAS.search(text) is not None
    if has_commas and _POINTS.search(text):
        return DecimalMark.BOTH
    return DecimalMark.COMMA if has_commas else DecimalMark.POINT


def first_comma(text: str) -> re.Match[str] | None:
    """The first number with a decimal comma that leaves no doubt."""
    return _COMMAS.search(text)


def with_points(text: str) -> str:
    """A text with decimal commas as one with points, every character in its place.

    >>> with_points("1.234 von 2.410 (51,2 %)")
    '1,234 von 2,410 (51.2 %)'
    """
    held = _POINT_OF_THOUSANDS.sub(_HOLD, text)
    return _COMMA_WITHIN.sub(".", held).replace(_HOLD, ",")
