"""A table as aligned plain text, for the terminal and for expected outputs."""

from __future__ import annotations

from cohortium.report.table import Cell, Row, Table

_GAP = "  "


def render(table: Table) -> str:
    """The table between three rules, its notes below."""
    header = [_texts(table, line) for line in table.header]
    body = [_row(table, row) for row in table.rows]
    spread = [cells for cells, line in zip(header, table.header, strict=True) if all(cell.span == 1 for cell in line)]
    widths = [max(map(len, column)) for column in zip(*spread, *body, strict=True)]
    rule = "-" * (sum(widths) + len(_GAP) * (len(widths) - 1))
    top = [_spanned(table, line, widths) for line in table.header]
    lines = [table.title, rule, *top, rule, *(_aligned(cells, widths) for cells in body), rule]
    lines += [f"{letter} {note}" if letter else note for letter, note in table.notes]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _texts(table: Table, line: tuple[Cell, ...]) -> list[str]:
    return [_marked(table, cell) for cell in line for _ in range(cell.span)]


def _row(table: Table, row: Row) -> list[str]:
    stub = "  " * row.indent + _marked(table, row.stub)
    cells = [_marked(table, cell) for cell in row.cells] or [""] * table.n_columns
    return [stub, *cells]


def _marked(table: Table, cell: Cell) -> str:
    return f"{cell.text} [{table.marks(cell)}]" if cell.notes else cell.text


def _spanned(table: Table, line: tuple[Cell, ...], widths: list[int]) -> str:
    texts, start = [], 0
    for cell in line:
        width = sum(widths[start : start + cell.span]) + len(_GAP) * (cell.span - 1)
        texts.append(_marked(table, cell).ljust(width))
        start += cell.span
    return _GAP.join(texts)


def _aligned(cells: list[str], widths: list[int]) -> str:
    return _GAP.join(text.ljust(width) for text, width in zip(cells, widths, strict=True))
