"""People as the text of `people.toml`: the same people always give the same text."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from pydantic import BaseModel

from cohortium.governance.people.judge import REPEATED
from cohortium.governance.people.model import Disclosure, History, People
from cohortium.study.locate import Path

_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_ESCAPED = re.compile(r'[\x00-\x1f\x7f"\\]')
_TABLES = (History, Disclosure)
"""Sections that are written under a heading of their own; other tables stand in braces."""


def write_people(people: People) -> str:
    """The text of `people.toml`; reading it gives the same people.

    Keys are written in the order of the reference page, and left out where they say nothing more than their default.
    """
    blocks = [
        *(_section(people.article, ("article",)) if people.article != type(people.article)() else ()),
        *(block for affiliation in people.affiliation for block in _section(affiliation, ("affiliation",))),
        *(block for author in people.author for block in _section(author, ("author",))),
    ]
    return "\n".join(blocks)


def _section(model: BaseModel, path: Path) -> Iterator[str]:
    """The section as text, then its own sections."""
    heading = ".".join(map(str, path))
    lines = [f"[[{heading}]]" if path in REPEATED else f"[{heading}]"]
    inner: list[str] = []
    for key, value in _written(model):
        if isinstance(value, _TABLES):
            inner += _section(value, (*path, key))
        elif (*path, key) in REPEATED and isinstance(value, tuple):
            inner += [block for element in value for block in _section(element, (*path, key))]
        else:
            lines.append(f"{key} = {_value(value)}")
    yield "\n".join(lines) + "\n"
    yield from inner


def _written(model: BaseModel) -> Iterator[tuple[str, object]]:
    """Keys and values that say more than their default."""
    for key, field in type(model).model_fields.items():
        value = getattr(model, key)
        if field.is_required() or value != field.default:
            yield key, value


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date | int):
        return str(value)
    if isinstance(value, BaseModel):
        return f"{{ {', '.join(f'{key} = {_value(inner)}' for key, inner in _written(value))} }}"
    if isinstance(value, tuple):
        if value and isinstance(value[0], BaseModel):
            return "".join(["[\n", *(f"  {_value(item)},\n" for item in value), "]"])
        return f"[{', '.join(map(_value, value))}]"
    return f'"{_ESCAPED.sub(_escaped, str(value))}"'


def _escaped(match: re.Match[str]) -> str:
    return _SHORT.get(match[0]) or f"\\u{ord(match[0]):04x}"
