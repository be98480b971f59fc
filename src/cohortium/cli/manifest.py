"""The manifest: hashes of every input and output, versions, the study file's hash and the seed."""

from __future__ import annotations

import hashlib
import json
import platform
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from cohortium import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from cohortium.federation.desk import Opening
    from cohortium.governance.ethics import Decision, Period
    from cohortium.study.study import Study

_PACKAGES = ("jinja2", "matplotlib", "numpy", "polars", "pydantic", "scipy")


def ethics_record(decisions: Mapping[str, Decision], period: Period) -> dict[str, Any]:
    """Which sites were used, which were refused and why, and on which days that is so; no day of use."""
    return {
        "sites": {site: decision.reason or "allowed" for site, decision in decisions.items()},
        "the_same_from": period.first.isoformat() if period.first else None,
        "the_same_until": period.last.isoformat() if period.last else None,
    }


def manifest(
    study: Study, openings: Sequence[Opening], rounds: int, directory: Path, ethics: Mapping[str, Any], audit_head: str
) -> str:
    """The manifest of what stands in a directory, as JSON with sorted keys.

    It holds no time, no path of this machine and no user, so that the same inputs give the same bytes. `audit_head` is
    the head of the audit file when the run began, or `none`.
    """
    inputs = {name: {"sha256": _sha256(study.directory / name)} for name in study.inputs}
    sites = {
        source.path: {"sha256": source.sha256, "encoding": source.encoding, "n_rows": source.n_rows}
        for opening in openings
        for source in opening.sources
    }
    outputs = {
        path.relative_to(directory).as_posix(): {"sha256": _sha256(path)}
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }
    content = {
        "study": study.file.study.name,
        "study_hash": study.hash,
        "seed": study.file.study.seed,
        "rounds": rounds,
        "audit_head": audit_head,
        "ethics": ethics,
        "inputs": {**inputs, **sites},
        "outputs": outputs,
        "versions": {
            "cohortium": __version__,
            "python": platform.python_version(),
            **{package: version(package) for package in _PACKAGES},
        },
    }
    return json.dumps(content, indent=2, sort_keys=True) + "\n"


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
