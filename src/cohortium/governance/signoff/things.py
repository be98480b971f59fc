"""What can be signed, as the files that it consists of. Paths are relative to the study directory."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from cohortium.errors import UsageError
from cohortium.governance.audit.entry import AUDIT_FILE, is_plain
from cohortium.governance.signoff.standing import MISSING, Thing
from cohortium.study.dictionary import DICTIONARY
from cohortium.study.site_files import SITES, site_files
from cohortium.study.study import Study
from cohortium.study.suggest import did_you_mean

RESULTS = "results"
MANIFEST = "manifest.json"
BOUND = (DICTIONARY,)
"""What a site's data are locked with: what their values mean. The study file is signed for itself: a new figure title or
a renewed ethics decision leaves the data as they are."""


def find_thing(study: Study, reference: str) -> Thing:
    """The thing that `site:ID`, `study`, `results[:DIRECTORY]` or `manuscript:FILE` names, with its present files.

    Raises
        UsageError: there is no such thing.
    """
    kind, _, name = reference.partition(":")
    if kind == "site":
        return site_thing(study, name)
    if kind == "study" and not name:
        return Thing("study", "", hashed(study.directory, study.inputs))
    if kind == "results":
        return results_thing(study, name or RESULTS)
    if kind == "manuscript" and name:
        return _manuscript(study, name)
    kinds = "`site:ID`, `study`, `results`, `results:DIRECTORY` or `manuscript:FILE`"
    raise UsageError(f"{reference!a} names nothing that can be signed; expected {kinds}")


def site_thing(study: Study, site: str) -> Thing:
    """A site's data: its files, the mapping that says how they are written, and the dictionary."""
    ids = [declared.id for declared in study.file.site]
    if site not in ids:
        raise UsageError(f"the study has no site {site!a}; {did_you_mean(site, ids)}".removesuffix("; "))
    files = hashed(study.directory, (*site_files(study, site).values(), *BOUND))
    return Thing("site", site, files, faults=_missing(files))


def results_thing(study: Study, directory: str) -> Thing:
    """Results: the manifest, which holds the hash of every input and output; each is compared."""
    directory = _inside(study.directory, directory)
    path = f"{directory}/{MANIFEST}"
    files = hashed(study.directory, (path,))
    if faults := _missing(files):
        return Thing("results", directory, files, faults=faults)
    try:
        manifest = json.loads((study.directory / path).read_bytes())
        inputs = {name: str(entry["sha256"]) for name, entry in manifest["inputs"].items()}
        outputs = {f"{directory}/{name}": str(entry["sha256"]) for name, entry in manifest["outputs"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Thing("results", directory, files, faults=(f"{path} is not a manifest of this program; run again",))
    faults = tuple(_unlike_manifest(study.directory, path, inputs, outputs))
    return Thing("results", directory, files, tuple(_made_from(study, inputs)), faults)


def _unlike_manifest(root: Path, path: str, inputs: Mapping[str, str], outputs: Mapping[str, str]) -> Iterator[str]:
    present = dict(hashed(root, (*inputs, *outputs)))
    for name, sha256 in outputs.items():
        if present[name] != sha256:
            yield f"{name} {'is missing' if present[name] == MISSING else f'is not the file that {path} names'}"
    for name, sha256 in inputs.items():
        if present[name] != sha256:
            yield f"{name} {'is missing' if present[name] == MISSING else 'changed after these results were made'}"


def _made_from(study: Study, inputs: Mapping[str, str]) -> Iterator[Thing]:
    """The study file and the sites' data that results were made from, as they were then."""
    declaring = {name: sha256 for name, sha256 in inputs.items() if not name.startswith(f"{SITES}/")}
    yield Thing("study", "", tuple(sorted(declaring.items())))
    bound = tuple((name, declaring.get(name, MISSING)) for name in BOUND)
    ids = {site.id for site in study.file.site}
    of_sites: dict[str, list[tuple[str, str]]] = {}
    for name, sha256 in inputs.items():
        parts = PurePosixPath(name).parts
        if parts[0] == SITES and len(parts) > 1 and parts[1] in ids:
            of_sites.setdefault(parts[1], []).append((name, sha256))
    for site, files in of_sites.items():
        yield Thing("site", site, tuple(sorted((*files, *bound))))


def _manuscript(study: Study, name: str) -> Thing:
    path = _inside(study.directory, name)
    if path == AUDIT_FILE:
        raise UsageError(f"{AUDIT_FILE} is the record of signatures and cannot be signed itself")
    files = hashed(study.directory, (path,))
    return Thing("manuscript", path, files, (results_thing(study, RESULTS),), _missing(files))


def _missing(files: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    return tuple(f"{path} is missing" for path, sha256 in files if sha256 == MISSING)


def hashed(root: Path, paths: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """(path, SHA-256) of files in the order of their paths; what is no plain file in the directory is missing."""
    return tuple((path, _sha256(root, path)) for path in sorted(paths))


def _sha256(root: Path, path: str) -> str:
    try:
        file = (root / path).resolve(strict=True)
        if not file.is_relative_to(root.resolve()) or not file.is_file():
            return MISSING
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except (OSError, ValueError):
        return MISSING


def _inside(root: Path, name: str) -> str:
    """A path of the study directory as it is recorded: relative, with forward slashes, no way up."""
    path = PurePosixPath(name)
    is_relative = bool(path.parts) and not path.is_absolute() and ".." not in path.parts
    if not is_relative or not is_plain(name) or not (root / path).resolve().is_relative_to(root.resolve()):
        raise UsageError(f"{name!a} must be a path inside the study directory")
    return path.as_posix()
