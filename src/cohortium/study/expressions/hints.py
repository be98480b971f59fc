"""What a text that is no expression most likely means."""

from __future__ import annotations

import re
from collections.abc import Mapping

_QUOTED = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"")
_DATE = re.compile(r"(?<![\w.])(?:\d{4}([-/])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2\d{4})(?![\w.])")
_CURLY = re.compile("[\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb`]")
_CAPITAL = re.compile(r"\b(and|or|not|in)\b", re.IGNORECASE)
_INSTEAD: Mapping[str, str] = {
    "=>": ">=",
    "=<": "<=",
    "&&": "and",
    "||": "or",
    "<>": "!=",
    "===": "==",
    "\u2265": ">=",
    "\u2264": "<=",
    "\u2260": "!=",
    "\u00d7": "*",
    "\u00f7": "/",
    "\u2212": "-",
    "\u2013": "-",
}
_SAID: Mapping[str, str] = {
    "unterminated string": "a quotation mark is not closed",
    "was never closed": "a bracket is not closed",
    "unexpected EOF": "a bracket is not closed",
    "unmatched": "a closing bracket has no opening one; remove it",
    "does not match": "a bracket is closed by one of another form",
}


def written_date(text: str) -> str:
    """The first calendar date outside quotation marks; empty when there is none. Python would read a subtraction."""
    found = _DATE.search(_QUOTED.sub("''", text))
    return found[0] if found else ""


def explained(text: str, error: BaseException) -> str:
    """A hint for a text that Python's grammar refuses."""
    if curly := _CURLY.search(text):
        return f"write straight quotation marks (') instead of {curly[0]}"
    bare = _QUOTED.sub("''", text)
    for wrong, right in _INSTEAD.items():
        if wrong in bare:
            return f"write `{right}` instead of `{wrong}`"
    for word in _CAPITAL.findall(bare):
        if word != word.lower():
            return f"write `{word.lower()}` instead of `{word}`"
    message = str(error.msg) if isinstance(error, SyntaxError) else ""
    for said, hint in _SAID.items():
        if said in message:
            return hint
    if "cannot assign" in message or "Maybe you meant '=='" in message or _has_single_equals(bare):
        return "write `==` to compare"
    return "expected for example: age >= 18 and sex == 'Female'"


def _has_single_equals(bare: str) -> bool:
    for operator in ("==", "!=", "<=", ">="):
        bare = bare.replace(operator, "")
    return "=" in bare
