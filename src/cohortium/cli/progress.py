"""A progress bar on a terminal, nothing in a pipe."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator


class Progress(Protocol):
    """Told what is being done, and how far it is."""

    def stage(self, text: str, total: int) -> None:
        """A new stage of `total` steps."""

    def step(self, text: str, done: int | None = None) -> None:
        """One step further, or `done` steps in all."""


class _Silent:
    def stage(self, text: str, total: int) -> None:
        pass

    def step(self, text: str, done: int | None = None) -> None:
        pass


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A progress bar on standard error when that is a terminal and no CI runs; otherwise silence."""
    if not sys.stderr.isatty() or os.environ.get("CI"):
        yield _Silent()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as RichProgress

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with RichProgress(*columns, console=Console(stderr=True), transient=True) as bar:

        class Bar:
            _task = bar.add_task("starting", total=1)

            def stage(self, text: str, total: int) -> None:
                bar.reset(self._task, total=total, description=text)

            def step(self, text: str, done: int | None = None) -> None:
                if done is None:
                    bar.update(self._task, description=text, advance=1)
                else:
                    bar.update(self._task, description=text, completed=done)

        yield Bar()
