"""Text as it is set for readers: powers raised (`10⁹/L`), and what is one word to the eye kept on one line.

Files for programs (CSV) keep the text as the study file has it.
"""

from __future__ import annotations

import re

_RAISED = str.maketrans("0123456789-\N{MINUS SIGN}", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻")
_POWER = re.compile(r"(?<=[^\W_])\^([-\N{MINUS SIGN}]?\d{1,2})(?![\w.^])")
# UCUM writes powers of ten with a star: 10*9/L.
_STAR = re.compile(r"(?<![\w.])10\*(\d{1,2})(?=/)")
_KEPT = re.compile(r"(?<=\([Nn]) = (?=\d)|(?<=%) (?=CI\b)|(?:(?<=\bn)|(?<=/N)) (?=\(%\))")


_BREAK = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")


def typeset(text: str) -> str:
    """The text in one line with raised powers and unbroken `(N = 33)`, `n (%)` and `95% CI`.

    Example: `typeset("Platelets, 10^9/L")`
    """
    text = _BREAK.sub(" ", text)
    if "^" in text or "*" in text:
        text = _POWER.sub(lambda match: match[1].translate(_RAISED), text)
        text = _STAR.sub(lambda match: "10" + match[1].translate(_RAISED), text)
    return _KEPT.sub(lambda match: match[0].replace(" ", "\N{NO-BREAK SPACE}"), text)
