"""Every form of a table against its CSV file, which the results table has been held against."""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Iterable, Iterator
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from cohortium.consistency.printed_rows import csv_rows, n_stubs
from cohortium.consistency.written_forms import FORMS, Rows, numbers_behind, rows_of
from cohortium.errors import Problem
from cohortium.proofreading.printed import INTEGER
from cohortium.report.formats import REFERENCE, plain
from cohortium.report.typeset import typeset

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from cohortium.results import Statistic

_INTEGERS = re.compile(rf"(?<![\d.]){INTEGER}")
_MOST_SHOWN = 3
# A spreadsheet holds 16 digits of a number.
_SPREADSHEET = 1e-14
# In the order of the columns of the results table.
_numbers = attrgetter("time", "value", "lower", "upper", "confidence", "n", "denominator")


def check_forms(folder: Path, name: str) -> Iterator[Problem]:
    """Cells of a table that are not the same in all its files.

    folder  with the files of the table
    name    of the table
    """
    written = (folder / f"{name}.csv").read_text(encoding="utf-8")
    for ending, read in FORMS.items():
        place = f"{folder.name}/{name}.{ending}"
        try:
            rows = read((folder / f"{name}.{ending}").read_bytes())
        except (KeyError, ValueError, IndexError, StopIteration, SyntaxError, AttributeError, zipfile.BadZipFile):
            yield Problem(place, "its table cannot be read again")
            continue
        yield from compared(written, rows, place)


def check_behind(rows: Iterable[Statistic], folder: Path, name: str) -> Iterator[Problem]:
    """The numbers behind a table in its spreadsheet against the results table."""
    expected = [number for row in rows for number in _numbers(row) if number is not None]
    found = numbers_behind((folder / f"{name}.xlsx").read_bytes())
    place = f"{folder.name}/{name}.xlsx, sheet Numbers"
    if len(found) != len(expected):
        yield Problem(place, f"{len(found)} numbers, expected {len(expected)}")
    for there, here in zip(expected, found, strict=False):
        if not math.isclose(there, here, rel_tol=_SPREADSHEET):
            yield Problem(place, f"{here:g} in place of {there:g}")


def check_shown(page: HtmlElement, folder: Path, name: str) -> Iterator[Problem]:
    """Cells of a table in the report that are not those of its CSV file."""
    found = page.xpath("//table[caption[@id = $id]]", id=f"caption-{name}")
    if not found:
        yield Problem("report.html", f"table {name} is not in the report")
        return
    written = (folder / f"{name}.csv").read_text(encoding="utf-8")
    yield from compared(written, rows_of(found[0]), f"report.html, table {name}")


def compared(written: str, rows: Rows, place: str) -> Iterator[Problem]:
    """Rows of a form against those of the table as it was written as CSV."""
    head, *lines = csv_rows(written) or [[]]
    first = n_stubs(head)
    body = [[next(filter(None, reversed(line[:first])), ""), *line[first:]] for line in lines if any(line[first:])]
    own = [row for row in rows if any(row[1:])]
    n_heads = len(own) - len(body)
    if n_heads < 1:
        yield Problem(place, f"{len(own)} rows, expected a head and {len(body)}")
        return
    yield from _heads(head[first:], own[:n_heads], place)
    for expected, row in zip(body, own[n_heads:], strict=True):
        shown = [_text(cell) for cell in row] + [""] * (len(expected) - len(row))
        wrong = [(a, b) for a, b in zip(map(_text, expected), shown, strict=True) if not _same(a, b)]
        for there, here in wrong[:_MOST_SHOWN]:
            yield Problem(place, f"«{expected[0]}»: «{here}» here, «{there}» in the CSV file")


def _heads(expected: list[str], own: Rows, place: str) -> Iterator[Problem]:
    """Sizes of groups in the heads, each of which may span several columns."""
    sizes = {n for text in expected for n in _INTEGERS.findall(_text(text))}
    shown = {n for row in own for cell in row[1:] for n in _INTEGERS.findall(_text(cell))}
    if sizes != shown:
        here, there = (", ".join(sorted(found)) or "none" for found in (shown - sizes, sizes - shown))
        yield Problem(place, f"its heads have the numbers {here} in place of {there}")


@lru_cache(maxsize=4096)
def _text(cell: str) -> str:
    # LaTeX has one sign for a micro and a mu.
    text = plain(" ".join(typeset(cell).split())).replace("\N{MICRO SIGN}", "\N{GREEK SMALL LETTER MU}")
    return "reference" if text == REFERENCE else text


def _same(there: str, here: str) -> bool:
    """Whether a cell is the one of the CSV file: with marks behind it, or as the number of a spreadsheet."""
    if here == there or re.fullmatch(re.escape(there) + r" \[[^\[\]]+\]", here):
        return True
    try:
        return bool(here) and float(here) == float(there.replace(",", ""))
    except ValueError:
        return False
