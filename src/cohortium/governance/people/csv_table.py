"""A CSV table with a heading, read whole, with every problem of its form."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cohortium.errors import Problem
from cohortium.study.suggest import did_you_mean, one_of, shown


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: where it stands, and its cells by column without outer spaces."""

    where: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CsvTable:
    """A table by its lines; `problems` holds what is wrong with its form."""

    file: str
    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]


def read_csv_table(path: Path, columns: Iterable[str], required: Iterable[str]) -> CsvTable:
    """A comma-separated table in UTF-8, or in UTF-16 with a byte-order mark.

    path      the file
    columns   names of the columns that are understood; any other is a problem
    required  those that must be there
    """
    text, problem = _decoded(path)
    if problem:
        return CsvTable(path.name, (), (problem,))
    reader = csv.reader(io.StringIO(text, newline=""))
    records: list[tuple[int, list[str]]] = []
    start = 1
    try:
        for cells in reader:
            records.append((start, [cell.strip() for cell in cells]))
            start = reader.line_num + 1
    except csv.Error as error:
        hint = "close every quotation mark"
        return CsvTable(path.name, (), (Problem(f"{path.name}:{start}", f"is not CSV: {error}", hint),))
    records = [(line, cells) for line, cells in records if any(cells)]
    if not records:
        return CsvTable(path.name, (), (Problem(path.name, "is empty; expected a line of column names"),))
    return _table(path.name, records, list(columns), list(required))


def _table(file: str, records: list[tuple[int, list[str]]], columns: list[str], required: list[str]) -> CsvTable:
    first, written = records[0]
    heading = [cell.casefold() for cell in written]
    problems = [*_heading_problems(f"{file}:{first}", heading, columns, required)]
    lines = []
    for number, cells in records[1:]:
        if len(cells) == len(heading):
            lines.append(Line(f"{file}:{number}", dict(zip(heading, cells, strict=True))))
        else:
            what = f"has {len(cells)} cells; expected {len(heading)}, as in the first line"
            problems.append(Problem(f"{file}:{number}", what, "put a cell that holds a comma in quotation marks"))
    if not records[1:]:
        problems.append(Problem(f"{file}:{first}", "has no line below the column names"))
    return CsvTable(file, tuple(lines), tuple(problems))


def _heading_problems(where: str, heading: list[str], columns: list[str], required: list[str]) -> Iterable[Problem]:
    if len(heading) == 1 and ";" in heading[0]:
        yield Problem(where, "is separated by semicolons; expected commas", "save the table as CSV with commas")
        return
    for position, name in enumerate(heading):
        if name not in columns:
            yield Problem(where, f"unknown column {shown(name)}; {one_of(columns)}", did_you_mean(name, columns))
        elif name in heading[:position]:
            yield Problem(where, f"the column {shown(name)} is there twice")
    for name in required:
        if name not in heading:
            yield Problem(where, f"has no column {shown(name)}")


def _decoded(path: Path) -> tuple[str, Problem | None]:
    try:
        data = path.read_bytes()
    except OSError as error:
        return "", Problem(path.name, f"cannot be read: {error.strerror}")
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding), None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return "", Problem(f"{path.name}:{line}", "is not UTF-8", "save the table as CSV UTF-8")
