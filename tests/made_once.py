"""Directories that are expensive to make, made once for all processes of a test session."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


@contextmanager
def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Iterator[Path]:
    """The directory of a name, which the first process that wants it makes while the others wait.

    Nobody may write into it: at the end each process looks whether it is as it was.
    """
    # xdist gives every process a base directory of its own inside one of the session.
    base = factory.getbasetemp().parent if "PYTEST_XDIST_WORKER" in os.environ else factory.getbasetemp()
    place = base / "made-once" / name
    place.parent.mkdir(exist_ok=True)
    with place.with_name(f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            aside = place.with_name(f"{name}.part")
            shutil.rmtree(aside, ignore_errors=True)
            make(aside)
            aside.rename(place)
    before = files_of(place)
    yield place
    assert files_of(place) == before, f"a test changed {name}, which all tests share; it should work on a copy"


def files_of(directory: Path) -> dict[str, str]:
    """The digest of every file of a directory."""
    paths = sorted(path for path in directory.rglob("*") if path.is_file())
    return {path.relative_to(directory).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
