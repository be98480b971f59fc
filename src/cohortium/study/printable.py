"""Characters that no table, figure or terminal can print."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from cohortium.study.locate import Path

# XML, and so every figure, allows none of these; C1 controls move the cursor of a terminal.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def visible(text: str) -> str:
    """The text with an escape such as backslash, u, 0007 for what cannot be printed."""
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def unprintable(text: str) -> str:
    """What is wrong with a text that cannot be printed; empty for any other."""
    found = _UNPRINTABLE.search(text)
    return f"holds the character U+{ord(found[0]):04X}, which cannot be printed" if found else ""


def unprintable_texts(value: Any, path: Path = ()) -> Iterator[tuple[Path, str, str]]:
    """Path, fault and hint of every text of a TOML file that cannot be printed."""
    if isinstance(value, str) and (what := unprintable(value)):
        yield path, what, "remove it; it may have come along from another program"
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from unprintable_texts(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from unprintable_texts(item, (*path, index))
