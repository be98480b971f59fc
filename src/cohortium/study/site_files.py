"""Which files of a site a study reads: that of patients, those of its further tables, and the site's mapping."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cohortium.study.study import Study
from cohortium.study.tables import PATIENTS
from cohortium.study.toml import read_toml

SITES = "sites"
MAPPING = "mapping.toml"


def site_files(study: Study, site_id: str) -> dict[str, str]:
    """Path of each file by the name of its table, and of the mapping where there is one; relative to the study directory.

    A table that is optional and absent is left out. The site's own file names are taken from its mapping as they stand
    there: whether the mapping is sound is said when it is read.
    """
    place = f"{SITES}/{site_id}"
    data = study.file.data
    own = _own_names(study, f"{place}/{MAPPING}")
    files = {PATIENTS: f"{place}/{own.get(PATIENTS, data.file)}"}
    for table in data.table:
        path = f"{place}/{own.get(table.name, table.file_name)}"
        if not table.optional or (study.directory / path).exists():
            files[table.name] = path
    if (study.directory / place / MAPPING).exists():
        files[MAPPING] = f"{place}/{MAPPING}"
    return files


def _own_names(study: Study, path: str) -> Mapping[str, str]:
    if not (study.directory / path).exists():
        return {}
    raw, _, _ = read_toml(study.directory / path)
    sections: Mapping[str, Any] = {name: section for name, section in raw.items() if isinstance(section, Mapping)}
    return {name: section["file"] for name, section in sections.items() if isinstance(section.get("file"), str)}
