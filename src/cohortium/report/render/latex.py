"""A table as LaTeX: three rules (booktabs), notes below (threeparttable)."""

from __future__ import annotations

import re
from itertools import accumulate

from cohortium.report.table import Cell, Row, Table

_ESCAPES = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "\N{MINUS SIGN}": "$-$", "\N{EN DASH}": "--", "\N{EM DASH}": "---", "\N{NO-BREAK SPACE}": "~",
    "\N{LESS-THAN OR EQUAL TO}": r"$\leq$", "\N{GREATER-THAN OR EQUAL TO}": r"$\geq$", "\N{MULTIPLICATION SIGN}": r"$\times$",
    "\N{MIDDLE DOT}": r"\textperiodcentered{}", "\N{THIN SPACE}": r"\,", "\N{DAGGER}": r"\textdagger{}",
    "\N{DOUBLE DAGGER}": r"\textdaggerdbl{}", "\N{SECTION SIGN}": r"\S{}", "\N{PILCROW SIGN}": r"\P{}",
}  # fmt: skip
_CHARACTERS = {code: character for character, code in _ESCAPES.items()}
_UNESCAPE = re.compile("|".join(map(re.escape, sorted(_CHARACTERS, key=len, reverse=True))))
_QUAD = r"\quad "
_ESCAPE = re.compile("|".join(map(re.escape, _ESCAPES)))


def render(table: Table) -> str:
    r"""The table as a `table` environment; the preamble needs `\usepackage{booktabs,threeparttable}`."""
    columns = "l" + "c" * table.n_columns
    body = [line for row in table.rows for line in _row(table, row)]
    notes = [rf"\item[{escaped(letter)}] {escaped(note)}" for letter, note in table.notes]
    return "\n".join(
        [
            r"% Needs \usepackage{booktabs,threeparttable}",
            r"\begin{table}",
            r"\begin{threeparttable}",
            rf"\caption{{{escaped(table.title)}}}",
            rf"\begin{{tabular}}{{@{{}}{columns}@{{}}}}",
            r"\toprule",
            *_header(table),
            r"\midrule",
            *body,
            r"\bottomrule",
            r"\end{tabular}",
            *([r"\begin{tablenotes}\footnotesize", *notes, r"\end{tablenotes}"] if notes else []),
            r"\end{threeparttable}",
            r"\end{table}",
            "",
        ]
    )


def escaped(text: str) -> str:
    """The text with every character that LaTeX would act on escaped."""
    return _ESCAPE.sub(lambda match: _ESCAPES[match[0]], text)


def unescaped(text: str) -> str:
    r"""The text that was escaped.

    >>> unescaped(escaped("p < 0.05 & 3 %"))
    'p < 0.05 & 3 %'
    """
    return _UNESCAPE.sub(lambda match: _CHARACTERS[match[0]], text)


def _header(table: Table) -> list[str]:
    lines = []
    for line in table.header:
        lines.append(_line([_spanned(table, cell) for cell in line]))
        ends = list(accumulate(cell.span for cell in line))
        rules = [
            rf"\cmidrule(lr){{{end - cell.span + 1}-{end}}}"
            for cell, end in zip(line, ends, strict=True)
            if cell.span > 1
        ]
        lines += ["".join(rules)] if rules else []
    return lines


def _spanned(table: Table, cell: Cell) -> str:
    text = _marked(table, cell)
    return rf"\multicolumn{{{cell.span}}}{{c}}{{{text}}}" if cell.span > 1 else text


def _row(table: Table, row: Row) -> list[str]:
    stub = _marked(table, row.stub)
    if not row.cells:
        return [r"\addlinespace", _line([rf"\multicolumn{{{table.n_columns + 1}}}{{@{{}}l}}{{\textbf{{{stub}}}}}"])]
    return [_line([_QUAD * row.indent + stub, *(_marked(table, cell) for cell in row.cells)])]


def _marked(table: Table, cell: Cell) -> str:
    marks = rf"\tnote{{{escaped(table.marks(cell))}}}" if cell.notes else ""
    return f"{escaped(cell.text)}{marks}"


def _line(cells: list[str]) -> str:
    return f"{' & '.join(cells)} \\\\"
