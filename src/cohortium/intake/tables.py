"""A site's further tables: typed rows in days from each patient's day 0, in the units of their quantities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from cohortium.errors import Problem, SiteDataError
from cohortium.intake.convert import Check, Conversion, convert
from cohortium.intake.dates import days_from
from cohortium.intake.frame import ORIGIN, cutoff_of, trim_findings
from cohortium.intake.locate import Rows
from cohortium.intake.measured import measured_findings
from cohortium.intake.site_file import OpenFile, SourceFile, form_queries, open_file, trimmed, with_our_codes
from cohortium.intake.source import READ_FAILED
from cohortium.intake.table_columns import FLAGS, match_table, undeclared, variable_of
from cohortium.intake.units import expected_units, with_own_units
from cohortium.intake.wide import HEAD, require_wide, unpivoted
from cohortium.study.model import DataTable, Site
from cohortium.study.queries import LINE, Query
from cohortium.study.site_files import SITES
from cohortium.study.site_mapping import AssessmentsHabits, MappingFile, TableHabits
from cohortium.study.study import Study
from cohortium.study.table_rows import table_schema
from cohortium.study.tables import ASSESSMENTS, PATIENT, TIDY_TABLES, TidyTable

LOWERED = ("drug", "term", "method")
"""Texts that derivations compare; they are read in lower case."""


@dataclass(frozen=True, slots=True)
class Tables:
    """What was read of a site's further tables.

    frames   typed rows by name of the table
    files    path of each file by name of the table
    """

    frames: Mapping[str, pl.DataFrame] = field(repr=False)
    files: Mapping[str, str]
    queries: tuple[Query, ...]
    sources: tuple[SourceFile, ...]


def read_tables(study: Study, site: Site, habits: MappingFile, origins: pl.DataFrame, directory: str = "") -> Tables:
    """Read every table that the study declares.

    origins     the patients' keys and days 0, as dates
    directory   path of their directory, relative to the study's; `sites/<id>` when left out. In another directory every
                table is optional.

    Raises
        SiteDataError: a file or a column is missing, or a file cannot be read; all such problems at once.
    """
    place = directory or f"{SITES}/{site.id}"
    frames: dict[str, pl.DataFrame] = {}
    files: dict[str, str] = {}
    queries: list[Query] = []
    sources: list[SourceFile] = []
    problems: list[Problem] = []
    for section in study.file.data.table:
        own = habits.table(section.name)
        name = own.file or section.file_name
        files[section.name] = f"{place}/{name}"
        if (section.optional or directory) and not _is_there(study.directory / place / name):
            frames[section.name] = pl.DataFrame(schema=table_schema(section.name))
            expected = f"{name}, or no {section.name} at all; the table is taken as without rows"
            queries.append(Query(site.id, files[section.name], None, "", "", "table-absent", expected, "note"))
            continue
        try:
            read = _Reading(study, site, TIDY_TABLES[section.name], own).read(section, place, origins)
        except SiteDataError as error:
            problems += error.problems
            continue
        frames[section.name] = read.frame
        queries += read.queries
        sources.append(read.source)
    if problems:
        raise SiteDataError(READ_FAILED, [*problems, *(query.problem for query in queries if query.is_error)])
    return Tables(frames, files, tuple(queries), tuple(sources))


def _is_there(path: Path) -> bool:
    return path.exists() or path.is_symlink()


@dataclass(frozen=True, slots=True)
class _Table:
    frame: pl.DataFrame
    queries: list[Query]
    source: SourceFile


@dataclass(frozen=True, slots=True)
class _Reading:
    """One table of one site, with the site's habits."""

    study: Study
    site: Site
    table: TidyTable
    habits: TableHabits

    def read(self, section: DataTable, place: str, origins: pl.DataFrame) -> _Table:
        """The table's typed rows and what is asked about them."""
        opened = open_file(self.study, place, section.file_name, self.habits)
        opened = self._keyed(opened)
        wide = self.habits.wide if isinstance(self.habits, AssessmentsHabits) else {}
        names = match_table(self.table, opened.header, opened.header_place, self.habits.columns, HEAD if wide else ())
        require_wide(wide, opened.header, opened.header_place)
        names = tuple(name for name in names if not (wide and name in HEAD))
        read = opened.read((*names, *wide))
        cells = read.cells.clear() if read.faults else read.cells
        lines = read.lines.clear() if read.faults else read.lines
        codes = (*self.study.file.data.missing_codes, *self.habits.missing_codes)
        text = trimmed(cells, codes, PATIENT)
        if wide:
            text, lines = unpivoted(text, lines, wide)
        text = _whole(self.table, with_our_codes(text, self.habits))
        rows = Rows(self.site.id, opened.where, lines, text[PATIENT])
        queries = [
            rows.at(opened.header_line, name, "undeclared-column", expected, "note")
            for name, expected in undeclared(self.table, opened.header, (*names, *wide))
        ]
        queries += form_queries(read, rows)
        spaced = Rows(self.site.id, opened.where, read.lines.clear() if read.faults else read.lines, cells[PATIENT])
        for finding in trim_findings(cells):
            queries += spaced.queries(finding.fails, finding.variable, finding.rule, finding.expected, "note")
        frame, found = self._typed(text, rows, origins)
        queries = sorted([*queries, *found], key=lambda query: query.in_file)
        return _Table(frame, queries, opened.source(read.cells.height))

    def _keyed(self, opened: OpenFile) -> OpenFile:
        """The file with its key as `patient`, whichever of the two names it has."""
        key = self.study.file.data.key
        if PATIENT in opened.header or PATIENT in self.habits.columns or key not in opened.header:
            return opened
        header = tuple(PATIENT if name == key else name for name in opened.header)
        return OpenFile(opened.where, opened.sha256, opened.encoding, header, opened.header_line, opened.csv)

    def _typed(self, text: pl.DataFrame, rows: Rows, origins: pl.DataFrame) -> tuple[pl.DataFrame, list[Query]]:
        """The typed rows of known patients, each row once, and what is asked about them."""
        conversions = self._conversions()
        checks = [check for conversion in conversions.values() for check in conversion.checks]
        masks = [check.fails.fill_null(value=False).alias(f"{number}:fails") for number, check in enumerate(checks)]
        result = text.select(PATIENT, *(conversion.value for conversion in conversions.values()), *masks)
        queries: list[Query] = []
        for number, check in enumerate(checks):
            queries += rows.queries(result[f"{number}:fails"], check.variable, check.rule, _expected(self.table, check))
        frame = result.select(PATIENT, *conversions).with_columns(self._folded())
        frame, found = self._in_days(frame, rows, origins)
        queries += found
        if self.table is ASSESSMENTS:
            given = self.habits.units if isinstance(self.habits, AssessmentsHabits) else {}
            frame, foreign = with_own_units(frame, given)
            for quantity, fails in foreign.items():
                queries += rows.queries(fails, "unit", "unknown-unit", expected_units(quantity))
            for finding in measured_findings(text):
                queries += rows.queries(
                    finding.fails, finding.variable, finding.rule, finding.expected, finding.severity
                )
        schema = table_schema(self.table.name)
        frame = frame.select(pl.col(name).cast(type_) for name, type_ in schema.items() if name != LINE)
        # As written: two rows that are both unreadable are not the same row.
        is_repeated = ~text.select(pl.struct(pl.all()).is_first_distinct()).to_series()
        expected = "each row once; this one is the same as an earlier one and is left out"
        queries += rows.queries(is_repeated, "", "duplicate-row", expected, "note")
        known = set(origins[origins.columns[0]].drop_nulls().to_list())
        is_kept = ~is_repeated & frame[PATIENT].is_in(list(known)).fill_null(value=False)
        return frame.with_columns(rows.lines.alias(LINE)).filter(is_kept), queries

    def _conversions(self) -> Mapping[str, Conversion]:
        cutoff = cutoff_of(self.study, self.site)
        return {column.name: convert(variable_of(column, self.habits), cutoff) for column in self.table.columns}

    def _folded(self) -> Iterator[pl.Expr]:
        """Texts that are compared in lower case, and flags as true and false."""
        for column in self.table.columns:
            if column.name in LOWERED:
                yield pl.col(column.name).str.to_lowercase()
            elif column.kind == "flag":
                yield pl.col(column.name).replace_strict(FLAGS, default=None, return_dtype=pl.Boolean)

    def _in_days(self, frame: pl.DataFrame, rows: Rows, origins: pl.DataFrame) -> tuple[pl.DataFrame, list[Query]]:
        """Dates as days from the patient's day 0, and rows whose patient or day 0 is not known."""
        key = origins.columns[0]
        days_0 = origins.drop_nulls(key).unique(key, keep="first", maintain_order=True)
        joined = frame.join(days_0, left_on=PATIENT, right_on=key, how="left", maintain_order="left")
        dates = [column.name for column in self.table.columns if column.kind == "date"]
        is_known = joined[PATIENT].is_in(days_0[key].implode()).fill_null(value=False)
        is_dated = joined.select(pl.any_horizontal(pl.col(name).is_not_null() for name in dates)).to_series()
        queries = [
            *rows.queries(joined[PATIENT].is_null(), PATIENT, "key-missing", "the patient's key"),
            *rows.queries(
                _first_of_patient(~is_known & joined[PATIENT].is_not_null(), joined[PATIENT]),
                PATIENT,
                "unknown-patient",
                "a patient of the site's file of patients; told once, for the patient's first row",
            ),
            *rows.queries(
                _first_of_patient(is_known & is_dated & joined[ORIGIN].is_null(), joined[PATIENT]),
                str(self.study.file.time.origin),
                "origin-missing",
                "the day 0 of the patient in the file of patients, from which dates are counted; told once, for the "
                "patient's first row",
            ),
        ]
        in_days = joined.with_columns(days_from(pl.col(name), pl.col(ORIGIN)).alias(name) for name in dates)
        return in_days.drop(ORIGIN), queries


def _first_of_patient(fails: pl.Series, patient: pl.Series) -> pl.Series:
    """Of the rows that fail, the first of each patient: a key that is wrong is one problem, however many rows have it."""
    frame = pl.DataFrame({"fails": fails, "patient": patient})
    return frame.select(pl.col("fails") & pl.struct("fails", "patient").is_first_distinct()).to_series()


def _whole(table: TidyTable, text: pl.DataFrame) -> pl.DataFrame:
    """Text with every column of the table; one that the file does not hold is unknown."""
    missing = [column.name for column in table.columns if column.name not in text.columns]
    return text.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in missing)


def _expected(table: TidyTable, check: Check) -> str:
    # The codes of these tables are in the reference and in no dictionary.
    expected = check.expected.replace("a code of the dictionary, not its label:", "a code of this column:")
    mapped = f"; name the site's own code in mapping.toml, [{table.name}.codes.{check.variable}]"
    return expected + mapped if check.rule == "unknown-level" else expected
