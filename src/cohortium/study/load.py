"""A study directory to a checked, frozen `Study`."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from cohortium.errors import Problem, StudyFileError
from cohortium.study.check import check
from cohortium.study.dictionary import DICTIONARY, read_dictionary
from cohortium.study.draft import STUDY_FILE, Draft, problem_at, usable_variables
from cohortium.study.locate import Lines, locate
from cohortium.study.model import StudyFile
from cohortium.study.partial import judgeable
from cohortium.study.shape import read_shape
from cohortium.study.study import Study
from cohortium.study.variables import Variable

_POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def load_study(directory: Path) -> Study:
    """Read and check `study.toml` and `dictionary.csv` of a study directory.

    Raises
        StudyFileError: with every problem of both files, in the order of file and line.
    """
    dictionary, problems = read_dictionary(directory / DICTIONARY)
    file, lines, more = _read_study_file(directory / STUDY_FILE, dictionary, problems)
    problems = _in_order([*problems, *more])
    if problems or file is None:
        n_problems = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise StudyFileError(f"The study in {directory} has {n_problems}:", problems)
    return Study(
        file=file,
        directory=directory,
        hash=_hash(directory),
        dictionary=dictionary,
        variables=MappingProxyType(usable_variables(file, dictionary, lines.of)),
    )


def _read_study_file(
    path: Path, dictionary: tuple[Variable, ...], problems: list[Problem]
) -> tuple[StudyFile | None, Lines, list[Problem]]:
    text, problem = _decoded(path)
    if problem:
        return None, Lines({}), [problem]
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, Lines({}), [_syntax(text, str(error))]
    except RecursionError:
        return None, Lines({}), [Problem(f"{STUDY_FILE}:1", "is nested too deep to be read")]
    lines = locate(text)
    file, faults = read_shape(raw)
    found = [problem_at(lines, *fault) for fault in faults]
    partial = judgeable(raw, [fault[0] for fault in faults])
    judged = file or read_shape(partial.raw)[0]
    if judged is None:
        return None, lines, found
    faulty = {problem.where for problem in problems}
    broken = {variable.name for variable in dictionary if f"{DICTIONARY}:{variable.line}" in faulty}
    declared = {variable.name: variable for variable in dictionary}
    draft = Draft(judged, partial.positions, lines, declared, partial.broken | broken, complete=bool(dictionary))
    return file, lines, [*found, *check(draft)]


def _decoded(path: Path) -> tuple[str, Problem | None]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return "", Problem(STUDY_FILE, "is missing", "give the study directory, or make one with `cohortium new DIR`")
    except OSError as error:
        return "", Problem(STUDY_FILE, f"cannot be read: {error.strerror}")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "", Problem(f"{STUDY_FILE}:1", "is UTF-16; expected UTF-8", "save the file as UTF-8")
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return "", Problem(f"{STUDY_FILE}:{line}", "is not UTF-8", "save the file as UTF-8")


_ADVICE: Mapping[str, str] = {
    "Cannot overwrite a value": "a key is given twice",
    "Invalid value": "put texts in quotation marks; write true and false small",
    "Expected '=' after a key": "write key = value",
    "Cannot declare": "a section is declared twice; sections that repeat have two brackets, such as [[site]]",
    "Invalid statement": "write key = value, [section] or [[section]]",
    "Illegal character": "close the quotation mark on the same line, or use three for a text over several lines",
    "Unescaped '\\'": "write \\\\ for a backslash, or use single quotation marks",
}


def _syntax(text: str, message: str) -> Problem:
    position = _POSITION.search(message)
    said = _POSITION.sub("", message)
    is_placed = position is not None and position[1] is not None
    line = int(position[1]) if position and is_placed else text.count("\n") + (not text.endswith("\n"))
    column = f" at column {position[2]}" if position and is_placed else " at the end of the file"
    hint = next((advice for start, advice in _ADVICE.items() if said.startswith(start)), "")
    if not is_placed and said.startswith(("Invalid value", "Expected", "Unclosed", "Unterminated")):
        hint = "close the quotation mark or the bracket that is still open"
    return Problem(f"{STUDY_FILE}:{line}", f"is not TOML: {said}{column}", hint)


def _in_order(problems: list[Problem]) -> list[Problem]:
    def key(problem: Problem) -> tuple[str, int]:
        file, _, line = problem.where.partition(":")
        return file, int(line or 0)

    return sorted(dict.fromkeys(problems), key=key)


def _hash(directory: Path) -> str:
    digest = hashlib.sha256()
    for name in (STUDY_FILE, DICTIONARY):
        digest.update((directory / name).read_bytes())
    return digest.hexdigest()
