"""A site's files to typed, de-identified rows and queries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from cohortium.errors import Problem, SiteDataError
from cohortium.intake.keys import keys_across_sites
from cohortium.intake.locate import Rows
from cohortium.intake.mapping import read_mapping
from cohortium.intake.patients import read_patients
from cohortium.intake.site_file import SourceFile
from cohortium.intake.source import READ_FAILED
from cohortium.intake.tables import read_tables
from cohortium.study.model import Site
from cohortium.study.queries import Query
from cohortium.study.site_files import SITES
from cohortium.study.study import Study
from cohortium.study.suggest import did_you_mean
from cohortium.study.table_rows import NO_TABLES, TableRows
from cohortium.study.tables import PATIENTS

if TYPE_CHECKING:
    import polars as pl

__all__ = ["SITES", "Intake", "Received", "SiteIntake", "SourceFile", "read_received", "read_site", "read_sites"]


@dataclass(frozen=True, slots=True)
class SiteIntake:
    """What was read of one site.

    frame     typed rows in the order of the file: key, variables without identifiers and texts, `site`, and the line
              of the file of each row in the hidden column `LINE`, which `derive` takes off
    queries   findings; when the form of the file is broken, the frame has no rows
    source    the file of patients
    tables    rows of the further tables
    more      their files, and the site's mapping where there is one
    """

    site: Site
    frame: pl.DataFrame = field(repr=False)
    queries: tuple[Query, ...]
    source: SourceFile
    tables: TableRows = NO_TABLES
    more: tuple[SourceFile, ...] = ()


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
    """Read one site's files: those of [data] in sites/<id>/ of the study directory.

    Leaves the site: nothing; the queries name rows by key and line and never repeat a value.

    Raises
        SiteDataError: the file or a column is missing, or the file cannot be read.
    """
    return _read(study, site)[0]


def _read(study: Study, site: Site) -> tuple[SiteIntake, Rows]:
    habits, mapping = read_mapping(study, site)
    patients = read_patients(study, site, habits.patients)
    tables = read_tables(study, site, habits, patients.origins)
    queries = (*patients.queries, *tables.queries)
    rows = TableRows(tables.frames, {PATIENTS: patients.rows.file, **tables.files})
    more = (*tables.sources, *mapping)
    return SiteIntake(site, patients.frame, queries, patients.source, rows, more), patients.rows


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
