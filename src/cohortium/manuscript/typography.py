"""Signs that a copy editor would set: spaces that do not break, raised powers of ten, curved quotation marks."""

from __future__ import annotations

import re

_SPACE = "\N{NO-BREAK SPACE}"
_RAISED = str.maketrans("-0123456789", "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")
_POWER = re.compile(r"(?<![\w.])10(?:\^|\*{1,2}|E)(-?\d{1,2})(?=\s?/|\s|[,;.)]|$)")
_UNITS = r"months?|weeks?|days?|years?|hours?|percentage points?|mg|kg|g|\u00b5g|mL|dL|L|U|mmol|mm|cm|mg/dL|g/dL|mg/L|U/L|IU|Gy"
_UNBROKEN = (
    re.compile(rf"(?<=\d) (?=(?:{_UNITS})\b)"),
    re.compile(r"(?<=%) (?=CI\b)"),
    re.compile(r"(?<=\b[pP]) (?=[=<>])"),
    re.compile(r"(?<=\b[pP]\u00a0[=<>]) (?=[\d.])"),
    re.compile(r"(?<=\d to) (?=[\u2212\d])"),
    re.compile(r"(?<=\bTable) (?=S?\d)|(?<=\bFigure) (?=S?\d)"),
    re.compile(r"(?<=\d) (?=\u00d7 )|(?<=\u00d7) (?=10)"),
)


def typeset(text: str) -> str:
    """The text as it is set: `10^9/L` raised, and no line ends between a number and its unit, `95%` and `CI`, `p` and `=`.

    >>> typeset("platelets of 50 x 10^9/L")
    'platelets of 50 x 10\u2079/L'
    """
    text = _POWER.sub(lambda match: "10" + match[1].translate(_RAISED), text)
    for place in _UNBROKEN:
        text = place.sub(_SPACE, text)
    return text
