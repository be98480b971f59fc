"""Which changed elements of a study reach which analysis."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cohortium.comparison.lines import ChangedLine, element_lines

if TYPE_CHECKING:
    from cohortium.comparison.directory import ResultsDirectory

Element = tuple[str, str]
"""Section and name: `("endpoint", "pfs")`; a row of the dictionary is `("variable", "age")`."""

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
# A change in one of these reaches every analysis.
_REACHES_ALL = ("study", "time", "data", "cohort", "site")
_NAMED = ("derive", "endpoint", "imputation", "propensity", "analysis", "family")
# Words for readers: a label may hold the name of something it does not use.
_PROSE = frozenset({"title", "summary", "label", "excluded", "caption", "description", "name"})
FLOW, ANY_OTHER = "flow", ""
"""Rows of the results table that no analysis of the study file makes: the flow of patients, and all others."""
_STUDY, _DICTIONARY, _SITES = "study.toml", "dictionary.csv", "sites.toml"


def changed_sections(first: ResultsDirectory, second: ResultsDirectory) -> tuple[str, ...]:
    """Sections of the study file that differ and reach every analysis: `[cohort]`."""
    old, new = (_without_prose(directory.study) for directory in (first, second))
    found = [f"[{key}]" for key in _REACHES_ALL if old.get(key) != new.get(key)]
    if first.texts.get(_SITES) != second.texts.get(_SITES) and "[site]" not in found:
        found.append("[site]")
    return tuple(found)


def _without_prose(study: Mapping[str, Any]) -> Mapping[str, Any]:
    about = {key: value for key, value in study.get("study", {}).items() if key not in _PROSE}
    return {**study, "study": about}


def renamed_analyses(before: Mapping[str, Any], after: Mapping[str, Any]) -> Mapping[str, str]:
    """Analyses that differ in name alone, old name to new; none where several could be meant."""
    old, new = (
        {str(each.get("name")): {**each, "name": ""} for each in study.get("analysis", ())} for study in (before, after)
    )
    gone, come = [name for name in old if name not in new], [name for name in new if name not in old]
    pairs = [(a, b) for a in gone for b in come if old[a] == new[b]]
    firsts, seconds = [a for a, _ in pairs], [b for _, b in pairs]
    return {a: b for a, b in pairs if firsts.count(a) == 1 and seconds.count(b) == 1}


def reached(
    first: ResultsDirectory, second: ResultsDirectory, lines: Sequence[ChangedLine], renamed: Mapping[str, str]
) -> Mapping[str, tuple[str, ...]]:
    """For each analysis, the changed elements that it uses, with the lines that changed in each."""
    old, new = _elements(first), _elements(second)
    both = {**old, **new}
    changed = [key for key in both if old.get(key) != new.get(key)]
    places = _places(first, second, lines)
    said = {key: _said(key, places.get(key, ())) for key in changed}
    for before, after in renamed.items():
        said["analysis", after] = f"analysis {after} (was {before})"
        said.pop(("analysis", before), None)
    # The cohort is a part of every analysis, and so is what it uses.
    shared = [value for directory in (first, second) for value in _shared(directory.study)]
    used = {key[1]: _used([both[key]], both, shared, {key}) for key in both if key[0] == "analysis"}
    used |= {FLOW: _used([], both, shared, set()), ANY_OTHER: set(both)}
    return {
        name: tuple(said[key] for key in changed if key in elements and key in said) for name, elements in used.items()
    }


def _shared(study: Mapping[str, Any]) -> Iterator[Any]:
    yield from (study.get(key) for key in ("time", "data", "cohort"))


def _said(key: Element, numbers: Sequence[str]) -> str:
    return f"{' '.join(key)} ({', '.join(numbers)})" if numbers else " ".join(key)


def _elements(directory: ResultsDirectory) -> dict[Element, Any]:
    found: dict[Element, Any] = {
        (section, str(element.get("name", ""))): element
        for section in _NAMED
        for element in directory.study.get(section, ())
        if isinstance(element, Mapping)
    }
    rows = list(csv.reader(directory.texts.get(_DICTIONARY, "").splitlines()))
    # A row of the dictionary uses no other: its words are for people.
    return found | {("variable", row[0].strip()): tuple(row) for row in rows[1:] if row}


def _places(
    first: ResultsDirectory, second: ResultsDirectory, lines: Sequence[ChangedLine]
) -> dict[Element, tuple[str, ...]]:
    """Places of the changed lines by element; those of the second run, of the first where they are only there."""
    found: dict[Element, dict[str, list[str]]] = {}
    for directory, sign in ((first, "-"), (second, "+")):
        spans = element_lines(directory.texts.get(_STUDY, ""))
        own = [line for line in lines if line.sign == sign]
        for line in own:
            keys = [key for key, span in spans.items() if line.file == _STUDY and line.number in span]
            if line.file == _DICTIONARY:
                keys = [("variable", next(csv.reader([line.text]), [""])[0].strip())]
            for key in keys:
                found.setdefault(key, {}).setdefault(sign, []).append(f"{line.file}:{line.number}")
    return {key: tuple(by_sign.get("+") or by_sign["-"]) for key, by_sign in found.items()}


def _used(
    first: Sequence[Any], elements: Mapping[Element, Any], shared: Sequence[Any], found: set[Element]
) -> set[Element]:
    """The elements found and all that some values mention by name, however far."""
    by_word: dict[str, list[Element]] = {}
    for key in elements:
        by_word.setdefault(key[1], []).append(key)
    waiting = [*first, *shared]
    while waiting:
        for word in set(_words(waiting.pop())):
            for key in by_word.get(word, ()):
                if key not in found:
                    found.add(key)
                    waiting.append(elements[key])
    return found


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        for word in _WORD.findall(value):
            yield word
            # `a-b` may be a difference of two.
            yield from word.split("-")
            # A rule makes several variables whose names begin with its own.
            yield from (word[: match.start()] for match in re.finditer("_", word) if match.start())
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if key not in _PROSE:
                yield from _words(item)
    elif isinstance(value, list):
        for item in value:
            yield from _words(item)
