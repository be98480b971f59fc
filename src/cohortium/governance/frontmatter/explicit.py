"""The bracket notation for what prose cannot carry: `[author family "..." given "..."]`.

A name or an organization may hold what prose uses as punctuation. The printed text then has a bracket with a word,
and keys with values in quotation marks; the values are JSON texts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

_TEXT = r'"(?:[^"\\\n]|\\.)*"'
BRACKET = re.compile(rf"\[([a-z-]+)((?: [a-z-]+ {_TEXT})+)\]")
_PAIR = re.compile(rf" ([a-z-]+) ({_TEXT})")
_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\u200b\u200e\u200f\u202a-\u202e]")
MASK = "\ue000"


def written(word: str, values: Mapping[str, str]) -> str:
    """The bracket of a word with those of its values that are not empty."""
    pairs = (f" {key} {_quoted(value)}" for key, value in values.items() if value)
    return f"[{word}{''.join(pairs)}]"


def values_of(match: re.Match[str]) -> dict[str, str]:
    """The values of a bracket."""
    return {pair[1]: _unquoted(pair[2]) for pair in _PAIR.finditer(match[2])}


def masked(text: str) -> str:
    """The text with every bracket replaced by as many private characters, so that no rule reads inside."""
    return BRACKET.sub(lambda match: MASK * len(match[0]), text)


def _quoted(value: str) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _unquoted(text: str) -> str:
    try:
        value = json.loads(text)
    except json.JSONDecodeError:
        return text[1:-1]
    return str(value)
