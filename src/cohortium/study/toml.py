"""A TOML file to plain values, or the one problem that keeps it from being read."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cohortium.errors import Problem
from cohortium.study.files import read_plain
from cohortium.study.locate import Path as Place
from cohortium.study.locate import first_deeper, locate

_MAX_NESTED = 32
_MAX_BITS = 64
_POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_KEY = r"(?:[\w-]+|\"[^\"\n]*\"|'[^'\n]*')[ \t]*\.[ \t]*"
_LONG_KEY = re.compile(rf"(?:^|[\[{{,])[ \t]*(?:{_KEY}){{{_MAX_NESTED}}}", re.MULTILINE)
_MANY_DIGITS = re.compile(r"[0-9][0-9_]{4000}")
_TWICE = ("Cannot overwrite a value", "Cannot declare", "Cannot mutate")
_BRACKETS = "sections that repeat have two brackets each time, such as [[site]]"
_ADVICE: Mapping[str, str] = {
    "Cannot overwrite a value": "a key is given twice",
    "Invalid value": "put texts in quotation marks; write true and false small",
    "Expected '=' after a key": "write key = value",
    "Cannot declare": f"a section is declared twice; {_BRACKETS}",
    "Invalid statement": "write key = value, [section] or [[section]]",
    "Illegal character": "close the quotation mark on the same line, or use three for a text over several lines",
    "Unescaped '\\'": "write \\\\ for a backslash, or use single quotation marks",
}


def read_toml(path: Path) -> tuple[dict[str, Any], str, Problem | None]:
    """What a TOML file holds and its text, or the problem that keeps it from being read."""
    text, problem = _decoded(path)
    if problem:
        return {}, "", problem
    # Python's reader needs the square of a key's length, so a long one is found before.
    if long_key := _LONG_KEY.search(text):
        return {}, "", _too_deep(path.name, _line(text, long_key.end()))
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return {}, "", _syntax(path.name, text, str(error))
    except RecursionError:
        return {}, "", _too_deep(path.name, first_deeper(text, _MAX_NESTED))
    except ValueError:
        # The only value that the grammar allows and Python refuses.
        found = _MANY_DIGITS.search(text)
        return {}, "", _too_large(f"{path.name}:{_line(text, found.start()) if found else 1}")
    if _is_deep(raw):
        return {}, "", _too_deep(path.name, first_deeper(text, _MAX_NESTED))
    large = next(_large_numbers(raw, ()), None)
    if large is not None:
        return {}, "", _too_large(locate(text, path.name).place(large))
    return raw, text, None


def _decoded(path: Path) -> tuple[str, Problem | None]:
    name = path.name
    data, problem = read_plain(path, "give the study directory, or make one with `cohortium new DIR`")
    if problem:
        return "", problem
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "", Problem(f"{name}:1", "is UTF-16; expected UTF-8", "save the file as UTF-8")
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return "", Problem(f"{name}:{line}", "is not UTF-8", "save the file as UTF-8")


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _too_deep(name: str, line: int) -> Problem:
    return Problem(f"{name}:{line}", f"is nested too deep to be read; at most {_MAX_NESTED} levels are allowed")


def _too_large(where: str) -> Problem:
    return Problem(where, f"holds a whole number of more than {_MAX_BITS} bits", "write a smaller number")


def _is_deep(raw: Mapping[str, Any]) -> bool:
    layer: list[Any] = [raw]
    for _ in range(_MAX_NESTED):
        layer = [item for value in layer for item in (value.values() if isinstance(value, Mapping) else value)]
        layer = [item for item in layer if isinstance(item, Mapping | list)]
        if not layer:
            return False
    return True


def _large_numbers(value: Any, path: Place) -> Iterator[Place]:
    if isinstance(value, int) and value.bit_length() > _MAX_BITS:
        yield path
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _large_numbers(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _large_numbers(item, (*path, index))


def _syntax(name: str, text: str, message: str) -> Problem:
    position = _POSITION.search(message)
    said = _POSITION.sub("", message)
    is_placed = position is not None and position[1] is not None
    line = int(position[1]) if position and is_placed else text.count("\n") + (not text.endswith("\n"))
    column = f" at column {position[2]}" if position and is_placed else " at the end of the file"
    hint = next((advice for start, advice in _ADVICE.items() if said.startswith(start)), "")
    if is_placed and said.startswith(_TWICE) and text.splitlines()[line - 1].lstrip().startswith("["):
        hint = _ADVICE["Cannot declare"]
    if not is_placed and said.startswith(("Invalid value", "Expected", "Unclosed", "Unterminated")):
        hint = "close the quotation mark or the bracket that is still open"
    return Problem(f"{name}:{line}", f"is not TOML: {said}{column}", hint)
