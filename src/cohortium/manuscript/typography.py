"""Sentences as a copy editor sets them: spaces that do not break, and raised powers of ten with their sign."""

from __future__ import annotations

import re

from cohortium.report.typeset import typeset

_SPACE = "\N{NO-BREAK SPACE}"
_POWER = re.compile(r"(?<=\d) (?=10[\u2070\u00b9\u00b2\u00b3\u2074-\u2079\u207b])")
_UNITS = r"months?|weeks?|days?|years?|hours?|percentage points?|mg|kg|g|\u00b5g|mL|dL|L|U|mmol|mm|cm|mg/dL|g/dL|mg/L|U/L|IU|Gy"
_UNBROKEN = (
    re.compile(rf"(?<=\d) (?=(?:{_UNITS})\b)"),
    re.compile(r"(?<=\b[pPnN]) (?=[=<>])"),
    re.compile(r"(?<=\b[pPnN]\u00a0[=<>]) (?=[\d.])"),
    re.compile(r"(?<=\d to) (?=[\u2212\d])"),
    re.compile(r"(?<=\bTable) (?=S?\d)|(?<=\bFigure) (?=S?\d)"),
    re.compile(r"(?<=\d) (?=\u00d7 )|(?<=\u00d7) (?=10)"),
)


def sentence(text: str) -> str:
    """The text with raised powers, and no end of a line between a number and its unit, `95%` and `CI`, `p`, `=` and a number.

    Example: `sentence("12 months (95% CI, 9 to 14)")`
    """
    text = _POWER.sub(" \N{MULTIPLICATION SIGN} ", typeset(text))
    for place in _UNBROKEN:
        text = place.sub(_SPACE, text)
    return text
