"""Rows of a site's tidy tables between intake and derivations, and the types of their columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import polars as pl

from cohortium.study.queries import LINE
from cohortium.study.tables import PATIENT, TIDY_TABLES, ColumnKind

CUTOFF = "#cutoff"
"""Column of a site's patients that holds the day of the data cut-off from the patient's origin."""

_TYPES: Mapping[ColumnKind, type[pl.DataType]] = {
    "text": pl.String,
    "code": pl.String,
    "integer": pl.Int64,
    "number": pl.Float64,
    "date": pl.Int64,
    "flag": pl.Boolean,
}


@dataclass(frozen=True, slots=True)
class TableRows:
    """A site's tidy tables.

    frames   rows by name of the table: `patient`, its declared columns and the line of the file in `LINE`
    files    path of each file, relative to the study directory, by name of the table; that of `patients` too
    """

    frames: Mapping[str, pl.DataFrame] = field(default_factory=dict, repr=False)
    files: Mapping[str, str] = field(default_factory=dict)

    def frame(self, table: str) -> pl.DataFrame:
        """The rows of a table; none where the study or the site has no such table."""
        return self.frames[table] if table in self.frames else pl.DataFrame(schema=table_schema(table))

    def of_patients(self, keys: pl.Series) -> TableRows:
        """The same with the rows of some patients only."""
        known = keys.drop_nulls().unique().implode()
        frames = {name: frame.filter(pl.col(PATIENT).is_in(known)) for name, frame in self.frames.items()}
        return TableRows(frames, self.files)


NO_TABLES = TableRows(MappingProxyType({}), MappingProxyType({}))


def table_schema(table: str) -> dict[str, type[pl.DataType]]:
    """Types of the columns of a tidy table after intake: `patient`, the declared columns, `LINE`."""
    columns = {column.name: _TYPES[column.kind] for column in TIDY_TABLES[table].columns}
    return {PATIENT: pl.String, **columns, LINE: pl.Int64}
