"""A site's file of patients: one typed row a patient."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from cohortium.intake.columns import Columns, match_columns
from cohortium.intake.frame import trim_findings, typed
from cohortium.intake.keys import key_queries
from cohortium.intake.locate import Rows
from cohortium.intake.site_file import OpenFile, SourceFile, form_queries, open_file, trimmed, with_our_codes
from cohortium.intake.source import refused
from cohortium.study.model import Site
from cohortium.study.queries import Query
from cohortium.study.site_files import SITES
from cohortium.study.site_mapping import PatientsHabits
from cohortium.study.study import Study
from cohortium.study.variables import SITE


@dataclass(frozen=True, slots=True)
class Patients:
    """What was read of a site's patients.

    frame     typed rows in the order of the file
    origins   key and day 0 of each row as a date; it does not leave intake
    rows      where the rows are in the file
    """

    frame: pl.DataFrame = field(repr=False)
    origins: pl.DataFrame = field(repr=False)
    rows: Rows
    queries: tuple[Query, ...]
    source: SourceFile


def read_patients(study: Study, site: Site, habits: PatientsHabits, directory: str = "") -> Patients:
    """Read a site's file of patients.

    directory   path of its directory, relative to the study's; `sites/<id>` when left out

    Raises
        SiteDataError: the file or a column is missing, or the file cannot be read.
    """
    section = study.file.data
    opened = open_file(study, directory or f"{SITES}/{site.id}", section.file, habits)
    columns = match_columns(study, opened.header, opened.header_place, habits.columns)
    read = opened.read(tuple(columns.positions))
    if read.cells.is_empty() and not read.faults:
        raise refused(opened.where, "holds a header and no rows", "export the site's rows again")
    # Rows of a file whose cells cannot be told apart are not used, not even those that look whole.
    cells = read.cells.clear() if read.faults else read.cells
    lines = read.lines.clear() if read.faults else read.lines
    text = with_our_codes(trimmed(cells, (*section.missing_codes, *habits.missing_codes), section.key), habits)
    frame, findings, origins = typed(study, site, text, lines, habits)
    rows = Rows(site.id, opened.where, lines, text[section.key])
    queries = [*_undeclared(columns, opened, rows), *form_queries(read, rows)]
    for finding in (*trim_findings(cells), *findings):
        queries += rows.queries(finding.fails, finding.variable, finding.rule, finding.expected, finding.severity)
    queries += key_queries(rows, section.key)
    if site.unassigned:
        everyone = pl.Series("fails", [True]).new_from_index(0, frame.height)
        expected = "an institution; the patient is left out where an analysis is stratified by institution"
        queries += rows.queries(everyone, SITE, "institution-missing", expected, "note")
    queries.sort(key=lambda query: query.in_file)
    return Patients(frame, origins, rows, tuple(queries), opened.source(read.cells.height))


def _undeclared(columns: Columns, opened: OpenFile, rows: Rows) -> list[Query]:
    expected = "a column of dictionary.csv; it is not read"
    return [rows.at(opened.header_line, name, "undeclared-column", expected, "note") for name in columns.undeclared]
