"""A table as it was written against the results table: every number, every percentage, every sum."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from cohortium.consistency.behind import Behind, Pool, any_printed
from cohortium.consistency.printed_rows import PrintedCell, Token, table_cells, table_heads, tokens
from cohortium.errors import Problem
from cohortium.proofreading.printed import INTEGER, REAL, Printed, printed

if TYPE_CHECKING:
    from cohortium.consistency.behind import Rows
    from cohortium.study.model import Table
    from cohortium.study.study import Study

_HEAD_SIZE = re.compile(rf"\([Nn] = (?P<n>{INTEGER})\)")
_COUNT = re.compile(rf"(?P<n>{INTEGER})(?:/(?P<total>{INTEGER}))? \((?P<percent>\d+(?:\.\d+)?)%?\)")
_INTERVAL = re.compile(rf"{REAL} \({REAL} to {REAL}\)")
_SHARE = re.compile(rf"{INTEGER}/{INTEGER}(?: |$)")
_TOTAL = "Total"
# Published numbers are declared in the study file, and the study's own beside them are looked up by reference.
_OF_OTHERS = ("published",)
_SLACK = 1e-6
# Weighted and imputed counts are no counts of patients.
_NO_COUNTS = ("balance",)
# Their summary counts the institutions that could contribute, which are some of the rows above.
_PARTIAL_SUMS = ("meta-analysis",)


def check_table(study: Study, rows: Rows, spec: Table, text: str, place: str) -> Iterator[Problem]:
    """What a table prints that the results table does not give.

    rows   of the results table, by analysis
    text   the table as CSV
    place  the file, as a message names it
    """
    if spec.kind in _OF_OTHERS:
        return
    behind = Behind(study, rows, spec.analyses)
    yield from _heads(behind, table_heads(text), place)
    above: dict[str, _Sum] = {}
    for cell in table_cells(text, place):
        count = _COUNT.fullmatch(cell.text) if spec.kind not in _NO_COUNTS and _is_percent(cell) else None
        sums = above.get(cell.head, _Sum(0.0, 0.0, 0))._replace(is_partial=spec.kind in _PARTIAL_SUMS)
        yield from _numbers(behind, cell, sums, is_count=count is not None)
        if count:
            yield from _percentage(behind, cell, count)
        yield from _total(above, cell)


def _heads(behind: Behind, heads: list[str], place: str) -> Iterator[Problem]:
    for head in heads:
        if (match := _HEAD_SIZE.search(head)) and int(match["n"].replace(",", "")) not in behind.pool((), head).sizes:
            yield Problem(
                f"{place}, row 1", f"«{head}» is not the number of patients of that group in the results table"
            )


def _is_percent(cell: PrintedCell) -> bool:
    return any("%" in words for words in (*cell.words, cell.head))


def _numbers(behind: Behind, cell: PrintedCell, above: _Sum, *, is_count: bool) -> Iterator[Problem]:
    """Numbers of a cell that no row gives, nor the sum of the column above; a percentage is checked with its count."""
    pool = behind.pool(cell.words, cell.head)
    found = tokens(cell.text)[:-1] if is_count else tokens(cell.text)
    missing = [token for token in found if not pool.holds(token) and not above.gives(token.number)]
    if missing:
        row = ", ".join(cell.words)
        yield Problem(cell.place, f"«{cell.text}» ({row}; {cell.head}): {_listed(missing)} not in the results table")
    elif not above.n or cell.words[-1:] != (_TOTAL,):
        yield from _together(behind.pool(cell.words, cell.head), cell, found)


def _together(pool: Pool, cell: PrintedCell, found: list[Token]) -> Iterator[Problem]:
    """Numbers of a cell that are each in the results table, but not of one row: limits, quartiles, n/N."""
    known: Sequence[tuple[float, ...]] = ()
    if _INTERVAL.fullmatch(cell.text):
        named = (cell.head, *cell.words)
        known = pool.quartiles if any("(Q1 to Q3)" in name for name in named) else pool.intervals
    elif _SHARE.match(cell.text):
        known, found = tuple(pool.shares), found[:2]
    if known and not any(token.sign for token in found) and not any_printed(known, found):
        row = ", ".join(cell.words)
        yield Problem(
            cell.place, f"«{cell.text}» ({row}; {cell.head}): no row of the results table has these numbers together"
        )


def _listed(missing: list[Token]) -> str:
    shown = ", ".join(f"{token.sign}{token.number.value:g}" for token in missing)
    return f"{shown} {'is' if len(missing) == 1 else 'are'}"


def _percentage(behind: Behind, cell: PrintedCell, count: re.Match[str]) -> Iterator[Problem]:
    """A count with a percentage that neither its own denominator nor one of its group gives."""
    n, percent = _whole(count["n"]), printed(count["percent"])
    totals = [_whole(count["total"])] if count["total"] else behind.pool(cell.words, cell.head).sizes
    if not any(n <= total and percent.is_rounding_of(100 * n / total) for total in totals if total):
        what = f"{n} of {count['total']}" if count["total"] else f"{n} of no group here"
        yield Problem(
            cell.place, f"«{cell.text}» ({', '.join(cell.words)}; {cell.head}): {what} is {count['percent']}%"
        )


class _Sum(NamedTuple):
    """The rows above in a column: their sum, how far rounding lets it be off, how many they are."""

    total: float
    slack: float
    n: int
    is_partial: bool = False

    def gives(self, number: Printed) -> bool:
        """Whether the sum, or that of some rows where it is partial, would be printed as the number."""
        if self.is_partial and number.step >= 1 and self.n > 1:
            return number.value <= self.total
        return self.n > 1 and abs(self.total - number.value) <= self.slack + _half(number) + _SLACK


def _half(number: Printed) -> float:
    return 0.0 if number.step >= 1 else number.step / 2


def _total(above: dict[str, _Sum], cell: PrintedCell) -> Iterator[Problem]:
    """A row named `Total` against the sum of the rows above it, as far as rounding allows."""
    first = next(iter(tokens(cell.text)), None)
    if first is None or first.sign:
        return
    number, sums = first.number, above.get(cell.head, _Sum(0.0, 0.0, 0))
    if cell.words[-1:] != (_TOTAL,):
        above[cell.head] = _Sum(sums.total + number.value, sums.slack + _half(number), sums.n + 1)
    elif sums.n > 1 and not sums.gives(number):
        yield Problem(cell.place, f"«{cell.text}» ({cell.head}) is the total of rows that add up to {sums.total:g}")


def _whole(text: str) -> int:
    return int(text.replace(",", ""))
