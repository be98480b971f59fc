"""What a run would do, as data: printed by `--dry-run`, and nothing else happens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.comparison.directory import STUDY_FOLDER
from cohortium.intake.source import is_present
from cohortium.manuscript import checklists
from cohortium.manuscript.write import FOLDER, planned_files
from cohortium.study.site_files import site_files

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from cohortium.estimators.contract import Task
    from cohortium.governance.ethics import Decision
    from cohortium.study.study import Study


@dataclass(frozen=True)
class PlannedSite:
    """A site with the files that would be read, whether they are there, and why they would not be read.

    more   files of its further tables, and its mapping where there is one
    """

    id: str
    name: str
    file: str
    present: bool
    refused: str = ""
    more: tuple[PlannedFile, ...] = ()


@dataclass(frozen=True)
class PlannedFile:
    """A file that would be read, and whether it is there."""

    file: str
    present: bool


@dataclass(frozen=True)
class PlannedAnalysis:
    """An analysis with its method and number of fits."""

    name: str
    method: str
    n_fits: int


@dataclass(frozen=True)
class Plan:
    """A run's inputs, analyses and outputs; paths of outputs are relative to `out`."""

    study: str
    study_hash: str
    sites: tuple[PlannedSite, ...]
    analyses: tuple[PlannedAnalysis, ...]
    out: str
    outputs: tuple[str, ...]


def plan_run(study: Study, tasks: Sequence[Task], out: Path, decisions: Mapping[str, Decision]) -> Plan:
    """The plan of a run with the sites that the decisions allow."""
    sites = []
    for site in study.file.site:
        file, *more = (
            PlannedFile(path, is_present(study.directory / path)) for path in site_files(study, site.id).values()
        )
        reason = decisions[site.id].reason
        sites.append(PlannedSite(site.id, site.name, file.file, file.present, reason, tuple(more)))
    analyses: dict[str, list[Task]] = {}
    for task in tasks:
        if task.method != "timing":
            analyses.setdefault(task.analysis, []).append(task)
    return Plan(
        study=study.file.study.name,
        study_hash=study.hash,
        sites=tuple(sites),
        analyses=tuple(PlannedAnalysis(name, fits[0].method, len(fits)) for name, fits in analyses.items()),
        out=str(out),
        outputs=(
            "results.csv",
            "results.parquet",
            "queries.csv",
            *(f"{STUDY_FOLDER}/{name}" for name in study.inputs),
            *(f"tables/{table.name}.{form}" for table in study.file.table for form in TABLE_FORMS),
            *(f"figures/{figure.name}.{form}" for figure in study.file.figure for form in FIGURE_FORMS),
            *(f"{FOLDER}/{name}" for name in planned_files(study)),
            *(f"{checklists.FOLDER}/{name}" for name in checklists.planned_checklists()),
            "report.html",
            "manifest.json",
        ),
    )


TABLE_FORMS = ("csv", "html", "md", "tex", "docx", "xlsx")
FIGURE_FORMS = ("svg", "pdf", "png", "csv", "txt", "legend.txt")
