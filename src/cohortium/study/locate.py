"""Lines of a TOML text: where each table, key and array element stands.

`tomllib` reads the values but gives no positions. This scanner reads the same text for positions only; it runs on
text that `tomllib` has accepted, so it follows the grammar without judging it.
"""

from __future__ import annotations

import bisect
import re
import tomllib
from collections.abc import Mapping
from typing import Any

Path = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BASIC = re.compile(r'"(?:[^"\\]|\\.)*"')
_LITERAL = re.compile(r"'[^']*'")
_LONG_BASIC = re.compile(r'"""(?:[^\\]|\\.)*?"""(?:"{1,2}(?!"))?', re.DOTALL)
_LONG_LITERAL = re.compile(r"'''.*?'''(?:'{1,2}(?!'))?", re.DOTALL)
_SCALAR = re.compile(r"[^,\]}#\n]+")
_STRINGS = (_LONG_BASIC, _LONG_LITERAL, _BASIC, _LITERAL)


class Lines:
    """Line numbers by path, such as `("analysis", 3, "method")`; indices count from 0.

    lines   line of each path that is written
    file    name of the file
    others  first keys that are written in another file, with the lines of that file
    """

    def __init__(
        self, lines: Mapping[Path, int], file: str = "study.toml", others: Mapping[str, Lines] | None = None
    ) -> None:
        self._lines = lines
        self._file = file
        self._others = others or {}

    def of(self, path: Path) -> int:
        """The line of a path, or of the closest part of it that is written; 1 for an empty path."""
        if path and (other := self._others.get(str(path[0]))):
            return other.of(path)
        for length in range(len(path), 0, -1):
            if path[:length] in self._lines:
                return self._lines[path[:length]]
        return 1

    def place(self, path: Path) -> str:
        """File and line of a path, `study.toml:42`."""
        if path and (other := self._others.get(str(path[0]))):
            return other.place(path)
        return f"{self._file}:{self.of(path)}"


def locate(text: str, file: str = "study.toml", others: Mapping[str, Lines] | None = None) -> Lines:
    """The lines of every table, key and array element of a valid TOML text; `file` and `others` as in `Lines`."""
    scanner = _Scanner(text.replace("\r\n", "\n"))
    scanner.document()
    return Lines(scanner.lines, file, others)


def first_deeper(text: str, limit: int) -> int:
    """The first line of a valid TOML text where a key or an element is nested deeper than the limit; 1 for none."""
    scanner = _Scanner(text.replace("\r\n", "\n"), limit)
    try:
        scanner.document()
    except _DeeperError as found:
        return found.line
    return 1


class _DeeperError(Exception):
    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class _Scanner:
    def __init__(self, text: str, limit: int | None = None) -> None:
        self.text = text
        self.limit = limit
        self.at = 0
        self.lines: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}
        self._newlines = [match.start() for match in re.finditer("\n", text)]

    def document(self) -> None:
        table: Path = ()
        self._skip(_BLANK)
        while self.at < len(self.text):
            if self._next("["):
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)

    def _header(self) -> Path:
        start = self.at
        is_array = self.text.startswith("[[", start)
        self.at += 1 + is_array
        keys = self._keys()
        self.at += 1 + is_array
        path: Path = ()
        for key in keys[:-1]:
            path = self._inside((*path, key))
        path = (*path, keys[-1])
        self._mark(path, start)
        if is_array:
            self._counts[path] = self._counts.get(path, -1) + 1
            path = self._inside(path)
            self._mark(path, start)
        return path

    def _inside(self, path: Path) -> Path:
        """The path itself, or its last element when it is an array of tables."""
        return (*path, self._counts[path]) if path in self._counts else path

    def _pair(self, table: Path) -> None:
        start = self.at
        path = table
        for key in self._keys():
            path = (*path, key)
            self._mark(path, start)
        self.at += 1
        self._skip(_BLANK)
        self._value(path)

    def _keys(self) -> list[str]:
        keys = []
        while True:
            self._skip(_BLANK)
            keys.append(self._key())
            self._skip(_BLANK)
            if not self._next("."):
                return keys
            self.at += 1

    def _key(self) -> str:
        if self._next('"') or self._next("'"):
            quoted = self._take(_BASIC if self._next('"') else _LITERAL)
            parsed: dict[str, Any] = tomllib.loads(f"key = {quoted}")
            return str(parsed["key"])
        return self._take(_BARE_KEY)

    def _value(self, path: Path) -> None:
        if self._next("["):
            self._array(path)
        elif self._next("{"):
            self._inline_table(path)
        else:
            for pattern in (*_STRINGS, _SCALAR):
                if pattern.match(self.text, self.at):
                    self._take(pattern)
                    return

    def _array(self, path: Path) -> None:
        self.at += 1
        index = 0
        self._skip(_BLANK)
        while not self._next("]"):
            element = (*path, index)
            self._mark(element, self.at)
            self._value(element)
            self._comma()
            index += 1
        self.at += 1

    def _inline_table(self, path: Path) -> None:
        self.at += 1
        self._skip(_BLANK)
        while not self._next("}"):
            self._pair(path)
            self._comma()
        self.at += 1

    def _comma(self) -> None:
        self._skip(_BLANK)
        if self._next(","):
            self.at += 1
            self._skip(_BLANK)

    def _next(self, character: str) -> bool:
        return self.text.startswith(character, self.at)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        if match is None:
            raise ValueError(f"line {self._line(self.at)} is not TOML as this scanner knows it")
        self.at = match.end()
        return match.group()

    def _mark(self, path: Path, position: int) -> None:
        if self.limit is not None and len(path) > self.limit:
            raise _DeeperError(self._line(position))
        self.lines.setdefault(path, self._line(position))

    def _line(self, position: int) -> int:
        return bisect.bisect_left(self._newlines, position) + 1
