"""A site's own habits: its `mapping.toml` where there is one, checked against the study."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from cohortium.errors import SiteDataError
from cohortium.intake.mapping_rules import mapping_faults
from cohortium.intake.site_file import SourceFile
from cohortium.intake.source import READ_FAILED
from cohortium.study.draft import problem_at
from cohortium.study.locate import locate
from cohortium.study.model import Site
from cohortium.study.printable import unprintable_texts
from cohortium.study.shape import read_shape_of
from cohortium.study.site_files import MAPPING, SITES
from cohortium.study.site_mapping import NO_HABITS, MappingFile
from cohortium.study.study import Study
from cohortium.study.toml import read_toml


def read_mapping(study: Study, site: Site) -> tuple[MappingFile, tuple[SourceFile, ...]]:
    """The site's habits and the file that declares them; none when there is no such file.

    Raises
        SiteDataError: with every problem of the file, each with its line.
    """
    where = f"{SITES}/{site.id}/{MAPPING}"
    path = study.directory / where
    if not (path.exists() or path.is_symlink()):
        return NO_HABITS, ()
    raw, text, problem = read_toml(path)
    if problem:
        raise SiteDataError(READ_FAILED, [replace(problem, where=problem.where.replace(MAPPING, where, 1))])
    mapping, faults = read_shape_of(MappingFile, (), raw)
    faults += unprintable_texts(raw)
    if mapping is not None and not faults:
        faults = list(mapping_faults(study, mapping))
    if mapping is None or faults:
        lines = locate(text, where)
        raise SiteDataError(READ_FAILED, [problem_at(lines, *fault) for fault in faults])
    return mapping, (SourceFile(where, hashlib.sha256(path.read_bytes()).hexdigest(), "utf-8", 0),)
