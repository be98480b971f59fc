"""A site's habits as data; the files and their mapping.toml both follow from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Words = Mapping[str, str]
"""Our word to the site's."""


@dataclass(frozen=True, slots=True)
class TableWords:
    """The site's words for a table: column names, and the codes of columns; what is not named is as ours."""

    columns: Words = field(default_factory=dict)
    codes: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Habits:
    """How a site writes its files.

    date_form      day, month and year by `strftime`, e.g. `%d.%m.%Y`
    missing        text for `not known`; empty for an empty cell
    words          words by table
    units          quantity to the site's unit, in assessments
    patient_units  variable of patients to quantity and unit
    is_wide        assessments with a row a visit; then limits, samples and remarks are not kept
    names_units    a column for the unit of each value
    file_form      name of a file, with `{table}`
    left_out       variable of patients to the share of patients of whom it is not known
    left_out_if_well  the same, three times as often in patients with performance status 0
    """

    name: str
    delimiter: Literal[",", ";", "\t", "|"] = ","
    encoding: Literal["utf-8", "cp1252", "utf-16"] = "utf-8"
    has_decimal_comma: bool = False
    date_order: Literal["ymd", "mdy", "dmy"] = "ymd"
    date_form: str = "%Y-%m-%d"
    missing: str = ""
    words: Mapping[str, TableWords] = field(default_factory=dict)
    units: Words = field(default_factory=dict)
    patient_units: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    is_wide: bool = False
    names_units: bool = False
    file_form: str = "simulated-{table}.csv"
    left_out: Mapping[str, float] = field(default_factory=dict)
    left_out_if_well: Mapping[str, float] = field(default_factory=dict)

    def column(self, table: str, name: str) -> str:
        """The site's name of a column."""
        return self.words[table].columns.get(name, name) if table in self.words else name

    def codes(self, table: str, column: str) -> Words:
        """Our codes of a column to the site's."""
        return self.words[table].codes.get(column, {}) if table in self.words else {}

    def file(self, table: str) -> str:
        """Name of a table's file."""
        return self.file_form.format(table=table)
