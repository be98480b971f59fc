"""A study directory to a checked, frozen `Study`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cohortium.errors import Problem, StudyFileError
from cohortium.study.check import check
from cohortium.study.dictionary import DICTIONARY, read_dictionary
from cohortium.study.draft import SITES_FILE, STUDY_FILE, Draft, problem_at, usable_variables
from cohortium.study.locate import Lines, locate
from cohortium.study.model import StudyFile
from cohortium.study.partial import judgeable
from cohortium.study.printable import unprintable_texts
from cohortium.study.shape import read_shape
from cohortium.study.study import Study
from cohortium.study.suggest import shown
from cohortium.study.toml import read_toml
from cohortium.study.variables import Variable

_SITE = "site"


def load_study(directory: Path) -> Study:
    """Read and check `study.toml`, `dictionary.csv` and, where there is one, `sites.toml` of a study directory.

    Raises
        StudyFileError: with every problem of all files, in the order of file and line.
    """
    dictionary, problems = read_dictionary(directory / DICTIONARY)
    file, lines, more = _read_study_file(directory, dictionary, problems)
    problems = _in_order([*problems, *more])
    if problems or file is None:
        n_problems = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise StudyFileError(f"The study in {directory} has {n_problems}:", problems)
    inputs = (STUDY_FILE, DICTIONARY, *([SITES_FILE] if _is_there(directory / SITES_FILE) else []))
    return Study(
        file=file,
        directory=directory,
        hash=_hash(directory, inputs),
        dictionary=dictionary,
        variables=MappingProxyType(usable_variables(file, dictionary, lines.of)),
        inputs=inputs,
    )


def _read_study_file(
    directory: Path, dictionary: tuple[Variable, ...], problems: list[Problem]
) -> tuple[StudyFile | None, Lines, list[Problem]]:
    raw, lines, found = _read_raw(directory)
    if raw is None:
        return None, lines, found
    file, faults = read_shape(raw)
    faults += unprintable_texts(raw)
    found = [*found, *(problem_at(lines, *fault) for fault in faults)]
    partial = judgeable(raw, [fault[0] for fault in faults])
    judged = read_shape(partial.raw)[0] if faults else file
    if judged is None:
        return None, lines, found
    faulty = {problem.where for problem in problems}
    broken = {variable.name for variable in dictionary if f"{DICTIONARY}:{variable.line}" in faulty}
    declared = {variable.name: variable for variable in dictionary}
    draft = Draft(judged, partial.positions, lines, declared, partial.broken | broken, complete=bool(dictionary))
    return file, lines, [*found, *check(draft)]


def _read_raw(directory: Path) -> tuple[dict[str, Any] | None, Lines, list[Problem]]:
    """What `study.toml` holds, with the sites of `sites.toml` where there is one; None when one is not readable."""
    raw, text, problem = read_toml(directory / STUDY_FILE)
    if not _is_there(directory / SITES_FILE):
        return (None, Lines({}), [problem]) if problem else (raw, locate(text), [])
    apart, sites_text, sites_problem = read_toml(directory / SITES_FILE)
    if problem or sites_problem:
        return None, Lines({}), [found for found in (problem, sites_problem) if found]
    sites_lines = locate(sites_text, SITES_FILE)
    found = [_misplaced(sites_lines, key) for key in apart if key != _SITE]
    if _SITE in raw:
        what = f"holds [[site]] sections, and there is a {SITES_FILE} too; expected them in one of the two"
        found.append(Problem(locate(text).place((_SITE,)), what, f"move them all to {SITES_FILE}, or remove that file"))
        return raw, locate(text), found
    lines = locate(text, STUDY_FILE, {_SITE: sites_lines})
    return {**raw, **({_SITE: apart[_SITE]} if _SITE in apart else {})}, lines, found


def _misplaced(lines: Lines, key: str) -> Problem:
    what = f"{shown(key)} does not belong here; expected [[site]] sections and nothing else"
    return Problem(lines.place((key,)), what, f"move it to {STUDY_FILE}" if key in StudyFile.model_fields else "")


def _is_there(path: Path) -> bool:
    # A link to nowhere or a directory of that name is there too, and then it cannot be read.
    return path.exists() or path.is_symlink()


def _in_order(problems: list[Problem]) -> list[Problem]:
    def key(problem: Problem) -> tuple[str, int]:
        file, _, line = problem.where.partition(":")
        return file, int(line or 0)

    return sorted(dict.fromkeys(problems), key=key)


def _hash(directory: Path, names: Sequence[str]) -> str:
    digest = hashlib.sha256()
    for name in names:
        digest.update((directory / name).read_bytes())
    return digest.hexdigest()
