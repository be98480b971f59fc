"""The contract of a clinical rule: from one site's tidy tables to variables of patients and, where useful, records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

    from cohortium.study.queries import Severity


@dataclass(frozen=True, slots=True)
class Tables:
    """What a rule reads of one site.

    patients      one row a patient: `patient`, the rule's inputs under the names of their keys, and `data_cutoff`, the
                  day of the site's data cut-off from the patient's origin (null where none is declared)
    therapies, assessments, events, responses   the tidy tables with all their declared columns; `day`, `start` and
                  the like are whole days from the origin, `value` and the limits are in the quantity's own unit; without
                  rows where the study has none. The hidden column `LINE` holds the line of the file.
    records       records of rules above, by the name of their [[derive]]
    """

    patients: pl.DataFrame = field(repr=False)
    therapies: pl.DataFrame = field(repr=False)
    assessments: pl.DataFrame = field(repr=False)
    events: pl.DataFrame = field(repr=False)
    responses: pl.DataFrame = field(repr=False)
    records: Mapping[str, pl.DataFrame] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class RecordFinding:
    """Rows of a tidy table that break a rule.

    lines   lines of the file; no value is ever repeated
    """

    table: str
    variable: str
    rule: str
    expected: str
    lines: pl.Series = field(repr=False)
    severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class Derived:
    """What a rule makes.

    columns   `patient` and a column for each declared variable: String level codes of a category, Float64 of a number,
              Int64 of a whole number or of a day; a patient without a row, or with null, is unknown
    records   rows per patient and visit or event, for later rules and for the site's own eyes; never leave the site
    listings  further tables for the site's own eyes by name, e.g. `disagreements`
    """

    columns: pl.DataFrame = field(repr=False)
    records: pl.DataFrame | None = field(default=None, repr=False)
    listings: Mapping[str, pl.DataFrame] = field(default_factory=dict, repr=False)
    findings: tuple[RecordFinding, ...] = ()


Rule = Callable[[Tables, Any], Derived]
"""A rule: tables and its section of the study file to what it makes. Pure; the same at any order of rows."""
