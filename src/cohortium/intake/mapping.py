"""A site's own habits: its `mapping.toml` where there is one, checked against the study."""

from __future__ import annotations

from cohortium.intake.mapping_file import NO_HABITS, MappingFile
from cohortium.intake.site_file import SourceFile
from cohortium.study.model import Site
from cohortium.study.study import Study


def read_mapping(study: Study, site: Site) -> tuple[MappingFile, tuple[SourceFile, ...]]:
    """The site's habits and the file that declares them; none when there is no such file."""
    return NO_HABITS, ()
