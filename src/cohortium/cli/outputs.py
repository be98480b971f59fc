"""The results directory: written aside, then put in place whole, so that nothing half-written is ever seen.

Only what an earlier run wrote is ever replaced: a directory whose manifest lists every file in it, unchanged.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cohortium.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MANIFEST = "manifest.json"
_MOST_NAMED = 5
_INPUTS = ("dictionary.csv", "audit.jsonl", MANIFEST)


def require_replaceable(out: Path, study: Path) -> Path:
    """The place of the results; refuse what is not ours to replace.

    out    as given; a link is followed, so that it stays a link
    study  the study directory, which no run may replace

    Raises
        OutputError: `out` is a file, the current directory, holds the study or lies in its `sites/`, or holds anything
            that an earlier run did not write or that was changed since.
    """
    place, home = out.resolve(), study.resolve()
    if home.is_relative_to(place) or place.is_relative_to(home / "sites"):
        raise OutputError(f"{out} holds the study or its sites; give a directory of its own with --out")
    if place == Path.cwd():
        raise OutputError(f"{out} is the current directory; give the name of a directory to make with --out")
    if not place.exists():
        return place
    if not place.is_dir():
        raise OutputError(f"{out} is a file; give a directory with --out")
    if foreign := _foreign(place):
        named = ", ".join(foreign[:_MOST_NAMED]) + (" ..." if len(foreign) > _MOST_NAMED else "")
        raise OutputError(
            f"{out} holds files that are not an earlier run or were changed since: {named}; "
            "move them away or give another directory with --out"
        )
    return place


def _foreign(directory: Path) -> list[str]:
    """Files that the directory's manifest does not list as they are; all of them when it has no manifest of ours."""
    try:
        outputs = json.loads((directory / MANIFEST).read_bytes())["outputs"]
        written = {str(name): str(entry["sha256"]) for name, entry in outputs.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        written = {}
    found = sorted(path for path in directory.rglob("*") if not path.is_dir() or path.is_symlink())
    names = {path.relative_to(directory).as_posix(): path for path in found}
    return [
        name
        for name, path in names.items()
        if not (name == MANIFEST and written) and _sha256(path) != written.get(name)
    ]


def _sha256(path: Path) -> str:
    if path.is_symlink() or not path.is_file():
        return "not a plain file"
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def written_aside(out: Path) -> Iterator[Path]:
    """A temporary directory beside `out` that takes its place when the block ends well.

    out    as `require_replaceable` gave it

    Raises
        OutputError: the directory cannot be written; what was there before stays.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    except OSError as error:
        raise OutputError(f"cannot write beside {out}: {error.strerror}") from error
    try:
        fresh = aside / "new"
        fresh.mkdir()
        yield fresh
        if out.exists():
            out.rename(aside / "old")
        fresh.rename(out)
    except OSError as error:
        raise OutputError(f"cannot write {out}: {error.strerror}; nothing was changed") from error
    finally:
        if (aside / "old").exists() and not out.exists():
            (aside / "old").rename(out)
        shutil.rmtree(aside, ignore_errors=True)


def require_not_input(path: Path) -> None:
    """Refuse to write over a file of a study.

    Raises
        OutputError: the file is there and is one of a study's own.
    """
    place = path.resolve()
    in_sites = any(place.is_relative_to(up / "sites") and (up / "study.toml").is_file() for up in place.parents)
    if path.exists() and (path.suffix == ".toml" or path.name in _INPUTS or in_sites):
        raise OutputError(f"{path} is a file of a study; give another name")


def write_whole(path: Path, text: str, is_ours: Callable[[str], bool]) -> None:
    """Write a text file whole or not at all; an existing file is replaced only when its text is ours.

    Raises
        OutputError: there is another file, or the file cannot be written.
    """
    try:
        if path.exists() and not (path.is_file() and is_ours(path.read_text(encoding="utf-8", errors="replace"))):
            raise OutputError(f"{path} is there and is something else; give another name")
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8", newline="") as stream:
            try:
                stream.write(text)
                stream.close()
                Path(stream.name).chmod(0o644)
                Path(stream.name).replace(path)
            finally:
                Path(stream.name).unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}") from error
