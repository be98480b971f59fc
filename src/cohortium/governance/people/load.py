"""`people.toml` of a study directory, read and checked."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from cohortium.errors import Problem, StudyFileError
from cohortium.governance.people.findings import Finding
from cohortium.governance.people.judge import Reading, judge, site_ids
from cohortium.governance.people.model import People
from cohortium.study.draft import problem_at
from cohortium.study.locate import locate
from cohortium.study.study import Study
from cohortium.study.toml import read_toml

PEOPLE_FILE = "people.toml"


def load_people(directory: Path, study: Study | None = None) -> People:
    """Read and check `people.toml` of a study directory; open points are no errors.

    directory  the study directory
    study      the study whose sites the authors belong to; None to leave sites unjudged

    Raises
        StudyFileError: with every error of the file, in the order of its lines.
    """
    reading = read_people(directory, study)
    if reading.people is None or reading.errors:
        n_problems = "1 problem" if len(reading.errors) == 1 else f"{len(reading.errors)} problems"
        raise StudyFileError(f"{PEOPLE_FILE} in {directory} has {n_problems}:", reading.errors)
    return reading.people


def read_people(directory: Path, study: Study | None = None) -> Reading:
    """Read `people.toml` of a study directory and find everything at once: errors, open points and notes."""
    path = directory / PEOPLE_FILE
    if not path.exists():
        hint = "write it, or make it with `cohortium people import-csv`"
        return Reading(None, (Finding("error", Problem(PEOPLE_FILE, f"is missing in {directory}", hint)),))
    raw, text, problem = read_toml(path)
    if problem:
        return Reading(None, (Finding("error", problem),))
    return judge(raw, partial(problem_at, locate(text, PEOPLE_FILE)), site_ids(study))
