"""Numbers of a manuscript that are printed otherwise than in an earlier version, such as the one that was signed."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.errors import UsageError
from cohortium.manuscript.write import FOLDER, NUMBERS
from cohortium.report.render.csv import lines

if TYPE_CHECKING:
    from pathlib import Path

    from cohortium.manuscript.fill import Filled

CHANGES = "changed.csv"
CHANGE_COLUMNS = ("line", "before", "after", "sentence", "reference")
_END = re.compile(r"(?<=[.!?])\s+(?=\S)|\n[ \t]*\n")


@dataclass(frozen=True, slots=True)
class ChangedNumber:
    """A reference whose words changed; an empty text stands for a reference that is not in that version.

    sentence  where it stands now; empty where it stands nowhere
    """

    line: int
    reference: str
    before: str
    after: str
    sentence: str = ""


def changed_numbers(earlier: Path, filled: Filled) -> tuple[ChangedNumber, ...]:
    """What changed since an earlier results directory.

    Raises
        UsageError: the directory holds no list of the manuscript's numbers.
    """
    return tuple(_changes(_printed(earlier), filled))


def _printed(earlier: Path) -> dict[str, tuple[int, str]]:
    path = earlier / FOLDER / NUMBERS
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            return {
                row["reference"]: (int(row["line"]), row["printed"].removeprefix("'")) for row in csv.DictReader(stream)
            }
    except FileNotFoundError:
        hint = "name a results directory of a study with a manuscript"
        raise UsageError(f"{path}: is not there; {hint}") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, csv.Error):
        raise UsageError(f"{path}: cannot be read as the numbers of a manuscript") from None


def _changes(before: dict[str, tuple[int, str]], filled: Filled) -> Iterator[ChangedNumber]:
    now: dict[str, ChangedNumber] = {}
    for found, start in zip(filled.numbers, filled.starts, strict=True):
        source = found.reference.source
        old = before.get(source, (0, ""))[1]
        changed = ChangedNumber(found.reference.line, source, old, found.text, _sentence(filled.text, start))
        now.setdefault(source, changed)
    yield from (change for change in now.values() if change.before != change.after)
    for source, (line, text) in before.items():
        if source not in now:
            yield ChangedNumber(line, source, text, "")


def _sentence(text: str, start: int) -> str:
    """The sentence that a place of a text is in, on one line."""
    first = max((match.end() for match in _END.finditer(text, 0, start)), default=0)
    last = next((match.start() for match in _END.finditer(text, start)), len(text))
    return " ".join(text[first:last].split())


def change_list(changed: Sequence[ChangedNumber]) -> str:
    """The changes as CSV, for authors who have signed the earlier version."""
    return lines([CHANGE_COLUMNS, *([getattr(one, column) for column in CHANGE_COLUMNS] for one in changed)])
