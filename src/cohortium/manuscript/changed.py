"""Numbers of a manuscript that are printed otherwise than in an earlier version, such as the one that was signed."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.errors import UsageError
from cohortium.manuscript.write import FOLDER, NUMBERS

if TYPE_CHECKING:
    from pathlib import Path

    from cohortium.manuscript.resolve import Resolved


@dataclass(frozen=True, slots=True)
class ChangedNumber:
    """A reference whose words changed; an empty text stands for a reference that is not in that version."""

    line: int
    reference: str
    before: str
    after: str


def changed_numbers(earlier: Path, numbers: Sequence[Resolved]) -> tuple[ChangedNumber, ...]:
    """What changed since an earlier results directory.

    Raises
        UsageError: the directory holds no list of the manuscript's numbers.
    """
    return tuple(_changes(_printed(earlier), numbers))


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


def _changes(before: dict[str, tuple[int, str]], numbers: Sequence[Resolved]) -> Iterator[ChangedNumber]:
    now = {found.reference.source: found for found in numbers}
    for source, found in now.items():
        old = before.get(source, (0, ""))[1]
        if old != found.text:
            yield ChangedNumber(found.reference.line, source, old, found.text)
    for source, (line, text) in before.items():
        if source not in now:
            yield ChangedNumber(line, source, text, "")
