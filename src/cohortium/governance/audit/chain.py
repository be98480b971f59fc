"""Appending to the audit file: under an exclusive lock, on disk before it returns, never a second branch.

The line end is the last byte that is written. A process that is killed while it writes leaves a last line without
one. That line is no entry and nobody was told that it is. The next append writes over it: an entry that records the
cut, then its own. At no moment is the file without a trace of the incomplete line.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from cohortium.errors import AuditError, OutputError, Problem, UsageError
from cohortium.governance.audit.entry import MAX_LINE_BYTES, Act, Entry, line_of, parse_line, require_plain, sealed
from cohortium.governance.audit.verify import broken, entries_in
from cohortium.governance.audit.walk import fcntl

_CHUNK = 64 * 1024
REPAIR = "repair"


def utc_now() -> dt.datetime:
    """The time that entries get; tests give another."""
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class Chain:
    """An audit file that this process alone may append to."""

    path: Path
    descriptor: int

    def entries(self) -> tuple[Entry, ...]:
        """Every entry so far; AuditError when the chain is broken."""
        with os.fdopen(os.dup(self.descriptor), "rb") as stream:
            stream.seek(0)
            return entries_in(stream, self.path)

    def append(self, act: Act, time: dt.datetime) -> Entry:
        """Append an entry and return when it is on disk.

        Raises
            AuditError: the last entry is not a valid one.
            OutputError: it cannot be written; the chain is as it was.
            UsageError: a text of the act is too long or holds control characters.
        """
        require_plain(act)
        end, size = _end_of_entries(self.descriptor), os.fstat(self.descriptor).st_size
        last, data = _last_entry(self.path, self.descriptor, end), b""
        if size > end:
            last = sealed(_repair(self.descriptor, end, size), time, last)
            data = line_of(last)
        entry = sealed(act, time, last)
        line = line_of(entry)
        if len(line) > MAX_LINE_BYTES:
            raise UsageError(f"an entry has at most {MAX_LINE_BYTES} bytes; give a shorter --why")
        self._write(data + line, end, size)
        return entry

    def _write(self, data: bytes, end: int, size: int) -> None:
        try:
            # One byte short of what follows: the file has no line end of its own until the last byte is written.
            if size >= end + len(data):
                os.ftruncate(self.descriptor, end + len(data) - 1)
            written = 0
            while written < len(data):
                written += os.pwrite(self.descriptor, data[written:], end + written)
            os.fsync(self.descriptor)
            if end == 0:
                _sync_directory(self.path.parent)
        except OSError as error:
            if size == end:
                with suppress(OSError):
                    os.ftruncate(self.descriptor, end)
            raise OutputError(f"cannot write {self.path}: {error.strerror}; nothing was recorded") from error


@contextmanager
def locked(path: Path) -> Iterator[Chain]:
    """The chain of a file, made when it is missing, while no other process may append.

    Raises
        OutputError: the file cannot be opened or this platform has no file locks.
    """
    descriptor = _open_locked(path)
    try:
        yield Chain(path, descriptor)
    finally:
        if os.fstat(descriptor).st_size == 0:
            path.unlink(missing_ok=True)
        os.close(descriptor)


def append(path: Path, act: Act, time: dt.datetime | None = None) -> Entry:
    """Append one entry, whatever the chain holds; see `Chain.append`."""
    with locked(path) as chain:
        return chain.append(act, time or utc_now())


def _open_locked(path: Path) -> int:
    """A descriptor of the file that stands at the path once the lock is held."""
    if fcntl is None:
        raise OutputError(
            "this platform has no file locks (fcntl), so nothing can be recorded here; use Linux or macOS"
        )
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    while True:
        descriptor = -1
        try:
            descriptor = os.open(path, flags, 0o644)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except OSError as error:
            if descriptor >= 0:
                os.close(descriptor)
            raise OutputError(f"cannot open {path} to append: {error.strerror}") from error
        with suppress(FileNotFoundError):
            if os.path.samestat(path.stat(), os.fstat(descriptor)):
                return descriptor
        os.close(descriptor)  # It was replaced while this process waited.


def _end_of_entries(descriptor: int) -> int:
    """Position after the last line end."""
    at = os.fstat(descriptor).st_size
    while at > 0:
        start = max(0, at - _CHUNK)
        found = os.pread(descriptor, at - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        at = start
    return 0


def _last_entry(path: Path, descriptor: int, end: int) -> Entry | None:
    if end == 0:
        return None
    start = max(0, end - MAX_LINE_BYTES)
    line = os.pread(descriptor, end - 1 - start, start).rpartition(b"\n")[2]
    entry = parse_line(line)
    if isinstance(entry, str):
        raise broken(path, [Problem(f"{path.name}, last line", entry)])
    return entry


def _repair(descriptor: int, end: int, size: int) -> Act:
    digest, at = hashlib.sha256(), end
    while at < size:
        chunk = os.pread(descriptor, min(_CHUNK, size - at), at)
        if not chunk:
            raise AuditError("the audit file became shorter while it was locked: another program writes to it")
        digest.update(chunk)
        at += len(chunk)
    return Act(
        actor="cohortium",
        name="Cohortium",
        role="program",
        action=REPAIR,
        kind="audit",
        id="incomplete last line",
        files=(("incomplete last line", digest.hexdigest()),),
        statement=f"An incomplete last line of {size - end} bytes, which was not an entry, was cut off.",
        why="a process or the machine stopped while an entry was written",
        grounds="a line without a line end is not an entry",
    )


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
