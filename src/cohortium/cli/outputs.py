"""The results directory: written aside, then put in place whole, so that nothing half-written is ever seen."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cohortium.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator

MANIFEST = "manifest.json"


def require_replaceable(out: Path) -> None:
    """Refuse to replace what this program did not write.

    Raises
        OutputError: `out` is a file, or a directory that holds something other than an earlier run.
    """
    if not out.exists():
        return
    if not out.is_dir():
        raise OutputError(f"{out} is a file; give a directory with --out")
    if any(out.iterdir()) and not (out / MANIFEST).is_file():
        raise OutputError(
            f"{out} holds files that are not an earlier run (it has no {MANIFEST}); give another directory with --out"
        )


@contextmanager
def written_aside(out: Path) -> Iterator[Path]:
    """A temporary directory beside `out` that takes its place when the block ends well.

    Raises
        OutputError: the directory cannot be written; what was there before stays.
    """
    require_replaceable(out)
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
