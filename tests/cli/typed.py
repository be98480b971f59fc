"""A command as it is typed, in this process: another would take seconds to load what is loaded here already."""

from __future__ import annotations

import contextlib
import io
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import pytest

from cohortium.cli import main


@dataclass(frozen=True)
class Typed:
    """How a command ended and what it wrote."""

    returncode: int
    stdout: str
    stderr: str


def typed(*arguments: str | Path) -> Typed:
    """Run `cohortium` with these arguments from its entry point to its exit code."""
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.object(sys, "argv", ["cohortium", *map(str, arguments)]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        pytest.raises(SystemExit) as ended,
    ):
        main()
    # Python's own rule for the end of a process: no code is success.
    return Typed(ended.value.code or 0, out.getvalue(), err.getvalue())
