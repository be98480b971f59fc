"""Bytes of the files that declare a study: plain files of a sensible size, and nothing else is opened."""

from __future__ import annotations

import stat
from pathlib import Path

from cohortium.errors import Problem

MAX_BYTES = 16 * 2**20
"""Largest study file or dictionary that is read; a real one has some kilobytes."""


def read_plain(path: Path, if_missing: str) -> tuple[bytes, Problem | None]:
    """The bytes of a plain file, or the problem that keeps it from being read; a pipe or a device is never opened.

    path        the file
    if_missing  what to do when there is none
    """
    try:
        status = path.stat()
        if kind := _not_plain(status.st_mode):
            return b"", Problem(path.name, f"cannot be read: it is {kind}; expected a file", "")
        if status.st_size > MAX_BYTES:
            return b"", too_large(path.name)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return b"", Problem(path.name, "is missing", if_missing)
    except OSError as error:
        return b"", Problem(path.name, f"cannot be read: {error.strerror}")
    return (b"", too_large(path.name)) if len(data) > MAX_BYTES else (data, None)


def _not_plain(mode: int) -> str:
    if stat.S_ISREG(mode):
        return ""
    return "a directory" if stat.S_ISDIR(mode) else "a pipe, a device or a socket"


def too_large(name: str) -> Problem:
    """The problem of a file that is larger than any study needs."""
    return Problem(name, f"is larger than {MAX_BYTES // 2**20} MB", "patients' rows belong in the sites' files")
