"""The starter study's files, written all or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from cohortium.errors import OutputError, UsageError
from cohortium.starter.simulate import simulated_files

_FILES = ("README.md", "study.toml", "dictionary.csv")


def write_starter(directory: Path) -> list[Path]:
    """Write the starter study into a directory that is new or empty; return the files written.

    The files are written beside the directory first and then renamed, so that a failure leaves nothing behind.

    Raises
        UsageError: the directory is not empty, or is a file.
        OutputError: the files cannot be written.
    """
    _check_is_free(directory)
    contents = starter_files()
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
        raise OutputError(f"{directory}: the starter study cannot be written: {error.strerror}") from None
    return [directory / name for name in contents]


def starter_files() -> Mapping[str, bytes]:
    """The files of the starter study by path, with forward slashes; the same at every call."""
    folder = resources.files("cohortium.starter") / "files"
    return {**{name: (folder / name).read_bytes() for name in _FILES}, **simulated_files()}


def _check_is_free(directory: Path) -> None:
    if directory.is_dir():
        if any(directory.iterdir()):
            hint = "name a directory that does not exist yet, or an empty one"
            raise UsageError(f"{directory}: the directory is not empty, and nothing in it was changed; {hint}")
    elif directory.exists() or directory.is_symlink():
        raise UsageError(f"{directory}: is a file; name a directory that does not exist yet")
