"""`dictionary.csv`: the REDCap data dictionary, read into variables.

Both headings are understood: those of the export page (`Variable / Field Name`) and those of the API (`field_name`).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from cohortium.errors import Problem
from cohortium.study.fields import FIELD_TYPES, Row, variables_of
from cohortium.study.files import read_plain
from cohortium.study.printable import unprintable
from cohortium.study.suggest import did_you_mean, one_of, shown
from cohortium.study.variables import SITE, Variable

DICTIONARY = "dictionary.csv"

_HEADINGS: Mapping[str, str] = {
    "variable / field name": "field_name",
    "field type": "field_type",
    "field label": "field_label",
    "choices, calculations, or slider labels": "select_choices_or_calculations",
    "choices or calculations": "select_choices_or_calculations",
    "field note": "field_note",
    "text validation type or show slider number": "text_validation_type_or_show_slider_number",
    "text validation min": "text_validation_min",
    "text validation max": "text_validation_max",
    "identifier?": "identifier",
    "required field?": "required_field",
}
_REQUIRED: Mapping[str, str] = {
    "field_name": "Variable / Field Name",
    "field_type": "Field Type",
    "field_label": "Field Label",
}
_SEPARATORS: Mapping[str, str] = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")


def read_dictionary(path: Path) -> tuple[tuple[Variable, ...], list[Problem]]:
    """The declared variables in order, with every problem of the file; a field with a problem is kept as far as it is clear."""
    text, problem = _decoded(path)
    if problem:
        return (), [problem]
    lines, problem = _records(text)
    if problem:
        return (), [problem]
    if not lines:
        return (), [Problem(DICTIONARY, "is empty", "export the data dictionary from REDCap, or write one")]
    columns, problems = _columns(lines[0][1])
    if problems:
        return (), problems
    variables: dict[str, Variable] = {}
    for line, cells in lines[1:]:
        faults = [what for cell in cells if (what := unprintable(cell))]
        problems.extend(_at(line, what, "type the cell again") for what in dict.fromkeys(faults))
        if any(cell.strip() for cell in cells):
            row = Row(line, {name: cells[at].strip() for name, at in columns.items() if at < len(cells)})
            if len(cells) == len(lines[0][1]):
                _add(row, variables, problems)
            else:
                problems.append(_at(line, f"has {len(cells)} cells; expected {len(lines[0][1])}, as in the first line"))
                variables.setdefault(row.name, Variable(row.name, row.name, "text", line=line))
    if not variables:
        problems.append(_at(1, "declares no field", "add a line for each column of the sites' files"))
    return tuple(variables.values()), problems


def _add(row: Row, variables: dict[str, Variable], problems: list[Problem]) -> None:
    found = [_at(row.line, what, hint) for what, hint in _checked_name(row)]
    if row.field_type not in FIELD_TYPES:
        what = f"{row.name}: unknown field type {shown(row.field_type)}; {one_of(FIELD_TYPES)}"
        found.append(_at(row.line, what, did_you_mean(row.field_type, FIELD_TYPES)))
    declared, more = variables_of(row)
    found.extend(_at(row.line, f"{row.name}: {what}", hint) for what, hint in more)
    for variable in declared:
        first = variables.get(variable.name)
        if first is None:
            variables[variable.name] = variable
        else:
            found.append(_at(row.line, f"{variable.name} is declared twice, first in line {first.line}", "remove one"))
    problems.extend(found)


def _checked_name(row: Row) -> Iterator[tuple[str, str]]:
    if not _NAME.fullmatch(row.name):
        rule = "expected a lower-case letter followed by lower-case letters, digits and underscores"
        yield f"{shown(row.name)} is not a field name; {rule}", ""
    if row.name == SITE:
        yield f"the name '{SITE}' is reserved for the institution", "rename the field, e.g. site_code"


def _at(line: int, what: str, hint: str = "") -> Problem:
    return Problem(f"{DICTIONARY}:{line}", what, hint)


def _decoded(path: Path) -> tuple[str, Problem | None]:
    data, problem = read_plain(path, "export the data dictionary from REDCap into the study directory")
    if problem:
        return "", problem
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding), None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return "", _at(line, f"is not {encoding.removesuffix('-sig').upper()}", "save the file as CSV UTF-8")


def _records(text: str) -> tuple[list[tuple[int, list[str]]], Problem | None]:
    """Each record with the line where it starts; a quoted cell may run over lines."""
    reader = csv.reader(io.StringIO(text, newline=""))
    records: list[tuple[int, list[str]]] = []
    start = 1
    try:
        for cells in reader:
            records.append((start, cells))
            start = reader.line_num + 1
    except csv.Error as error:
        return [], _at(start, f"is not CSV: {error}", "close every quotation mark")
    return records, None


def _columns(heading: list[str]) -> tuple[dict[str, int], list[Problem]]:
    """Positions of the columns by API name; columns that are not used are ignored."""
    known = set(_HEADINGS.values())
    columns: dict[str, int] = {}
    for position, cell in enumerate(heading):
        word = " ".join(cell.split()).casefold()
        name = _HEADINGS.get(word, word)
        if name in known:
            columns.setdefault(name, position)
    if len(heading) == 1 and (other := next((mark for mark in _SEPARATORS if mark in heading[0]), "")):
        what = f"is separated by {_SEPARATORS[other]}; expected commas"
        return columns, [_at(1, what, "save it as comma-separated (CSV UTF-8)")]
    problems = []
    for name, exported in _REQUIRED.items():
        if name not in columns:
            close = did_you_mean(name, heading) or did_you_mean(exported, heading)
            problems.append(_at(1, f"has no column '{exported}' (or '{name}')", close))
    return columns, problems
