"""Why two runs differ: site files, ethics decisions, lines of the study file, versions; and which analyses each reaches."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cohortium.comparison.directory import ResultsDirectory

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
# A change in one of these reaches every analysis.
_REACHES_ALL = ("time", "data", "cohort", "site")
_NAMED = ("derive", "endpoint", "imputation", "propensity", "analysis", "family")


@dataclass(frozen=True, slots=True)
class SiteChange:
    """A site whose data changed: `new`, `gone`, `changed`, `refused` or `allowed`; rows before and after where known."""

    site: str
    kind: str
    n_before: int | None
    n_after: int | None


@dataclass(frozen=True, slots=True)
class Causes:
    """Differences of the inputs of two runs.

    sites      changes of sites' data and of whether they may be used
    lines      changed lines of the declaring files with their numbers, as `study.toml:7: - old` and `study.toml:7: + new`
    whole      changed sections that reach every analysis, e.g. `[cohort]`
    reached    for each analysis, the changed elements that it uses, directly or through others, e.g. `endpoint pfs`
    versions   `package: before to after`
    """

    sites: tuple[SiteChange, ...]
    lines: tuple[str, ...]
    whole: tuple[str, ...]
    reached: Mapping[str, tuple[str, ...]]
    versions: tuple[str, ...]

    def of(self, analysis: str) -> tuple[str, ...]:
        """What may have changed an analysis, in words; empty when nothing is known to."""
        sites = [f"data of {change.site} ({change.kind})" for change in self.sites]
        return (*sites, *self.whole, *self.reached.get(analysis, ()), *self.versions)


def causes_of(first: ResultsDirectory, second: ResultsDirectory) -> Causes:
    """What differs between the inputs of two runs."""
    old, new = first.study, second.study
    is_known = bool(old and new)
    return Causes(
        sites=tuple(_sites(first.manifest, second.manifest)),
        lines=tuple(_lines(first.texts, second.texts)),
        whole=tuple(f"[{key}]" for key in _REACHES_ALL if is_known and old.get(key) != new.get(key)),
        reached=_reached(old, new) if is_known else {},
        versions=tuple(_versions(first.manifest, second.manifest)),
    )


def _sites(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[SiteChange]:
    files = [_site_files(manifest) for manifest in (before, after)]
    allowed = [manifest.get("ethics", {}).get("sites", {}) for manifest in (before, after)]
    for site in sorted(files[0].keys() | files[1].keys() | allowed[0].keys() | allowed[1].keys()):
        old, new = files[0].get(site), files[1].get(site)
        may = [by_site.get(site) == "allowed" for by_site in allowed]
        if old == new and may[0] == may[1]:
            continue
        if site in allowed[0] and site in allowed[1] and may[0] != may[1]:
            kind = "now allowed" if may[1] else "now refused"
        else:
            kind = "changed" if old and new else "new" if new else "gone"
        yield SiteChange(site, kind, _n_rows(old), _n_rows(new))


def _site_files(manifest: Mapping[str, Any]) -> dict[str, dict[str, tuple[str, int]]]:
    """Hash and rows of each file, by site."""
    found: dict[str, dict[str, tuple[str, int]]] = {}
    for name, entry in manifest.get("inputs", {}).items():
        folder, _, rest = name.partition("/")
        if folder == "sites" and "/" in rest:
            site, _, file = rest.partition("/")
            found.setdefault(site, {})[file] = (str(entry.get("sha256")), int(entry.get("n_rows", 0)))
    return found


def _n_rows(files: Mapping[str, tuple[str, int]] | None) -> int | None:
    return sum(n for _, n in files.values()) if files else None


def _lines(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name, "").splitlines(), after.get(name, "").splitlines()
        for tag, old_from, old_to, new_from, new_to in difflib.SequenceMatcher(
            None, old, new, autojunk=False
        ).get_opcodes():
            if tag != "equal":
                yield from (
                    f"{name}:{n}: - {old[n - 1].strip()}" for n in range(old_from + 1, old_to + 1) if old[n - 1].strip()
                )
                yield from (
                    f"{name}:{n}: + {new[n - 1].strip()}" for n in range(new_from + 1, new_to + 1) if new[n - 1].strip()
                )


def _versions(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    old, new = before.get("versions", {}), after.get("versions", {})
    for package in sorted(old.keys() | new.keys()):
        if old.get(package) != new.get(package):
            yield f"{package}: {old.get(package, 'none')} to {new.get(package, 'none')}"
    if before.get("seed") != after.get("seed"):
        yield f"seed: {before.get('seed')} to {after.get('seed')}"


def _reached(before: Mapping[str, Any], after: Mapping[str, Any]) -> Mapping[str, tuple[str, ...]]:
    """For each analysis, the changed elements that it uses."""
    old, new = _by_name(before), _by_name(after)
    both = {**old, **new}
    changed = [key for key in both if old.get(key) != new.get(key)]
    analyses = [key for key in both if key[0] == "analysis"]
    used = {key[1]: _used(key, both) for key in analyses}
    return {name: tuple(" ".join(key) for key in changed if key in elements) for name, elements in used.items()}


Element = tuple[str, str]


def _by_name(study: Mapping[str, Any]) -> dict[Element, Any]:
    return {
        (section, str(element.get("name", ""))): element
        for section in _NAMED
        for element in study.get(section, ())
        if isinstance(element, Mapping)
    }


def _used(start: Element, elements: Mapping[Element, Any]) -> set[Element]:
    """The element and all that it mentions by name, however far."""
    by_word: dict[str, list[Element]] = {}
    for key in elements:
        by_word.setdefault(key[1], []).append(key)
    found, waiting = {start}, [start]
    while waiting:
        for word in set(_words(elements[waiting.pop()])):
            for key in by_word.get(word, ()):
                if key not in found:
                    found.add(key)
                    waiting.append(key)
    return found


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        for word in _WORD.findall(value):
            yield word
            # A rule makes several variables whose names begin with its own.
            yield from (word[: match.start()] for match in re.finditer("_", word) if match.start())
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _words(item)
    elif isinstance(value, list):
        for item in value:
            yield from _words(item)
