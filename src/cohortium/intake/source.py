"""The bytes of a site's file: present, a plain file, not too large."""

from __future__ import annotations

import re
from pathlib import Path

from cohortium.errors import Problem, SiteDataError

MAX_FILE_BYTES = 512 * 1024 * 1024

# Anything but byte-order marks, NUL and white space.
_CONTENT = re.compile(rb"[^\xef\xbb\xbf\xff\xfe\0\r\n\t ]")

READ_FAILED = "The site data cannot be read"


def refused(where: str, what: str, hint: str = "") -> SiteDataError:
    """The error for one problem that keeps a whole file from being read."""
    return SiteDataError(READ_FAILED, [Problem(where, what, hint)])


def read_source(path: Path, where: str) -> bytes:
    """Bytes of a site's file.

    path    the file
    where   its path as messages show it

    Raises
        SiteDataError: the file is missing, is not a plain file, is empty or is over 512 MB.
    """
    try:
        if not path.parent.is_dir():
            hint = "create it and put the site's export there, or remove the [[site]] from study.toml"
            raise refused(where.rpartition("/")[0], "the site's directory is missing", hint)
        if not path.exists():
            raise refused(where, "the file is missing", "put the site's export there, or change [data] file")
        if not path.is_file():
            raise refused(where, "is not a plain file", "put the site's CSV export there")
        n_bytes = path.stat().st_size
        if n_bytes > MAX_FILE_BYTES:
            raise refused(where, "is larger than 512 MB", "leave out the columns that the dictionary does not declare")
        data = path.read_bytes()
    except OSError as error:
        raise refused(where, f"cannot be read: {error.strerror}", "check its permissions") from None
    if not _CONTENT.search(data):
        raise refused(where, "the file is empty", "export the site's rows again, with a header line")
    return data
