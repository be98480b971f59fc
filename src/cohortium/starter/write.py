"""The starter study's files, written all or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from cohortium.starter.simulate import simulated_files
from cohortium.study.new_directory import fill_new_directory

_FILES = ("README.md", "study.toml", "dictionary.csv")


def write_starter(directory: Path) -> list[Path]:
    """Write the starter study into a directory that is new or empty; return the files written.

    Raises
        UsageError: the directory is not empty, or is a file.
        OutputError: the files cannot be written.
    """
    return fill_new_directory(directory, starter_files(), "the starter study")


def starter_files() -> Mapping[str, bytes]:
    """The files of the starter study by path, with forward slashes; the same at every call."""
    folder = resources.files("cohortium.starter") / "files"
    return {**{name: (folder / name).read_bytes() for name in _FILES}, **simulated_files()}
