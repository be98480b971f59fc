"""The bytes of a site's file: present, a plain file, not too large, read without ever waiting for it."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from cohortium.errors import Problem, SiteDataError

MAX_FILE_BYTES = 512 * 1024 * 1024

# Anything but byte-order marks, NUL and white space.
_CONTENT = re.compile(rb"[^\xef\xbb\xbf\xff\xfe\0\r\n\t ]")

_NAMED = 5

READ_FAILED = "The site data cannot be read"


def refused(where: str, what: str, hint: str = "") -> SiteDataError:
    """The error for one problem that keeps a whole file from being read."""
    return SiteDataError(READ_FAILED, [Problem(where, what, hint)])


def is_present(path: Path) -> bool:
    """Whether a plain file is there; also true where it cannot be seen for lack of permission: reading will say so."""
    try:
        return path.is_file()
    except OSError:
        return True


def read_source(path: Path, where: str) -> bytes:
    """Bytes of a site's file.

    path    the file
    where   its path as messages show it

    Raises
        SiteDataError: the file is missing, is not a plain file, is empty, is over 512 MB or may not be read.
    """
    try:
        if not stat.S_ISDIR(_mode(path.parent)):
            hint = "create it and put the site's export there, or remove the [[site]] from study.toml"
            raise refused(where.rpartition("/")[0], "the site's directory is missing", hint)
        if not (mode := _mode(path)):
            raise refused(where, "the file is missing", _instead(path))
        data = _plain_bytes(path, where) if stat.S_ISREG(mode) else None
    except OSError as error:
        hint = "check the permissions of the file and of its directory"
        raise refused(where, f"cannot be read: {error.strerror}", hint) from None
    if data is None:
        raise refused(where, "is not a plain file", "put the site's CSV export there")
    if not _CONTENT.search(data):
        raise refused(where, "the file is empty", "export the site's rows again, with a header line")
    return data


def _mode(path: Path) -> int:
    """Kind and permissions of what is there; 0 when nothing is."""
    try:
        return path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return 0


def _plain_bytes(path: Path, where: str) -> bytes | None:
    """The bytes of a plain file; None when it has become something else, such as a pipe, since it was looked at."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            return None
        data = file.read(MAX_FILE_BYTES + 1) if found.st_size <= MAX_FILE_BYTES else b""
    if found.st_size > MAX_FILE_BYTES or len(data) > MAX_FILE_BYTES:
        raise refused(where, "is larger than 512 MB", "leave out the columns that the dictionary does not declare")
    return data


def _instead(path: Path) -> str:
    """What to do about a missing file: the CSV files that are there by name, for one of them may be it."""
    names = sorted(_csv_names(path.parent))
    if not names:
        return "put the site's export there, or name its file in the study file or in mapping.toml"
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    there = f"there are {', '.join(names[:_NAMED])}{more}"
    return f"{there}: rename the one that is meant to {path.name}, or name it in the study file or in mapping.toml"


def _csv_names(directory: Path) -> Iterator[str]:
    with suppress(OSError):
        for path in directory.iterdir():
            if path.suffix.casefold() == ".csv" and path.name.isprintable():
                yield path.name
