"""Statistics that changed between two results tables."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import polars as pl

KEY = ("analysis", "method", "model", "population", "group", "variable", "level", "time", "statistic")
"""Columns that say which statistic a row is."""
NUMBERS = ("value", "lower", "upper", "n", "denominator")
WORDS = ("unit", "note", "warning", "format", "confidence")


@dataclass(frozen=True, slots=True)
class Change:
    """A statistic that is not the same in both tables.

    kind    `changed`, `added` (only in the second) or `removed` (only in the first)
    key     what the statistic is, by the columns of `KEY`
    before, after   the columns that differ, with their values; all numbers where the statistic is in one table only
    """

    kind: Literal["changed", "added", "removed"]
    key: Mapping[str, Any]
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The statistic in words: `pfs-by-group | true EMD | median`."""
        parts = [self.key[column] for column in KEY if column not in ("method", "population", "time")]
        time = f"at {self.key['time']:g}" if self.key["time"] is not None else ""
        return " | ".join(str(part) for part in (*parts[:-1], parts[-1], time) if part)

    @property
    def difference(self) -> float | None:
        """How much the value changed; None where it is not a number in both."""
        a, b = self.before.get("value"), self.after.get("value")
        return None if a is None or b is None else b - a


def changes_between(first: pl.DataFrame, second: pl.DataFrame, tolerance: float = 0.0) -> tuple[Change, ...]:
    """Every statistic that was added, removed or changed, in the order of the second table, removed ones last.

    first, second  results tables
    tolerance      relative difference of two numbers that is no change; 0 compares exactly

    >>> import polars as pl
    >>> from cohortium.results import Results, Statistic
    >>> a = Results([Statistic("pfs", "kaplan-meier", "median", 8.0)]).to_frame()
    >>> b = Results([Statistic("pfs", "kaplan-meier", "median", 9.0)]).to_frame()
    >>> [(change.name, change.difference) for change in changes_between(a, b)]
    [('pfs | median', 1.0)]
    """
    before, after = dict(_rows(first)), dict(_rows(second))
    found = [change for key, row in after.items() if (change := _compared(before.get(key), row, tolerance))]
    return (*found, *(_only("removed", row) for key, row in before.items() if key not in after))


def _rows(table: pl.DataFrame) -> Iterator[tuple[tuple[Any, ...], Mapping[str, Any]]]:
    """The rows by their key; of several with one key, by which of them it is."""
    seen: Counter[tuple[Any, ...]] = Counter()
    for row in table.iter_rows(named=True):
        key = tuple(row[column] for column in KEY)
        yield (*key, seen[key]), row
        seen[key] += 1


def _compared(before: Mapping[str, Any] | None, after: Mapping[str, Any], tolerance: float) -> Change | None:
    if before is None:
        return _only("added", after)
    numbers = [column for column in NUMBERS if not _same(before[column], after[column], tolerance)]
    differing = [*numbers, *(column for column in WORDS if before[column] != after[column])]
    if not differing:
        return None
    key = {column: after[column] for column in KEY}
    return Change("changed", key, {c: before[c] for c in differing}, {c: after[c] for c in differing})


def _only(kind: Literal["added", "removed"], row: Mapping[str, Any]) -> Change:
    held = {column: row[column] for column in NUMBERS if row[column] is not None}
    key = {column: row[column] for column in KEY}
    return Change(kind, key, {} if kind == "added" else held, held if kind == "added" else {})


def _same(a: float | None, b: float | None, tolerance: float) -> bool:
    if a is None or b is None:
        return a is b
    return a == b or math.isclose(a, b, rel_tol=tolerance, abs_tol=0.0)
