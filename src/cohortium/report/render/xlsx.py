"""A table as a spreadsheet: as printed, and every number behind it with all its digits. No cell is a formula."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from cohortium.governance.statements.xml_text import allowed
from cohortium.report.formats import plain
from cohortium.report.table import Cell, Table
from cohortium.report.typeset import typeset
from cohortium.results import COLUMNS

if TYPE_CHECKING:
    from cohortium.results import Statistic

_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+|(?=\.))(?:\.(\d+))?")
_NO_DAY = dt.datetime(1980, 1, 1)  # noqa: DTZ001 - a spreadsheet keeps no time zone
_STUB, _COLUMN = (24, 48), (10, 28)
"""Least and most letters that a column has room for."""
_LINE_POINTS = 13
_OPTIONS = {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}


def render(table: Table, statistics: Iterable[Statistic]) -> bytes:
    """A spreadsheet with the table as printed and the rows of the results table of its analyses.

    A cell that prints one number is that number, with the printed decimals as its format; a cell that prints several
    (`138 (60.5)`) is text, and its numbers stand apart on the second sheet.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, _OPTIONS)
    book.set_properties({"title": _set(table.title)[:255], "author": "", "created": _NO_DAY})
    _printed(book, table)
    _numbers(book, statistics)
    book.close()
    return buffer.getvalue()


def _printed(book: Any, table: Table) -> None:
    sheet = book.add_worksheet("Table")
    plain = {"font_name": "Arial", "font_size": 10, "valign": "top"}
    title = book.add_format({**plain, "bold": True})
    sheet.write_string(0, 0, _set(table.title), title)
    first = 2
    widths = _widths(table)
    _header(book, sheet, table, first, widths, plain)
    line = first + len(table.header)
    last = line + len(table.rows) - 1
    for number, row in enumerate(table.rows, start=line):
        rule = {"bottom": 1} if number == last else {}
        style = {**plain, **rule, "bold": row.section, "align": "left", "indent": row.indent}
        sheet.write_string(number, 0, _marked(table, row.stub), book.add_format(style))
        cells = row.cells or (Cell(""),) * table.n_columns
        for column, cell in enumerate(cells, start=1):
            _cell(book, sheet, (number, column), table, cell, {**plain, **rule, "align": "center"})
    for number, (letter, note) in enumerate(table.notes, start=last + 2):
        sheet.write_string(number, 0, _set(f"{letter} {note}".strip()), book.add_format({**plain, "font_size": 9}))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(line, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _widths(table: Table) -> list[int]:
    """Letters that the stub and each column have room for: all of their longest cell, within reason."""
    rows = [(row.stub, *row.cells) for row in table.rows if row.cells]
    longest = [max((len(_marked(table, cell)) for cell in column), default=0) for column in zip(*rows, strict=True)]
    stub, *others = longest or [0] * (table.n_columns + 1)
    return [min(max(stub + 2, _STUB[0]), _STUB[1]), *(min(max(n + 2, _COLUMN[0]), _COLUMN[1]) for n in others)]


def _header(book: Any, sheet: Any, table: Table, first: int, widths: Sequence[int], plain: dict[str, Any]) -> None:
    for number, cells in enumerate(table.header):
        n_lines = 1
        rules = ({"top": 1} if number == 0 else {}) | ({"bottom": 1} if number == len(table.header) - 1 else {})
        style = {**plain, **rules, "bold": True, "text_wrap": True, "align": "center"}
        column = 0
        for cell in cells:
            form = book.add_format({**style, "align": "left"} if column == 0 else style)
            text = _marked(table, cell)
            # Bold letters are wider, and not every program finds the height of a row by itself.
            n_lines = max(n_lines, len(wrap(text, int(0.85 * sum(widths[column : column + cell.span])))))
            if cell.span > 1:
                sheet.merge_range(first + number, column, first + number, column + cell.span - 1, text, form)
            else:
                sheet.write_string(first + number, column, text, form)
            column += cell.span
        sheet.set_row(first + number, _LINE_POINTS * n_lines + 2)


def _cell(book: Any, sheet: Any, place: tuple[int, int], table: Table, cell: Cell, style: dict[str, Any]) -> None:
    text = plain(cell.text)
    number = _NUMBER.fullmatch(text)
    if number is None:
        sheet.write_string(*place, _marked(table, cell), book.add_format(style))
        return
    form = book.add_format({**style, "num_format": _number_format(text, len(number[1] or ""), table.marks(cell))})
    sheet.write_number(*place, float(text.replace(",", "")), form)


def _number_format(text: str, decimals: int, marks: str) -> str:
    """How a number is shown so that it looks as printed, the marks of its notes beside it."""
    whole = "" if text.startswith(".") else "#,##0" if "," in text else "0"
    tenths = f".{'0' * decimals}" if decimals else ""
    return whole + tenths + (f'" [{marks}]"' if marks else "")


def _marked(table: Table, cell: Cell) -> str:
    return _set(f"{cell.text} [{table.marks(cell)}]" if cell.notes else cell.text)


def _set(text: str) -> str:
    return typeset(allowed(text))


def _numbers(book: Any, statistics: Iterable[Statistic]) -> None:
    sheet = book.add_worksheet("Numbers")
    head = book.add_format({"bold": True, "font_name": "Arial", "font_size": 10})
    for column, name in enumerate(COLUMNS):
        sheet.write_string(0, column, name, head)
    for line, statistic in enumerate(statistics, start=1):
        _values(sheet, line, [getattr(statistic, name) for name in COLUMNS])
    sheet.freeze_panes(1, 0)


def _values(sheet: Any, line: int, values: Sequence[object]) -> None:
    for column, value in enumerate(values):
        if isinstance(value, (int, float)):
            sheet.write_number(line, column, value)
        elif value:
            sheet.write_string(line, column, allowed(str(value)))
