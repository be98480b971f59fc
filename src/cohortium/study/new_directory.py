"""A new study directory: its files are written all or not at all, and nothing is ever overwritten."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from cohortium.errors import OutputError, UsageError


def check_is_free(directory: Path) -> None:
    """Refuse a directory that holds anything.

    Raises
        UsageError: the directory is not empty, or is a file.
    """
    if directory.is_dir():
        if any(directory.iterdir()):
            hint = "name a directory that does not exist yet, or an empty one"
            raise UsageError(f"{directory}: the directory is not empty, and nothing in it was changed; {hint}")
    elif directory.exists() or directory.is_symlink():
        raise UsageError(f"{directory}: is a file; name a directory that does not exist yet")


def fill_new_directory(directory: Path, contents: Mapping[str, bytes], what: str) -> list[Path]:
    """Write files into a directory that is new or empty; return the files written.

    The files are written beside the directory first and then renamed, so that a failure leaves nothing behind.

    contents  bytes by path, with forward slashes
    what      what is written, as a message says it

    Raises
        UsageError: the directory is not empty, or is a file.
        OutputError: the files cannot be written.
    """
    check_is_free(directory)
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=directory.parent, prefix=".cohortium-new-") as temporary:
            study = Path(temporary) / "study"
            for name, content in contents.items():
                path = study / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            if directory.exists():
                directory.rmdir()
            study.rename(directory)
    except OSError as error:
        raise OutputError(f"{directory}: {what} cannot be written: {error.strerror}") from None
    return [directory / name for name in contents]
