"""Tables and figure data as CSV that no spreadsheet program takes for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from cohortium.report.formats import REFERENCE, plain
from cohortium.report.table import Cell, Table

_STARTS_FORMULA = tuple("=+-@|%\t\r\n") + tuple("\uff1d\uff0b\uff0d\uff20\uff5c\uff05")
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?([eE][+-]?[0-9]+)?")


def guarded(text: str) -> str:
    """The text, with a leading apostrophe when a spreadsheet would run it; numbers stay as they are."""
    visible = text.lstrip(" \u00a0\u200b\ufeff")
    risky = visible.startswith(_STARTS_FORMULA) and not _NUMBER.fullmatch(text)
    return f"'{text}" if risky else text


def lines(rows: Iterable[Sequence[object]]) -> str:
    """Rows of texts and numbers as CSV: None is empty, numbers keep every digit, text is guarded."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    for row in rows:
        writer.writerow(["" if value is None else guarded(str(value)) for value in row])
    return target.getvalue()


def render(table: Table) -> str:
    """The table as CSV: one header row; section, heading and level of a row in columns of their own."""
    with_sections = any(row.section for row in table.rows)
    rows: list[list[str]] = [[*(["Section"] if with_sections else []), *_header(table)]]
    section = heading = ""
    for row in table.rows:
        if row.section:
            section = row.stub.text
        elif row.indent == 0:
            heading = row.stub.text
        if row.cells:
            stub = [heading, row.stub.text if row.indent else ""]
            cells = [_as_ascii(cell.text) for cell in row.cells]
            rows.append([*([section] if with_sections else []), *stub, *cells])
    return lines(rows)


def _header(table: Table) -> list[str]:
    columns = [_spread(line) for line in table.header]
    joined = [": ".join(dict.fromkeys(text for text in texts if text)) for texts in zip(*columns, strict=True)]
    return [joined[0] or "Characteristic", "Level", *joined[1:]]


def _spread(line: tuple[Cell, ...]) -> list[str]:
    return [cell.text for cell in line for _ in range(cell.span)]


def _as_ascii(text: str) -> str:
    return "reference" if text == REFERENCE else plain(text)
