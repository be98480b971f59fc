"""Verification of an audit file, offline and with bounded memory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from cohortium.errors import AuditError, Problem
from cohortium.governance.audit.entry import NO_HEAD, Entry
from cohortium.governance.audit.walk import opened_to_read, walk

MOST_PROBLEMS = 100


@dataclass(frozen=True, slots=True)
class Verified:
    """One unbroken chain.

    n_entries  its length
    head       hash of the last entry, or `none`
    n_since    entries after the one with the head that was given; None without one
    """

    n_entries: int
    head: str
    n_since: int | None = None


def verify(path: Path, head: str | None = None) -> Verified | list[Problem]:
    """Whether a file is one unbroken chain that still holds the entry with a head printed earlier.

    path   the audit file; a missing one is a chain without entries
    head   64 hexadecimal digits from a report or manifest, or `none`

    Returns what was verified, or every problem with its line. A chain that was written anew from some entry on is
    found by a head printed after that entry, and by nothing else.

    Raises
        AuditError: the file cannot be read.
    """
    scan = _scan(path, head)
    problems = [*scan.problems, *scan.torn]
    if head is not None and head != NO_HEAD and scan.at_head is None:
        what = f"no entry has the head {head[:12]}...: entries were cut off at the end or written anew"
        problems.append(Problem(path.name, what, "compare with a copy made when that head was printed"))
    if problems:
        return problems
    n_entries = scan.last.number if scan.last else 0
    n_since = None if head is None else n_entries - (scan.at_head or 0)
    return Verified(n_entries, scan.last.sha256 if scan.last else NO_HEAD, n_since)


class _Scan(NamedTuple):
    problems: list[Problem]
    torn: list[Problem]
    last: Entry | None
    at_head: int | None


def _scan(path: Path, head: str | None = None) -> _Scan:
    problems: list[Problem] = []
    torn: list[Problem] = []
    last: Entry | None = None
    at_head: int | None = None
    with opened_to_read(path) as stream:
        for step in walk(stream) if stream else ():
            found = torn if step.is_torn else problems
            if step.fault and len(found) < MOST_PROBLEMS:
                found.append(Problem(f"{path.name}:{step.line}", step.fault))
            if step.entry:
                last = step.entry
                at_head = last.number if last.sha256 == head else at_head
    return _Scan(problems, torn, last, at_head)


def read_entries(path: Path) -> tuple[Entry, ...]:
    """Every entry of an unbroken chain; an incomplete last line is not one.

    Raises
        AuditError: the chain is broken; nothing is concluded from it.
    """
    with opened_to_read(path) as stream:
        return entries_in(stream, path) if stream else ()


def entries_in(stream: BinaryIO, path: Path) -> tuple[Entry, ...]:
    """Every entry of a stream; `path` is for the error."""
    entries: list[Entry] = []
    problems: list[Problem] = []
    for step in walk(stream):
        if step.entry and not step.fault:
            entries.append(step.entry)
        elif not step.is_torn and len(problems) < MOST_PROBLEMS:
            problems.append(Problem(f"{path.name}:{step.line}", step.fault))
    if problems:
        raise broken(path, problems)
    return tuple(entries)


def head_of(path: Path) -> str:
    """Hash of the last entry of an unbroken chain, or `none`: what reports and manifests print.

    An incomplete last line is not an entry.

    Raises
        AuditError: the chain is broken.
    """
    scan = _scan(path)
    if scan.problems:
        raise broken(path, scan.problems)
    return scan.last.sha256 if scan.last else NO_HEAD


def broken(path: Path, problems: list[Problem]) -> AuditError:
    """The error for a chain that is not one."""
    return AuditError(f"The audit file {path} is not one unbroken chain; restore it from a copy:", problems)
