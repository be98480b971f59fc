"""Widths of the columns of a Word table, from the widths of their letters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from cohortium.report.typography import typeset

if TYPE_CHECKING:
    from cohortium.report.table import Cell, Table

INDENT = 200
"""Of a level below its variable, in twentieths of a point, as all widths here."""
_SPARE = 24.0
_WIDEST_STUB, _WIDEST_NUMBERS, _ROOMY = 4400.0, 2200.0, 2800.0
"""Widths beyond which a column is wrapped, and the width that the stub gets before heads are spread out."""
_LETTERS = {
    **dict.fromkeys(" .,:;'/|!ijltI\u2009", 0.28),
    **dict.fromkeys("()-frt[]\u00a0", 0.33),
    **dict.fromkeys("mwMW%\u2014", 0.88),
}
_LOWER, _UPPER = 0.56, 0.72
"""Widths of letters as parts of their height, in the usual sans serif."""
_BOLDER = 1.06
_LINE_ENDS = re.compile(r"[ \n\r\t]")
"""What a line may end at; a no-break space is none."""


class _Text(NamedTuple):
    """A text of a cell with its indent."""

    text: str
    indent: int = 0

    @property
    def words(self) -> list[_Text]:
        """Its parts that a line may end after, each with the indent."""
        return [_Text(word, self.indent) for word in _LINE_ENDS.split(typeset(self.text))]


def column_widths(table: Table, total: float, points: float, padding: float) -> list[float]:
    """Columns as wide as their longest text asks for, together at most as wide as the page.

    total    width of the page
    points   height of the letters
    padding  space around the text of a cell

    Where there is no room for all of it, heads are wrapped before the stub, the stub before numbers, and words are not
    broken. In a table of words no column comes before another.
    """
    rows = [[_Text(row.stub.text, row.indent), *map(_text, row.cells)] for row in table.rows if row.cells]
    heads = [list(map(_text, line)) for line in table.header if all(cell.span == 1 for cell in line)]
    both = list(zip(*rows, *heads, strict=True))
    body = list(zip(*rows, strict=True)) or [()] * len(both)

    def at_least(texts: Iterable[_Text]) -> float:
        return padding + _SPARE + points * max(map(_width, texts), default=0.0)

    least = [at_least(word for text in column for word in text.words) for column in both]
    wanted = [
        max(low, min(at_least(column), _WIDEST_NUMBERS if place and not table.words else _WIDEST_STUB))
        for place, (column, low) in enumerate(zip(both, least, strict=True))
    ]
    numbers = [
        low if table.words or not place else max(low, min(at_least(column), _WIDEST_NUMBERS))
        for place, (column, low) in enumerate(zip(body, least, strict=True))
    ]
    roomy = [
        max(low, min(full, _ROOMY)) if table.words or not place else low
        for place, (low, full) in enumerate(zip(numbers, wanted, strict=True))
    ]
    stages = (least, numbers, roomy, wanted)
    return _shared(*next((pair for pair in pairwise(stages) if sum(pair[1]) > total), (wanted, wanted)), total)


def _text(cell: Cell) -> _Text:
    """The text of a cell with room for its marks."""
    return _Text(f"{cell.text}{'a' * len(cell.notes)}")


def _width(text: _Text) -> float:
    """Width of a text for each point of its height."""
    letters = (_LETTERS.get(letter, _UPPER if letter.isupper() else _LOWER) for letter in text.text)
    return INDENT * text.indent / 9.0 + 20 * _BOLDER * sum(letters)


def _shared(least: Sequence[float], wanted: Sequence[float], total: float) -> list[float]:
    """Widths between the least and the wanted ones that fill at most the total."""
    slack = sum(wanted) - sum(least)
    if sum(wanted) <= total:
        return list(wanted)
    if sum(least) >= total or not slack:
        return [width * total / sum(least) for width in least]
    part = (total - sum(least)) / slack
    return [low + part * (high - low) for low, high in zip(least, wanted, strict=True)]
