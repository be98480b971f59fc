"""`sites/<id>/mapping.toml` as frozen models: how a site writes its own files, table by table.

These models are the schema: the reference page is generated from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from cohortium.study.section import Section
from cohortium.study.variables import DateOrder

ColumnName = Annotated[str, Field(min_length=1, max_length=200)]
FileName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*\.csv$")]


class TableHabits(Section):
    """`[therapies]`, `[events]`, `[responses]`: how the site writes this table."""

    file: FileName | None = Field(default=None, description="The site's own file name; the study's when left out.")
    delimiter: Literal[",", ";", "\t", "|"] | None = Field(
        default=None, description="Column separator; that of `[data]` when left out."
    )
    encoding: Literal["utf-8", "cp1252", "utf-16"] | None = Field(
        default=None, description="Encoding of the file when it is not UTF-8; those of `[data]` when left out."
    )
    missing_codes: tuple[str, ...] = Field(
        default=(), max_length=100, description="Texts that mean `not known`, besides those of `[data]`."
    )
    date_order: DateOrder | None = Field(
        default=None,
        description="Order of day, month and year in every date, separated by `-`, `/` or `.`; a year of four digits first "
        "is read whatever the order. When left out: `ymd`, and for patients what the dictionary says.",
    )
    decimal_comma: bool | None = Field(
        default=None,
        description="True: numbers are written with a decimal comma. When left out: no, and for patients what the "
        "dictionary says.",
    )
    columns: Mapping[str, ColumnName] = Field(
        default={}, description='Our column to the site\'s own name, e.g. `day = "Datum"`; others have our name.'
    )
    codes: Mapping[str, Mapping[str, str]] = Field(
        default={},
        description='For a column, the site\'s code to ours, e.g. `[assessments.codes.quantity]` with `"SPEP" = '
        '"serum-m-protein"`; other codes are ours.',
    )


class GivenUnit(Section):
    """A variable of `patients` that the site has in another unit than the dictionary."""

    quantity: str = Field(description="Code of the quantity, by which units are converted.")
    unit: str = Field(min_length=1, description="Unit of the site's values.")


class PatientsHabits(TableHabits):
    """`[patients]`: how the site writes the file of patients."""

    units: Mapping[str, GivenUnit] = Field(
        default={},
        description="Variable to the site's unit where it is another than the dictionary's, e.g. `albumin = { quantity = "
        '"albumin", unit = "g/L" }`.',
    )


class WideColumn(Section):
    """A column of a wide file, with what it holds."""

    quantity: str = Field(description="Code of the quantity.")
    unit: str = Field(
        default="", description="Unit of the values; that of `units`, else the quantity's own, when left out."
    )
    holds: Literal["value", "result"] = Field(
        default="value", description="`value`: numbers; `result`: results in words, by `[assessments.codes.result]`."
    )
    method: str = Field(default="", description="Method of every value in the column.")


class AssessmentsHabits(TableHabits):
    """`[assessments]`: how the site writes measured values."""

    units: Mapping[str, str] = Field(
        default={},
        description='Quantity to the unit of the site\'s values where the row has none, e.g. `albumin = "g/L"`.',
    )
    wide: Mapping[str, WideColumn] = Field(
        default={},
        description='For a file of one row a visit: column to its quantity, e.g. `"SPEP" = { quantity = '
        '"serum-m-protein", unit = "g/L" }`. The columns quantity, value, unit and result are then not in the file.',
    )


class MappingFile(Section):
    """The whole file; a table that is left out is written as the study says."""

    patients: PatientsHabits = Field(default=PatientsHabits(), description="The file of patients.")
    therapies: TableHabits = Field(default=TableHabits(), description="The table `therapies`.")
    assessments: AssessmentsHabits = Field(default=AssessmentsHabits(), description="The table `assessments`.")
    events: TableHabits = Field(default=TableHabits(), description="The table `events`.")
    responses: TableHabits = Field(default=TableHabits(), description="The table `responses`.")

    def table(self, name: str) -> TableHabits:
        """The section of a table."""
        habits: TableHabits = getattr(self, name)
        return habits


NO_HABITS = MappingFile()
