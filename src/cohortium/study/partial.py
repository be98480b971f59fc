"""A study file without its faulty parts, so that the rules can judge the rest in the same run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cohortium.study.keys import REPEATED
from cohortium.study.locate import Path

_UNNAMED = "unnamed"
# What stands for a required value that is missing or faulty; none of these can cause a problem of its own.
_STAND_INS: Mapping[str, Mapping[str, Any]] = {
    "study": {"name": _UNNAMED, "title": _UNNAMED},
    "time": {"horizon_days": 36525, "origin": _UNNAMED},
    "data": {"key": _UNNAMED},
}


@dataclass(frozen=True, slots=True)
class Partial:
    """What is left of a study file.

    raw         the file as read, without the elements and values that have a fault
    positions   for each repeated section, the positions in the text of the elements that are left
    broken      names of what is left out: a reference to one is not a second problem
    """

    raw: Mapping[str, Any]
    positions: Mapping[Path, tuple[int, ...]]
    broken: frozenset[str]


def judgeable(raw: Mapping[str, Any], faulty: Iterable[Path]) -> Partial:
    """The study file without what has a fault at one of the paths."""
    paths = set(faulty)
    kept = dict(raw)
    positions: dict[Path, tuple[int, ...]] = {}
    broken: set[str] = {_UNNAMED}
    for path in paths:
        if len(path) == 1:
            value = raw.get(str(path[0]))
            broken |= _names(value if isinstance(value, list) else [value])
        if path and not any(path[: len(head)] == head and len(path) > len(head) for head in REPEATED):
            kept = _removed(kept, path) if path not in REPEATED else _replaced(kept, path, [])
    for head in REPEATED:
        elements = _at(kept, head)
        if isinstance(elements, list):
            left = [i for i in range(len(elements)) if not any(path[: len(head) + 1] == (*head, i) for path in paths)]
            positions[head] = tuple(left)
            broken |= _names(element for index, element in enumerate(elements) if index not in left)
            kept = _replaced(kept, head, [elements[index] for index in left])
    if isinstance(raw.get("time"), Mapping) and not any(path[0] == "time" for path in paths if path):
        # A sound [time] without an origin means it: only a faulty one may have lost it.
        kept["time"] = {"origin": None, **raw["time"]}
    return Partial(_with_stand_ins(kept), positions, frozenset(broken))


def _names(elements: Iterable[Any]) -> set[str]:
    return {
        str(element[key])
        for element in elements
        if isinstance(element, Mapping)
        for key in ("name", "id")
        if key in element
    }


def _with_stand_ins(raw: dict[str, Any]) -> dict[str, Any]:
    filled = dict(raw)
    for section, values in _STAND_INS.items():
        given = raw.get(section)
        filled[section] = {**values, **given} if isinstance(given, Mapping) else dict(values)
    if not filled.get("site"):
        filled["site"] = [{"id": _UNNAMED, "name": _UNNAMED}]
    return filled


def _at(value: Any, path: Path) -> Any:
    for part in path:
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _replaced(section: Mapping[str, Any], path: Path, value: Any) -> dict[str, Any]:
    first, *rest = path
    inner = section.get(str(first))
    if rest:
        value = _replaced(inner if isinstance(inner, Mapping) else {}, tuple(rest), value)
    return {**section, str(first): value}


def _removed(section: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """The section without the key at the path; a key whose element is faulty goes as a whole."""
    first, *rest = path
    inner = section.get(str(first))
    if rest and isinstance(rest[0], str) and rest[0] in (inner if isinstance(inner, Mapping) else ()):
        return {**section, str(first): _removed(inner, tuple(rest))} if isinstance(inner, Mapping) else dict(section)
    if rest and isinstance(inner, Mapping):
        return dict(section)
    return {key: item for key, item in section.items() if key != first}
