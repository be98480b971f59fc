"""A site's file to typed, de-identified rows and queries."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

import polars as pl

from cohortium.errors import Problem, SiteDataError
from cohortium.intake.columns import Columns, match_columns
from cohortium.intake.csv_text import CsvFile, CsvRows
from cohortium.intake.encoding import find_encoding
from cohortium.intake.frame import trim_findings, trimmed, typed
from cohortium.intake.keys import key_queries, keys_across_sites
from cohortium.intake.locate import Rows
from cohortium.intake.source import READ_FAILED, read_source, refused
from cohortium.study.model import Site
from cohortium.study.queries import Query
from cohortium.study.study import Study
from cohortium.study.suggest import did_you_mean
from cohortium.study.variables import SITE

SITES = "sites"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The file that a site's rows came from.

    path       relative to the study directory, with forward slashes
    sha256     of its bytes, in hexadecimal
    encoding   the codec that was used
    n_rows     records in the file, without the header
    """

    path: str
    sha256: str
    encoding: str
    n_rows: int


@dataclass(frozen=True, slots=True)
class SiteIntake:
    """What was read of one site.

    frame     typed rows in the order of the file: key, variables without identifiers and texts, `site`, and the line
              of the file of each row in the hidden column `LINE`, which `derive` takes off
    queries   findings; when the form of the file is broken, the frame has no rows
    """

    site: Site
    frame: pl.DataFrame = field(repr=False)
    queries: tuple[Query, ...]
    source: SourceFile


@dataclass(frozen=True, slots=True)
class Intake:
    """What was read of all sites, in the study file's order; `queries` includes those across sites."""

    sites: tuple[SiteIntake, ...]
    queries: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Received:
    """What came of reading some sites: what was read, and the problems of those that could not be, by site."""

    intake: Intake
    problems: Mapping[str, tuple[Problem, ...]]


def read_sites(study: Study, sites: Sequence[Site] | None = None) -> Intake:
    """Read the files of some sites of a study, of all when none are given; no other site's file is touched.

    Raises
        SiteDataError: with the problems of all sites: a directory, file or column that is missing, a directory that
            is not declared, a file that cannot be read; then the queries to settle of the sites that could be read.
    """
    received = read_received(study, study.file.site if sites is None else sites)
    problems = [*undeclared_directories(study), *chain.from_iterable(received.problems.values())]
    if problems:
        to_settle = (query.problem for query in received.intake.queries if query.is_error)
        raise SiteDataError(READ_FAILED, [*problems, *to_settle])
    return received.intake


def read_received(study: Study, sites: Sequence[Site]) -> Received:
    """Read what there is of some sites' files; a file that is missing or cannot be read is a problem of its site."""
    problems: dict[str, tuple[Problem, ...]] = {}
    read: list[tuple[SiteIntake, Rows]] = []
    for site in sites:
        try:
            read.append(_read(study, site))
        except SiteDataError as error:
            problems[site.id] = error.problems
    across = keys_across_sites([rows for _, rows in read], study.file.data.key)
    intakes = tuple(intake for intake, _ in read)
    queries = (*(query for intake in intakes for query in intake.queries), *across)
    return Received(Intake(intakes, queries), problems)


def read_site(study: Study, site: Site) -> SiteIntake:
    """Read one site's file: sites/<id>/<[data] file> of the study directory.

    Leaves the site: nothing; the queries name rows by key and line and never repeat a value.

    Raises
        SiteDataError: the file or a column is missing, or the file cannot be read.
    """
    return _read(study, site)[0]


def _read(study: Study, site: Site) -> tuple[SiteIntake, Rows]:
    section = study.file.data
    where = f"{SITES}/{site.id}/{section.file}"
    data = read_source(study.directory / SITES / site.id / section.file, where)
    encoding = find_encoding(data, section.encodings, where)
    csv_file = CsvFile(data, encoding, section.delimiter, where)
    header_line = csv_file.header_line
    columns = match_columns(study, csv_file.header, f"{where}:{header_line}")
    read = csv_file.read_rows(tuple(columns.positions.values()))
    if read.cells.is_empty() and not read.faults:
        raise refused(where, "holds a header and no rows", "export the site's rows again")
    source = SourceFile(where, hashlib.sha256(data).hexdigest(), encoding, read.cells.height)
    # Rows of a file whose cells cannot be told apart are not used, not even those that look whole.
    cells = read.cells.clear() if read.faults else read.cells
    text = trimmed(study, cells)
    lines = read.lines.clear() if read.faults else read.lines
    frame, findings = typed(study, site, text, lines)
    rows = Rows(site.id, where, lines, text[section.key])
    queries = [*_file_queries(columns, header_line, read, rows)]
    for finding in (*trim_findings(cells), *findings):
        queries += rows.queries(finding.fails, finding.variable, finding.rule, finding.expected, finding.severity)
    queries += key_queries(rows, section.key)
    if site.unassigned:
        everyone = pl.Series("fails", [True]).new_from_index(0, frame.height)
        expected = "an institution; the patient is left out where an analysis is stratified by institution"
        queries += rows.queries(everyone, SITE, "institution-missing", expected, "note")
    queries.sort(key=lambda query: query.in_file)
    return SiteIntake(site, frame, tuple(queries), source), rows


def _file_queries(columns: Columns, header_line: int, read: CsvRows, rows: Rows) -> Iterator[Query]:
    for name in columns.undeclared:
        yield rows.at(header_line, name, "undeclared-column", "a column of dictionary.csv; it is not read", "note")
    for remark in read.remarks:
        yield rows.at(remark.line, "", remark.rule, remark.expected, "note")
    for fault in read.faults:
        yield rows.at(fault.line, "", fault.rule, fault.expected)


def undeclared_directories(study: Study) -> Iterator[Problem]:
    """Directories under sites/ that no [[site]] names: a site must not be left out by a slip in its id."""
    directory = study.directory / SITES
    declared = [site.id for site in study.file.site]
    try:
        names = sorted(path.name for path in directory.iterdir() if path.is_dir())
    except (FileNotFoundError, NotADirectoryError):
        hint = f"put each site's file at {SITES}/<id>/{study.file.data.file}"
        yield Problem(f"{SITES}/", "the directory is missing", hint)
        return
    except OSError as error:
        yield Problem(f"{SITES}/", f"cannot be read: {error.strerror}", "check the directory's permissions")
        return
    # A site that has its directory is not the one that was meant.
    spare = [id_ for id_ in declared if id_ not in names]
    for name in names:
        if name not in declared and not name.startswith((".", "__")):
            hint = did_you_mean(name, spare) or "add the [[site]], or move the directory away"
            yield Problem(f"{SITES}/{name}", "no [[site]] in study.toml has this id", hint)
