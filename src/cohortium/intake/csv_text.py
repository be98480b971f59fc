"""CSV text to columns of text with line numbers; it converts nothing and drops nothing.

A line that does not have as many cells as the header is reported, never padded or cut.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from cohortium.intake.plain_text import plain_columns
from cohortium.intake.source import refused

MAX_LINE_CHARACTERS = 1_000_000
MAX_LINES = 2_000_000
MAX_COLUMNS = 10_000
MAX_FAULTS = 1000
_CHUNK_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Fault:
    """A line whose cells cannot be told apart, or a remark on how the file is written."""

    line: int
    rule: str
    expected: str


@dataclass(frozen=True, slots=True)
class CsvRows:
    """The kept columns of a CSV file.

    cells   text columns named by header; as many rows as the file has records
    lines   (n,) line of the file on which each record starts
    faults  lines that break the form; when there are any, the rows must not be used
    remarks lines that are worth a note
    """

    cells: pl.DataFrame = field(repr=False)
    lines: pl.Series = field(repr=False)
    faults: tuple[Fault, ...]
    remarks: tuple[Fault, ...]


class CsvFile:
    """A CSV file opened at its first record: the header first, then the rows of the chosen columns.

    Lines at the start that begin with `#` are comments. Empty lines between records are passed over.
    """

    def __init__(self, data: bytes, encoding: str, delimiter: str, where: str) -> None:
        self._where = where
        self._delimiter = delimiter
        self._lines = _Lines(io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline=""), where)
        self._reader = csv.reader(self._lines, delimiter=delimiter, strict=True)
        try:
            header = next((cells for cells in self._reader if cells), None)
        except csv.Error:
            raise self._broken_header() from None
        if header is None:
            raise refused(where, "the file is empty", "export the site's rows again, with a header line")
        if len(header) > MAX_COLUMNS:
            raise refused(f"{where}:{self._lines.number}", f"has more than {MAX_COLUMNS:,} columns")
        self.header_line: int = self._lines.number
        self.header: tuple[str, ...] = tuple(name.strip() for name in header)

    def _broken_header(self) -> Exception:
        return refused(f"{self._where}:{self._lines.number}", "the header's quotation marks do not match")

    def read_rows(self, kept: Sequence[int]) -> CsvRows:
        """Every record, with the cells at the given positions; the others are not looked at.

        Raises
            SiteDataError: a line is over 1,000,000 characters, a cell is over 131,072, the file has over 2,000,000
                lines, or a NUL stands in the text.
        """
        names = [self.header[position] for position in kept]
        if (plain := self._plain_rows(names, kept)) is not None:
            return plain
        chunks = [_frame(names, [])]
        lines: list[int] = []
        faults: list[Fault] = []
        remarks: list[Fault] = []
        rows: list[list[str]] = []
        for line, cells in self._records(faults, remarks):
            lines.append(line)
            rows.append([cells[position] for position in kept])
            if len(rows) == _CHUNK_ROWS:
                chunks.append(_frame(names, rows))
                rows = []
        chunks.append(_frame(names, rows))
        return CsvRows(pl.concat(chunks), pl.Series("line", lines, dtype=pl.Int64), tuple(faults), tuple(remarks))

    def _plain_rows(self, names: Sequence[str], kept: Sequence[int]) -> CsvRows | None:
        """Every record at once where the text is plain."""
        before, rest = self._lines.number, self._lines.rest()
        plain = plain_columns(rest, self._lines.ending, self._delimiter, len(self.header), kept)
        if plain is None or before + rest.count("\n") >= MAX_LINES:
            return None
        place, columns = plain
        cells = pl.DataFrame([column.alias(name) for name, column in zip(names, columns, strict=True)])
        return CsvRows(cells, (place + before + 1).cast(pl.Int64).alias("line"), (), ())

    def _records(self, faults: list[Fault], remarks: list[Fault]) -> Iterator[tuple[int, list[str]]]:
        n_columns = len(self.header)
        ending = self._lines.ending
        ragged = f"{n_columns} cells, as in the header (line {self.header_line})"
        while True:
            line = self._lines.number + 1
            try:
                cells = next(self._reader, None)
            except csv.Error as error:
                faults.append(self._broken(line, error))
                return
            if cells is None:
                return
            if not cells:
                continue
            if self._lines.ending not in (ending, "") and not remarks:
                remarks.append(Fault(line, "mixed-line-ends", "one kind of line end in the whole file"))
            if len(cells) == n_columns:
                yield line, cells
                continue
            is_last = len(faults) + 1 == MAX_FAULTS
            stopped = f"; reading stopped here, after {MAX_FAULTS:,} such lines" if is_last else ""
            faults.append(Fault(line, "ragged-line", f"{ragged}; found {len(cells)}{stopped}"))
            if is_last:
                return

    def _broken(self, line: int, error: csv.Error) -> Fault:
        if str(error).startswith("field larger"):
            hint = "a quotation mark that is not closed reads on to the end of the file"
            raise refused(f"{self._where}:{line}", "holds a cell of more than 131,072 characters", hint) from None
        return Fault(line, "broken-quotes", "quotation marks in pairs around a cell, and doubled within it")


class _Lines:
    """Lines of the text, counted and limited in length; comment lines at the start are passed over."""

    def __init__(self, text: io.TextIOBase, where: str) -> None:
        self._text = text
        self._where = where
        self._in_comments = True
        self.number = 0
        self.ending = ""

    def rest(self) -> str:
        """All text that has not been read; it can still be read line by line."""
        text = self._text.read()
        self._text = io.StringIO(text, newline="")
        return text

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        while True:
            line = self._text.readline(MAX_LINE_CHARACTERS + 1)
            if not line:
                raise StopIteration
            self.number += 1
            if len(line) > MAX_LINE_CHARACTERS:
                raise refused(f"{self._where}:{self.number}", f"is longer than {MAX_LINE_CHARACTERS:,} characters")
            if self.number > MAX_LINES:
                raise refused(self._where, f"has more than {MAX_LINES:,} lines; expected one row a patient")
            if "\0" in line:
                raise refused(f"{self._where}:{self.number}", "holds a NUL character, which no text file has")
            if self._in_comments and line.startswith("#"):
                continue
            self._in_comments = False
            self.ending = "\r\n" if line.endswith("\r\n") else line[-1] if line[-1] in "\r\n" else ""
            return line


def _frame(names: Sequence[str], rows: Sequence[Sequence[str]]) -> pl.DataFrame:
    columns = zip(*rows, strict=True) if rows else ([] for _ in names)
    series = [pl.Series(name, cells, dtype=pl.String) for name, cells in zip(names, columns, strict=True)]
    return pl.DataFrame(series)
