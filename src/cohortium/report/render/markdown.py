"""A table as Markdown: a pipe table, its title above, its notes below."""

from __future__ import annotations

import re

from cohortium.report.table import Cell, Row, Table
from cohortium.report.typeset import typeset

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~^])")


def render(table: Table) -> str:
    """The table as Markdown that renders in CommonMark with pipe tables; spanning headings are joined to their columns."""
    header = [": ".join(dict.fromkeys(filter(None, texts))) for texts in zip(*_spread(table), strict=True)]
    lines = [
        f"**{escaped(table.title)}**",
        "",
        _line(header),
        _line([":---", *["---:"] * table.n_columns]),
        *(_line(_row(table, row)) for row in table.rows),
    ]
    notes = [
        f"<sup>{escaped(letter)}</sup> {escaped(note)}" if letter else escaped(note) for letter, note in table.notes
    ]
    return "\n".join([*lines, *(text for note in notes for text in ("", note))]) + "\n"


def escaped(text: str) -> str:
    """The text, set for readers, with what Markdown would read as markup escaped."""
    return _SPECIAL.sub(r"\\\1", typeset(text))


def _spread(table: Table) -> list[list[str]]:
    return [[_marked(table, cell) for cell in line for _ in range(cell.span)] for line in table.header]


def _row(table: Table, row: Row) -> list[str]:
    stub = _marked(table, row.stub)
    if not row.cells:
        return [f"**{stub}**" if row.section else stub, *[""] * table.n_columns]
    return [f"{'&emsp;' * row.indent}{stub}", *(_marked(table, cell) for cell in row.cells)]


def _marked(table: Table, cell: Cell) -> str:
    marks = f"<sup>{escaped(table.marks(cell))}</sup>" if cell.notes else ""
    return f"{escaped(cell.text)}{marks}"


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
