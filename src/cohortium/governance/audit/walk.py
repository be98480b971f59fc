"""An audit file as a sequence of entries and faults, a line at a time."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cohortium.errors import AuditError
from cohortium.governance.audit.entry import FIRST_PREVIOUS, MAX_LINE_BYTES, Entry, parse_line

# File locks; None where the platform has none (Windows).
fcntl = importlib.import_module("fcntl") if importlib.util.find_spec("fcntl") else None


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the file.

    line     counted from 1
    entry    the entry, or None when the line is none
    fault    what is wrong with it; empty when it follows the line before it as it must
    is_torn  whether it is a last line without a newline: not an entry, whatever it holds
    """

    line: int
    entry: Entry | None
    fault: str
    is_torn: bool = False


def walk(stream: BinaryIO) -> Iterator[Step]:
    """Every line of a file with its fault; memory is bounded by the length of a line."""
    number, previous = 1, FIRST_PREVIOUS
    for line, data in enumerate(_lines(stream), start=1):
        if not data.endswith(b"\n"):
            yield Step(line, None, _TORN, is_torn=True)
            return
        entry = parse_line(data[:-1]) if len(data) <= MAX_LINE_BYTES else f"is longer than {MAX_LINE_BYTES} bytes"
        if isinstance(entry, str):
            yield Step(line, None, entry)
            # What follows a faulty line is judged by its number alone, so that one fault is told once.
            number, previous = number + 1, ""
            continue
        is_next = entry.number == number and previous in ("", entry.previous)
        yield Step(line, entry, "" if is_next else _out_of_order(entry, number))
        number, previous = entry.number + 1, entry.sha256


_TORN = "is incomplete: it has no line end, so it is not an entry; the next act cuts it off and records that"


def _out_of_order(entry: Entry, number: int) -> str:
    found = f"entry {entry.number} does not follow the entry before it"
    expected = "" if entry.number == number else f"; expected entry {number}"
    return f"{found}{expected}: an entry was edited, deleted, inserted or moved here"


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Lines with their ends; of a line that is too long, its first bytes and its end."""
    while data := stream.readline(MAX_LINE_BYTES + 1):
        rest = data
        while len(rest) > MAX_LINE_BYTES and not rest.endswith(b"\n"):
            rest = stream.readline(MAX_LINE_BYTES + 1)
        yield data if rest is data else data + rest[-1:]


@contextmanager
def opened_to_read(path: Path) -> Iterator[BinaryIO | None]:
    """The file while nobody appends to it; None when there is none.

    Raises
        AuditError: it cannot be read.
    """
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        yield None
        return
    except OSError as error:
        raise AuditError(f"{path.name} cannot be read: {error.strerror}") from error
    with stream:
        if fcntl is not None:
            fcntl.flock(stream.fileno(), fcntl.LOCK_SH)
        yield stream
