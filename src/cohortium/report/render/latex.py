"""A table as LaTeX: three rules (booktabs), columns as wide as on a page of a Word file, notes below.

A table of many rows is a `longtable` whose head repeats on each page; one that needs a turned page is turned.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate

from cohortium.report.render.word_layout import PADDING, Layout, layout
from cohortium.report.table import Cell, Row, Table
from cohortium.report.typeset import typeset

_ESCAPES = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "\N{MINUS SIGN}": "$-$", "\N{EN DASH}": "--", "\N{EM DASH}": "---", "\N{NO-BREAK SPACE}": "~",
    "\N{LESS-THAN OR EQUAL TO}": r"$\leq$", "\N{GREATER-THAN OR EQUAL TO}": r"$\geq$", "\N{MULTIPLICATION SIGN}": r"$\times$",
    "\N{MIDDLE DOT}": r"\textperiodcentered{}", "\N{THIN SPACE}": r"\,", "\N{DAGGER}": r"\textdagger{}",
    "\N{DOUBLE DAGGER}": r"\textdaggerdbl{}", "\N{SECTION SIGN}": r"\S{}", "\N{PILCROW SIGN}": r"\P{}",
    "\N{HORIZONTAL ELLIPSIS}": r"\ldots{}", "\N{MICRO SIGN}": r"$\mu$", "\N{GREEK SMALL LETTER MU}": r"$\mu$",
    "\N{GREEK SMALL LETTER TAU}": r"$\tau$", "\N{GREEK SMALL LETTER CHI}": r"$\chi$", "\N{GREEK SMALL LETTER BETA}": r"$\beta$",
    "\N{SUPERSCRIPT MINUS}": r"\textsuperscript{$-$}",
    **{raised: rf"\textsuperscript{{{digit}}}" for digit, raised in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
}  # fmt: skip
_CHARACTERS = {code: character for character, code in _ESCAPES.items()}
_UNESCAPE = re.compile("|".join(map(re.escape, sorted(_CHARACTERS, key=len, reverse=True))))
_QUAD = r"\quad "
_MOST_ROWS = 45
"""Rows and notes of a table that one page has room for."""
_SMALL = 8.0
_ESCAPE = re.compile("|".join(map(re.escape, _ESCAPES)))


def render(table: Table) -> str:
    r"""The table as a `table`, or a `longtable` when a page has no room for its rows; the first line names the packages."""
    is_long = len(table.rows) + len(table.notes) > _MOST_ROWS
    plan = layout(table)
    lines = _long(table, plan) if is_long else _short(table, plan)
    turns = {(True, True): "pdflscape", (True, False): "rotating"}.get((plan.is_turned, is_long))
    packages = ["array", "booktabs", "longtable" if is_long else "threeparttable", *([turns] if turns else [])]
    needed = rf"% Needs \usepackage{{{','.join(packages)}}}; letters beyond Latin ones need XeLaTeX or LuaLaTeX."
    return "\n".join([needed, *lines, ""])


def _short(table: Table, plan: Layout) -> list[str]:
    place = "sidewaystable" if plan.is_turned else "table"
    notes = [rf"\item[{escaped(letter)}] {escaped(note)}" for letter, note in table.notes]
    return [
        rf"\begin{{{place}}}",
        *_form(plan),
        r"\begin{threeparttable}",
        rf"\caption{{{escaped(table.title)}}}",
        rf"\begin{{tabular}}{{{_columns(plan)}}}",
        r"\toprule",
        *_header(table, plan),
        r"\midrule",
        *(line for row in table.rows for line in _row(table, row)),
        r"\bottomrule",
        r"\end{tabular}",
        *([r"\begin{tablenotes}\footnotesize", *notes, r"\end{tablenotes}"] if notes else []),
        r"\end{threeparttable}",
        rf"\end{{{place}}}",
    ]


def _long(table: Table, plan: Layout) -> list[str]:
    head = [r"\toprule", *_header(table, plan), r"\midrule"]
    body = [
        r"\begingroup",
        *_form(plan),
        # Outside of `threeparttable` a mark is a superscript.
        r"\providecommand{\tnote}[1]{\textsuperscript{#1}}",
        rf"\begin{{longtable}}{{{_columns(plan)}}}",
        rf"\caption{{{escaped(table.title)}}}\\",
        *[*head, r"\endfirsthead"],
        *[*head, r"\endhead"],
        *[r"\bottomrule", r"\endfoot"],
        *(line for row in table.rows for line in _row(table, row)),
        r"\end{longtable}",
        *(rf"\par\noindent {_mark(letter)}{escaped(note)}" for letter, note in table.notes),
        r"\par\endgroup",
    ]
    return [r"\begin{landscape}", *body, r"\end{landscape}"] if plan.is_turned else body


def _form(plan: Layout) -> list[str]:
    size = r"\scriptsize" if plan.points < _SMALL else r"\footnotesize"
    return [size, rf"\setlength{{\tabcolsep}}{{{PADDING / 20:g}pt}}"]


def _columns(plan: Layout) -> str:
    """Columns of fixed width: names of rows to the left, numbers centered."""
    sides = [r"\raggedright", *[r"\centering"] * (len(plan.widths) - 1)]
    columns = [rf">{{{side}\arraybackslash}}p{{{_width([w])}}}" for side, w in zip(sides, plan.widths, strict=True)]
    return f"@{{}}{''.join(columns)}@{{}}"


def _width(widths: Sequence[int]) -> str:
    """Room for text in columns together, without the space at both ends."""
    return f"{(sum(widths) - 2 * PADDING) / 20:.1f}pt"


def _mark(letter: str) -> str:
    return rf"\textsuperscript{{{escaped(letter)}}} " if letter else ""


def escaped(text: str) -> str:
    """The text, set for readers, with every character that LaTeX would act on escaped."""
    return _ESCAPE.sub(lambda match: _ESCAPES[match[0]], typeset(text))


def unescaped(text: str) -> str:
    r"""The text that was escaped.

    >>> unescaped(escaped("p < 0.05 & 3 %"))
    'p < 0.05 & 3 %'
    """
    return _UNESCAPE.sub(lambda match: _CHARACTERS[match[0]], text)


def _header(table: Table, plan: Layout) -> list[str]:
    lines = []
    for line in table.header:
        ends = list(accumulate(cell.span for cell in line))
        places = [slice(end - cell.span, end) for cell, end in zip(line, ends, strict=True)]
        lines.append(_line([_spanned(table, cell, plan.widths[at]) for cell, at in zip(line, places, strict=True)]))
        rules = [rf"\cmidrule(lr){{{at.start + 1}-{at.stop}}}" for at in places if at.stop - at.start > 1]
        lines += ["".join(rules)] if rules else []
    return lines


def _spanned(table: Table, cell: Cell, widths: Sequence[int]) -> str:
    text = _marked(table, cell)
    if cell.span == 1:
        return text
    return rf"\multicolumn{{{cell.span}}}{{>{{\centering\arraybackslash}}p{{{_width(widths)}}}}}{{{text}}}"


def _row(table: Table, row: Row) -> list[str]:
    stub = _marked(table, row.stub)
    if not row.cells:
        named = rf"\textbf{{{stub}}}" if row.section else stub
        return [r"\addlinespace", _line([rf"\multicolumn{{{table.n_columns + 1}}}{{@{{}}l}}{{{named}}}"])]
    return [_line([_QUAD * row.indent + stub, *(_marked(table, cell) for cell in row.cells)])]


def _marked(table: Table, cell: Cell) -> str:
    marks = rf"\tnote{{{escaped(table.marks(cell))}}}" if cell.notes else ""
    return f"{escaped(cell.text)}{marks}"


def _line(cells: list[str]) -> str:
    # A line end reads a star or bracket after it as its own.
    guard = "{}" if cells[0].startswith(("*", "[")) else ""
    return f"{guard}{' & '.join(cells)} \\\\"
