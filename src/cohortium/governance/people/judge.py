"""Raw tables to people with everything that was found, whatever kind of file they come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cohortium.errors import Problem
from cohortium.governance.people.check import check
from cohortium.governance.people.findings import Draft, Finding
from cohortium.governance.people.model import People
from cohortium.study.locate import Path
from cohortium.study.shape import read_shape_of
from cohortium.study.study import Study

REPEATED: tuple[Path, ...] = (("affiliation",), ("author",), ("article", "funding"))
"""Sections of `people.toml` that are written with two brackets, once for each of their kind."""

_LISTS = ("affiliation", "author")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file of people holds and what was found in it.

    people    the people; None when a value could not be read or has not the right shape
    findings  errors, open points and notes in the order of file and line
    """

    people: People | None
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What cannot be."""
        return tuple(finding.problem for finding in self.findings if finding.severity == "error")


def site_ids(study: Study | None) -> tuple[str, ...] | None:
    """Ids of the institutions of a study; None without a study."""
    return None if study is None else tuple(site.id for site in study.file.site if not site.unassigned)


def judge(
    raw: Mapping[str, Any],
    problem_at: Callable[[Path, str, str], Problem],
    sites: tuple[str, ...] | None,
    found: Sequence[Problem] = (),
) -> Reading:
    """Read the shape of raw tables, then check what has none of its faults.

    raw         the tables of `people.toml` as plain values
    problem_at  makes a problem of a path of `raw`, what is wrong and a hint
    sites       ids of the study's sites; None to leave them unjudged
    found       problems that were found before; with one, the people are not given
    """
    people, faults = read_shape_of(People, REPEATED, raw)
    findings = [Finding("error", problem) for problem in (*found, *(problem_at(*fault) for fault in faults))]
    kept, positions, broken = _without(raw, [fault[0] for fault in faults])
    judged = people or read_shape_of(People, REPEATED, kept)[0]
    if judged is not None:

        def placed(path: Path, what: str, hint: str = "") -> Problem:
            return problem_at(_in_raw(path, positions), what, hint)

        findings += check(Draft(judged, sites, broken, not findings, placed))
    return Reading(None if found else people, tuple(sorted(dict.fromkeys(findings), key=_place)))


def _without(
    raw: Mapping[str, Any], faulty: Iterable[Path]
) -> tuple[dict[str, Any], dict[str, tuple[int, ...]], frozenset[str]]:
    """The file without its faulty elements, the positions in the text of those left, and ids of those left out."""
    paths = list(faulty)
    kept = {key: value for key, value in raw.items() if key in People.model_fields and (key,) not in paths}
    positions: dict[str, tuple[int, ...]] = {}
    broken: set[str] = set()
    for key in _LISTS:
        elements = kept.get(key, [])
        out = {path[1] for path in paths if len(path) > 1 and path[0] == key}
        positions[key] = tuple(index for index in range(len(elements)) if index not in out)
        broken |= {str(elements[i]["id"]) for i in out if isinstance(i, int) and _has_id(elements[i])}
        kept[key] = [elements[index] for index in positions[key]]
    article = kept.get("article")
    if isinstance(article, Mapping):
        out_keys = {path[1] for path in paths if len(path) > 1 and path[0] == "article"}
        kept["article"] = {key: value for key, value in article.items() if key not in out_keys}
    return kept, positions, frozenset(broken)


def _has_id(element: object) -> bool:
    return isinstance(element, Mapping) and "id" in element


def _in_raw(path: Path, positions: Mapping[str, tuple[int, ...]]) -> Path:
    if len(path) > 1 and path[0] in _LISTS:
        return (path[0], positions[str(path[0])][int(path[1])], *path[2:])
    return path


def _place(finding: Finding) -> tuple[str, int]:
    where = finding.problem.where
    file, _, line = where.rpartition(":")
    return (file, int(line)) if line.isdecimal() else (where, 0)
