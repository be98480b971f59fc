"""Tables and figure data as they were written, row by row, with the words that say what each number is."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from cohortium.proofreading.printed import REAL, Printed, plain, printed

_TOKEN = re.compile(rf"(?P<sign>[<>])?\s*(?P<number>{REAL})")
_WORD = re.compile(r"[A-Za-z]+")
_NUMBER_WORDS = frozenset({"to", "NR", "NE", "CI", "p", "P"})


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """A cell: its place, the words of its row and of its column, its text with one form of each sign."""

    place: str
    words: tuple[str, ...]
    head: str
    text: str


@dataclass(frozen=True, slots=True)
class Token:
    """A printed number; `sign` is `<` or `>` where a bound is printed."""

    number: Printed
    sign: str = ""


def csv_rows(text: str) -> list[list[str]]:
    """The rows of a CSV text, without the apostrophes that guard formulas."""
    return [[cell.removeprefix("'") for cell in row] for row in csv.reader(text.splitlines())]


def table_heads(text: str) -> list[str]:
    """Heads of the columns of numbers of a table that was written as CSV."""
    head, *_ = csv_rows(text) or [[]]
    return [plain(cell) for cell in head[n_stubs(head) :]]


def table_cells(text: str, place: str) -> Iterator[PrintedCell]:
    """Every cell with text of a table that was written as CSV.

    place  the file as a message names it
    """
    head, *rows = csv_rows(text) or [[]]
    first = n_stubs(head)
    for number, row in enumerate(rows, 2):
        words = tuple(filter(None, row[:first]))
        for name, cell in zip(head[first:], row[first:], strict=True):
            if cell:
                yield PrintedCell(f"{place}, row {number}", words, plain(name), plain(cell))


def n_stubs(head: list[str]) -> int:
    """How many columns of a table that was written as CSV say what a row is."""
    return 3 if head[:1] == ["Section"] else 2


def tokens(text: str) -> list[Token]:
    """The numbers of a cell; none where it holds other words, such as a name or a definition."""
    if not set(_WORD.findall(text)) <= _NUMBER_WORDS:
        return []
    # A hyphen between digits is a range, not a sign.
    spaced = re.sub(r"(?<=\d)\s*-\s*(?=[\d.])", " to ", text)
    return [Token(printed(match["number"]), match["sign"] or "") for match in _TOKEN.finditer(spaced)]
