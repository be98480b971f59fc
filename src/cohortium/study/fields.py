"""One field of the dictionary to the variables that it makes: kinds, levels, ranges."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from cohortium.study.suggest import did_you_mean, shown
from cohortium.study.variables import DateOrder, Kind, Level, Variable, is_number

Fault = tuple[str, str]
"""What is wrong, and a hint."""

_NO_YES = (Level("0", "No"), Level("1", "Yes"))
_MAX_UNIT = 24
_PLAIN_NUMBER_DECIMALS = 2
_NUMBER = re.compile(r"number(?:_([1-4])dp)?(_comma_decimal)?")
_DATE = re.compile(r"(?:date|datetime|datetime_seconds)_(ymd|mdy|dmy)")
_TEXTS = (
    "alpha_only", "email", "mrn_10d", "mrn_generic", "phone", "phone_australia", "phone_uk", "postalcode_australia",
    "postalcode_canada", "postalcode_french", "postalcode_germany", "postalcode_uk", "signature", "ssn", "time",
    "time_hh_mm_ss", "time_mm_ss", "vmrn", "zipcode",
)  # fmt: skip
_VALIDATIONS = (
    "integer", "int", "float", "number", "number_1dp", "number_2dp", "number_3dp", "number_4dp", "number_comma_decimal",
    "date_ymd", "date_mdy", "date_dmy", "datetime_ymd", "datetime_mdy", "datetime_dmy", "datetime_seconds_ymd",
    *_TEXTS,
)  # fmt: skip
# REDCap's own older names of three validations.
_SYNONYMS = {"int": "integer", "float": "number", "date": "date_ymd"}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the dictionary: its number and its cells by API column name."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    @property
    def name(self) -> str:
        """The field's name."""
        return self["field_name"]

    @property
    def field_type(self) -> str:
        """The field's type, in lower case."""
        return self["field_type"].lower()


Found = tuple[tuple[Variable, ...], list[Fault]]


def variables_of(row: Row) -> Found:
    """The variables of one field: none for descriptive text, one a choice for checkboxes, else one."""
    read = FIELD_TYPES.get(row.field_type)
    return read(row) if read else ((_variable(row, "text"),), [])


def _variable(row: Row, kind: Kind) -> Variable:
    return Variable(
        name=row.name,
        label=_plain(row["field_label"]) or row.name,
        kind=kind,
        required=_is_yes(row["required_field"]),
        identifier=_is_yes(row["identifier"]),
        line=row.line,
    )


def _is_yes(cell: str) -> bool:
    return cell.lower() in ("y", "yes", "1", "true")


def _plain(text: str) -> str:
    """A label without REDCap's HTML tags, on one line."""
    return " ".join(re.sub(r"</?[A-Za-z][^<>]*>", " ", text).split())


def _text(row: Row) -> Found:
    validation = row["text_validation_type_or_show_slider_number"].lower()
    validation = _SYNONYMS.get(validation, validation)
    if validation == "integer":
        return _with_range(row, _variable(row, "integer"))
    if number := _NUMBER.fullmatch(validation):
        decimals = int(number[1]) if number[1] else _PLAIN_NUMBER_DECIMALS
        return _with_range(
            row, replace(_variable(row, "number"), decimals=decimals, decimal_comma=number[2] is not None)
        )
    if date := _DATE.fullmatch(validation):
        orders: dict[str, DateOrder] = {"ymd": "ymd", "mdy": "mdy", "dmy": "dmy"}
        return (replace(_variable(row, "date"), date_order=orders[date[1]]),), []
    faults = []
    if validation and validation not in _TEXTS:
        hint = did_you_mean(validation, _VALIDATIONS)
        # An institution may add its own validation types to REDCap; only a likely slip is a problem.
        faults = [(f"unknown text validation type {shown(validation)}", hint)] if hint else []
    return (_variable(row, "text"),), faults


def _with_range(row: Row, variable: Variable) -> Found:
    faults: list[Fault] = []
    limits: dict[str, float | None] = {}
    for column, heading in (("text_validation_min", "Min"), ("text_validation_max", "Max")):
        cell = row[column]
        written = cell.replace(",", ".") if variable.decimal_comma else cell
        limits[heading] = float(written) if is_number(written) else None
        if cell and limits[heading] is None:
            faults.append((f"Text Validation {heading} {shown(cell)} is not a number", ""))
    low, high = limits["Min"], limits["Max"]
    if low is not None and high is not None and low > high:
        faults.append((f"Text Validation Min {low:g} is above Text Validation Max {high:g}", ""))
    note = _plain(row["field_note"])
    unit = note if len(note) <= _MAX_UNIT else ""
    return (replace(variable, minimum=low, maximum=high, unit=unit),), faults


def _notes(row: Row) -> Found:
    return (_variable(row, "text"),), []


def _descriptive(_row: Row) -> Found:
    return (), []


def _calc(row: Row) -> Found:
    return _with_range(row, replace(_variable(row, "number"), decimals=_PLAIN_NUMBER_DECIMALS))


def _slider(row: Row) -> Found:
    found, faults = _with_range(row, _variable(row, "integer"))
    slider = found[0]
    low = 0.0 if slider.minimum is None else slider.minimum
    high = 100.0 if slider.maximum is None else slider.maximum
    return (replace(slider, minimum=low, maximum=high),), faults


def _choice(row: Row) -> Found:
    levels, faults = _levels(row["select_choices_or_calculations"])
    return (replace(_variable(row, "category"), levels=levels),), faults


def _yes_no(row: Row) -> Found:
    return (replace(_variable(row, "category"), levels=_NO_YES),), []


def _checkbox(row: Row) -> Found:
    levels, faults = _levels(row["select_choices_or_calculations"])
    box = _variable(row, "category")
    boxes = tuple(
        replace(
            box,
            # REDCap's export writes capital letters small and a minus sign as an underscore.
            name=f"{row.name}___{re.sub(r'[^a-z0-9_]', '_', level.code.lower())}",
            label=f"{box.label}: {level.label}",
            levels=_NO_YES,
            required=False,
        )
        for level in levels
    )
    return boxes, faults


def _levels(choices: str) -> tuple[tuple[Level, ...], list[Fault]]:
    """`1, Male | 2, Female` as levels; a label may hold commas, a code may not."""
    parts = [part.strip() for part in re.split(r"\||\n", choices) if part.strip()]
    if not parts:
        return (), [("has no choices", "write for example: 1, Male | 2, Female")]
    levels: list[Level] = []
    faults: list[Fault] = []
    for part in parts:
        code, comma, label = part.partition(",")
        if not comma or not code.strip():
            faults.append(
                (f"the choice {shown(part)} is not a code, a comma and a label", "write for example: 1, Male")
            )
            continue
        levels.append(Level(code.strip(), _plain(label) or code.strip()))
    codes = Counter(level.code for level in levels)
    labels = Counter(level.label for level in levels)
    faults += [(f"the code {shown(code)} stands for {n} choices", "") for code, n in codes.items() if n > 1]
    faults += [
        (f"the label {shown(label)} stands for {n} choices", "printed tables could not tell them apart")
        for label, n in labels.items()
        if n > 1
    ]
    return tuple({level.code: level for level in levels}.values()), faults


FIELD_TYPES: Mapping[str, Callable[[Row], Found]] = {
    "text": _text,
    "notes": _notes,
    "radio": _choice,
    "dropdown": _choice,
    "yesno": _yes_no,
    "truefalse": _yes_no,
    "checkbox": _checkbox,
    "calc": _calc,
    "slider": _slider,
    "descriptive": _descriptive,
    "file": _notes,
    "sql": _notes,
}
