"""How a table is set on a page of a Word file: upright or turned, the size of its letters, the width of each column.

Numbers are kept on one line; what wraps are headings and the names of rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cohortium.report.render.text_width import width_points
from cohortium.report.table import Cell, Table
from cohortium.report.typeset import typeset

INDENT = 200
PADDING = 60
"""Space at the left and the right of a cell, in twentieths of a point, as every width here."""
_PAGE = {False: 9360, True: 12960}
"""Width between the margins of a page, upright and turned."""
_TRIED = ((False, 9.0), (False, 8.0), (True, 9.0), (True, 8.0), (True, 7.0))
_LONGEST_NUMBER = 34
"""Letters after which a cell is words, which may wrap."""
_LEAST_STUB, _WANTED_STUB, _WANTED_HEAD = 22, 48, 16
"""Letters that a stub has room for at least and at most, and a heading of a column."""
_AIR = 60.0
_RAISED = 0.65


@dataclass(frozen=True, slots=True)
class Layout:
    """Whether the page is turned, the size of letters in points, the width of each column."""

    is_turned: bool
    points: float
    widths: tuple[int, ...]


@lru_cache(maxsize=64)
def layout(table: Table) -> Layout:
    """The first of upright and turned pages, large letters before small, on which every number keeps to one line."""
    for is_turned, points in _TRIED:
        least = [_least(column, points) for column in _columns(table)]
        if sum(least) <= _PAGE[is_turned]:
            break
    wanted = [max(low, _wanted(column, points)) for low, column in zip(least, _columns(table), strict=True)]
    widths = _shared(least, wanted, _PAGE[is_turned])
    return Layout(is_turned, points, tuple(round(width) for width in _spanned(table, widths, points)))


@dataclass(frozen=True, slots=True)
class _Column:
    """Texts of a column with their notes' marks apart: heads, cells of the body with their indents."""

    is_stub: bool
    heads: tuple[tuple[str, str], ...]
    cells: tuple[tuple[str, str, int], ...]


def _columns(table: Table) -> Iterator[_Column]:
    rows = [row for row in table.rows if row.cells]
    for place in range(table.n_columns + 1):
        heads = tuple(_text(table, cell) for line in table.header for cell in _alone(line, place))
        cells = tuple((*_text(table, (row.stub, *row.cells)[place]), 0 if place else row.indent) for row in rows)
        yield _Column(place == 0, heads, cells)


def _alone(line: tuple[Cell, ...], place: int) -> Iterator[Cell]:
    """The cell of a line of headings over a column, unless it spans others."""
    start = 0
    for cell in line:
        if start == place and cell.span == 1:
            yield cell
        start += cell.span


def _text(table: Table, cell: Cell) -> tuple[str, str]:
    return typeset(cell.text), table.marks(cell) if cell.notes else ""


def _least(column: _Column, points: float) -> float:
    """The width below which a number would wrap, or a word break."""
    widest = [_widest_word(text, marks, points, bold=True) for text, marks in column.heads]
    for text, marks, indent in column.cells:
        if column.is_stub:
            widest.append(_widest_word(text, marks, points) + INDENT * indent)
        elif len(text) <= _LONGEST_NUMBER:
            widest.append(_line(text, marks, points))
        else:
            widest.append(_widest_word(text, marks, points))
    if column.is_stub:
        longest = max((_line(text, marks, points) + INDENT * indent for text, marks, indent in column.cells), default=0)
        widest.append(min(longest, _line("n" * _LEAST_STUB, "", points)))
    return max(widest, default=0.0) + 2 * PADDING + _AIR


def _wanted(column: _Column, points: float) -> float:
    """The width at which nothing wraps, as far as it is reasonable."""
    most = _line("n" * (_WANTED_STUB if column.is_stub else _WANTED_HEAD), "", points)
    lines = [_line(text, marks, points, bold=True) for text, marks in column.heads]
    lines += [_line(text, marks, points) + INDENT * indent for text, marks, indent in column.cells]
    return min(max(lines, default=0.0), most) + 2 * PADDING + _AIR


def _line(text: str, marks: str, points: float, *, bold: bool = False) -> float:
    return 20 * (width_points(text, points, bold=bold) + _RAISED * width_points(marks, points))


def _widest_word(text: str, marks: str, points: float, *, bold: bool = False) -> float:
    words = text.split(" ") or [""]
    last = _line(words[-1], marks, points, bold=bold)
    return max([last, *(_line(word, "", points, bold=bold) for word in words[:-1])])


def _spanned(table: Table, widths: Sequence[float], points: float) -> list[float]:
    """Columns widened where the longest word of a heading over several of them has no room."""
    wide = list(widths)
    for line in table.header:
        start = 0
        for cell in line:
            place = slice(start, start + cell.span)
            start += cell.span
            lack = _widest_word(*_text(table, cell), points, bold=True) + 2 * PADDING - sum(wide[place])
            if cell.span > 1 and 0 < lack <= _PAGE[True] - sum(wide):
                wide[place] = [width + lack / cell.span for width in wide[place]]
    return wide


def _shared(least: Sequence[float], wanted: Sequence[float], total: float) -> list[float]:
    """Widths between the least and the wanted ones that fill at most the total."""
    slack = sum(wanted) - sum(least)
    if sum(wanted) <= total:
        return list(wanted)
    if sum(least) >= total or not slack:
        return [width * total / sum(least) for width in least]
    part = (total - sum(least)) / slack
    return [low + part * (high - low) for low, high in zip(least, wanted, strict=True)]
