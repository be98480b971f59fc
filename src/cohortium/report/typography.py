"""Signs that a copy editor would set: spaces that do not break, and raised powers of ten."""

from __future__ import annotations

import re

_SPACE = "\N{NO-BREAK SPACE}"
_RAISED = str.maketrans("-0123456789", "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")
_POWER = re.compile(r"(?<![\w.])(\d[\d.,\u00b7]* )?10(?:\^|\*{1,2}|E)(-?\d{1,2})(?=\s?/|\s|[,;.)]|$)")
_UNITS = r"months?|weeks?|days?|years?|hours?|percentage points?|mg|kg|g|\u00b5g|mL|dL|L|U|mmol|mm|cm|mg/dL|g/dL|mg/L|U/L|IU|Gy"
_UNBROKEN = (
    re.compile(rf"(?<=\d) (?=(?:{_UNITS})\b)"),
    re.compile(r"(?<=%) (?=CI\b)"),
    re.compile(r"(?<=\b[pPnN]) (?=[=<>])"),
    re.compile(r"(?<=\b[pPnN]\u00a0[=<>]) (?=[\d.])"),
    re.compile(r"(?<=\d to) (?=[\u2212\d])"),
    re.compile(r"(?<=\bTable) (?=S?\d)|(?<=\bFigure) (?=S?\d)"),
    re.compile(r"(?<=\d) (?=\u00d7 )|(?<=\u00d7) (?=10)"),
)


def raised(text: str) -> str:
    """The text with its powers of ten raised, and the sign of multiplication before one that follows a number.

    >>> raised("Platelets, 10^9/L; 50 10^9/L")
    'Platelets, 10\u2079/L; 50 \u00d7 10\u2079/L'
    """
    return _POWER.sub(_power, text)


def _power(match: re.Match[str]) -> str:
    times = f"{match[1]}\N{MULTIPLICATION SIGN} " if match[1] else ""
    return f"{times}10{match[2].translate(_RAISED)}"


def typeset(text: str) -> str:
    r"""The text with raised powers, and no end of a line between a number and its unit, `95%` and `CI`, `p`, `=` and a number.

    >>> typeset("12 months (95% CI, 9 to 14)").count("\N{NO-BREAK SPACE}")
    3
    """
    text = raised(text)
    for place in _UNBROKEN:
        text = place.sub(_SPACE, text)
    return text
