"""Why two runs differ: site files, ethics decisions, lines of the study file, versions; and which analyses each reaches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cohortium.comparison.lines import changed_lines
from cohortium.comparison.reach import ANY_OTHER, changed_sections, reached, renamed_analyses

if TYPE_CHECKING:
    from cohortium.comparison.directory import ResultsDirectory


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
    reached    for each analysis, the changed elements that it uses, directly or through others, e.g.
               `endpoint pfs (study.toml:12, 14)`
    versions   `package: before to after`
    renamed    analyses that differ in name alone, old name to new
    studies    names of the two studies where they are not the same; empty else
    """

    sites: tuple[SiteChange, ...]
    lines: tuple[str, ...]
    whole: tuple[str, ...]
    reached: Mapping[str, tuple[str, ...]]
    versions: tuple[str, ...]
    renamed: Mapping[str, str] = field(default_factory=dict)
    studies: tuple[str, ...] = ()

    def of(self, analysis: str) -> tuple[str, ...]:
        """What may have changed an analysis, in words; empty when nothing is known to."""
        sites = [f"data of {change.site} ({change.kind})" for change in self.sites]
        return (*sites, *self.whole, *self.reached.get(analysis, self.reached.get(ANY_OTHER, ())), *self.versions)


def causes_of(first: ResultsDirectory, second: ResultsDirectory) -> Causes:
    """What differs between the inputs of two runs."""
    is_known = bool(first.study and second.study)
    lines = tuple(changed_lines(first.texts, second.texts))
    names = [str(manifest.get("study", "")) for manifest in (first.manifest, second.manifest)]
    renamed = renamed_analyses(first.study, second.study) if is_known else {}
    return Causes(
        sites=tuple(_sites(first.manifest, second.manifest)),
        lines=tuple(map(str, lines)),
        whole=changed_sections(first, second) if is_known else (),
        reached=reached(first, second, lines, renamed) if is_known else {},
        versions=tuple(_versions(first.manifest, second.manifest)),
        renamed=renamed,
        studies=tuple(names) if names[0] != names[1] else (),
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


def _versions(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    old, new = before.get("versions", {}), after.get("versions", {})
    for package in sorted(old.keys() | new.keys()):
        if old.get(package) != new.get(package):
            yield f"{package}: {old.get(package, 'none')} to {new.get(package, 'none')}"
    if before.get("seed") != after.get("seed"):
        yield f"seed: {before.get('seed')} to {after.get('seed')}"
