"""One file of a site, opened at its first record, with the columns under our names."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from cohortium.intake.csv_text import CsvFile, CsvRows
from cohortium.intake.encoding import find_encoding
from cohortium.intake.locate import Rows
from cohortium.intake.source import read_source
from cohortium.study.queries import Query
from cohortium.study.site_files import SITES
from cohortium.study.site_mapping import TableHabits
from cohortium.study.study import Study


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that a site's rows came from.

    path       relative to the study directory, with forward slashes
    sha256     of its bytes, in hexadecimal
    encoding   the codec that was used
    n_rows     records in the file, without the header; 0 for a file that holds none, such as a mapping
    """

    path: str
    sha256: str
    encoding: str
    n_rows: int


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file whose header has been read.

    where    path relative to the study directory
    header   column names, ours where the site's mapping names them
    """

    where: str
    sha256: str
    encoding: str
    header: tuple[str, ...]
    header_line: int
    csv: CsvFile = field(repr=False)

    @property
    def header_place(self) -> str:
        """Place of the header as messages show it."""
        return f"{self.where}:{self.header_line}"

    def read(self, names: Sequence[str]) -> CsvRows:
        """The rows of columns that the header holds, under our names."""
        read = self.csv.read_rows([self.header.index(name) for name in names])
        return CsvRows(pl.DataFrame(dict(zip(names, read.cells, strict=True))), read.lines, read.faults, read.remarks)

    def source(self, n_rows: int) -> SourceFile:
        """The file as the manifest records it."""
        return SourceFile(self.where, self.sha256, self.encoding, n_rows)


def file_place(site_id: str, file: str) -> str:
    """Path of a site's file relative to the study directory."""
    return f"{SITES}/{site_id}/{file}"


def open_file(study: Study, directory: str, file: str, habits: TableHabits) -> OpenFile:
    """Open a file of a directory of the study.

    directory  path relative to the study directory, e.g. `sites/site-01`
    file       the study's name of the file; that of the site's mapping comes first

    Raises
        SiteDataError: the file is missing or cannot be read.
    """
    section = study.file.data
    name = habits.file or file
    where = f"{directory}/{name}"
    data = read_source(study.directory / directory / name, where)
    encodings = section.encodings if habits.encoding is None else (habits.encoding,)
    encoding = find_encoding(data, encodings, where)
    csv_file = CsvFile(data, encoding, habits.delimiter or section.delimiter, where)
    header = our_names(csv_file.header, habits)
    return OpenFile(where, hashlib.sha256(data).hexdigest(), encoding, header, csv_file.header_line, csv_file)


def our_names(header: Sequence[str], habits: TableHabits) -> tuple[str, ...]:
    """The header with our names for the site's; a column that has our name and is not the one meant loses it."""
    ours = {theirs: name for name, theirs in habits.columns.items()}
    return tuple(ours.get(name, "" if name in habits.columns else name) for name in header)


def trimmed(cells: pl.DataFrame, missing_codes: Sequence[str], key: str) -> pl.DataFrame:
    """Cells without spaces around them; empty cells and missing codes are null (a key has no codes)."""

    def value(name: str) -> pl.Expr:
        text = pl.col(name).str.strip_chars()
        return pl.when(~text.is_in(["", *([] if name == key else missing_codes)])).then(text).alias(name)

    return cells.select(value(name) for name in cells.columns)


def with_our_codes(text: pl.DataFrame, habits: TableHabits) -> pl.DataFrame:
    """Trimmed text with our codes for the site's; a code that its mapping does not name stays."""
    return text.with_columns(
        pl.col(name).replace(dict(codes)) for name, codes in habits.codes.items() if codes and name in text.columns
    )


def form_queries(read: CsvRows, rows: Rows) -> Iterator[Query]:
    """Lines that break the form of the file, and remarks on how it is written."""
    for remark in read.remarks:
        yield rows.at(remark.line, "", remark.rule, remark.expected, "note")
    for fault in read.faults:
        yield rows.at(fault.line, "", fault.rule, fault.expected)
