"""The header of a tidy table's file: which columns are there, which are missing, and how each is converted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from cohortium.errors import Problem, SiteDataError
from cohortium.intake.columns import named, printable
from cohortium.intake.convert import MAX_DIGITS
from cohortium.intake.source import READ_FAILED
from cohortium.study.site_mapping import TableHabits
from cohortium.study.suggest import did_you_mean
from cohortium.study.tables import PATIENT, Column, TidyTable
from cohortium.study.variables import Kind, Level, Variable

FLAGS: Mapping[str, bool] = {"yes": True, "no": False, "1": True, "0": False, "true": True, "false": False}
"""How a flag is written, in lower case."""

_KINDS: Mapping[str, Kind] = {
    "text": "text",
    "code": "category",
    "flag": "category",
    "integer": "integer",
    "number": "number",
    "date": "date",
}


def match_table(
    table: TidyTable, header: Sequence[str], where: str, theirs: Mapping[str, str], absent: Sequence[str] = ()
) -> tuple[str, ...]:
    """The table's columns that a file holds, `patient` first.

    header   column names, ours where the site's mapping names them
    theirs   the site's own names by ours
    absent   columns that need not be there, since a wide file has them in its head

    Raises
        SiteDataError: a required column is missing, or a column stands there twice; all such problems at once.
    """
    wanted = [PATIENT, *(column.name for column in table.columns)]
    required = {PATIENT, *theirs, *(column.name for column in table.columns if column.required)} - set(absent)
    spare = [
        name for position, name in enumerate(header, 1) if name not in wanted and printable(name, position) == name
    ]
    hint = "export the rows again with this column, or name the site's column in mapping.toml"
    if not set(wanted).intersection(header):
        hint = "the first line must name the columns; also check the delimiter"
    problems = [
        Problem(where, f"the column {named(name, theirs)} is missing", did_you_mean(name, spare) or hint)
        for name in wanted
        if name in required and name not in header
    ]
    for name, count in Counter(name for name in header if name in wanted).items():
        if count > 1:
            problems.append(Problem(where, f"the column '{name}' stands there {count} times", "keep one of them"))
    if problems:
        raise SiteDataError(READ_FAILED, problems)
    return tuple(name for name in wanted if name in header)


def undeclared(table: TidyTable, header: Sequence[str], read: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Columns of the file that are not read, each with what was expected."""
    for position, name in enumerate(header, 1):
        if name and name not in read:
            close = did_you_mean(name, [column.name for column in table.columns])
            yield printable(name, position), f"a column of {table.name}; it is not read{f' ({close})' if close else ''}"


def variable_of(column: Column, habits: TableHabits) -> Variable:
    """A column as intake converts it: by the same checks as a variable of the dictionary."""
    codes = list(FLAGS) if column.kind == "flag" else list(column.codes or ())
    return Variable(
        name=column.name,
        label=column.name,
        kind=_KINDS[column.kind],
        levels=tuple(Level(code, code) for code in codes),
        minimum=column.minimum,
        maximum=column.maximum,
        decimals=MAX_DIGITS,
        required=column.required,
        date_order=habits.date_order or "ymd",
        decimal_comma=bool(habits.decimal_comma),
    )
