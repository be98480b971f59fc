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
# What is below it is zero but for rounding.
_ZERO = 1e-6
_SINGLE, _BARS = "individual-courses", ("change", "course")
_PLACE = ("analysis", "method", "population", "group", "statistic")
WORDS = ("unit", "note", "warning", "format", "confidence")


@dataclass(frozen=True, slots=True)
class Change:
    """A statistic that is not the same in both tables.

    kind    `changed`, `added` (only in the second) or `removed` (only in the first)
    key     what the statistic is, by the columns of `KEY`
    before, after   the columns that differ, with their values; all numbers where the statistic is in one table only;
                    of bars of single patients only how many there are that the other table does not have
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


def changes_between(
    first: pl.DataFrame, second: pl.DataFrame, tolerance: float = 0.0, renamed: Mapping[str, str] | None = None
) -> tuple[Change, ...]:
    """Every statistic that was added, removed or changed, in the order of the second table, removed ones last.

    first, second  results tables
    tolerance      relative difference of two numbers that is no change; 0 compares exactly
    renamed        analyses of the first table that have another name in the second

    >>> import polars as pl
    >>> from cohortium.results import Results, Statistic
    >>> a = Results([Statistic("pfs", "kaplan-meier", "median", 8.0)]).to_frame()
    >>> b = Results([Statistic("pfs", "kaplan-meier", "median", 9.0)]).to_frame()
    >>> [(change.name, change.difference) for change in changes_between(a, b)]
    [('pfs | median', 1.0)]
    """
    before, after = dict(_rows(first, renamed or {})), dict(_rows(second, {}))
    found = [change for key, row in after.items() if (change := _compared(before.get(key), row, tolerance))]
    gone = (_only("removed", row) for key, row in before.items() if key not in after)
    return (*found, *_single_patients(first, second, renamed or {}), *gone)


def _is_single_patient(row: Mapping[str, Any]) -> bool:
    return row["method"] == _SINGLE and row["statistic"] in _BARS


def _named(row: dict[str, Any], renamed: Mapping[str, str]) -> dict[str, Any]:
    name = row["analysis"]
    return {**row, "analysis": renamed[name]} if name in renamed else row


def _single_patients(first: pl.DataFrame, second: pl.DataFrame, renamed: Mapping[str, str]) -> Iterator[Change]:
    """Bars of single patients, as how many of a group the other table does not have; never a value of one."""
    before, after = _bars(first, renamed), _bars(second, {})
    for place in dict.fromkeys((*after, *before)):
        gone, come = before.get(place, Counter()), after.get(place, Counter())
        n_gone, n_come = (gone - come).total(), (come - gone).total()
        if n_gone or n_come:
            key = dict.fromkeys(KEY) | dict(zip(_PLACE, place, strict=True))
            yield Change("changed", key, {"single patients": n_gone}, {"single patients": n_come})


def _bars(table: pl.DataFrame, renamed: Mapping[str, str]) -> dict[tuple[Any, ...], Counter[tuple[Any, ...]]]:
    found: dict[tuple[Any, ...], Counter[tuple[Any, ...]]] = {}
    for own in table.iter_rows(named=True):
        if _is_single_patient(own):
            row = _named(own, renamed)
            place = tuple(row[column] for column in _PLACE)
            found.setdefault(place, Counter())[tuple(row.values())] += 1
    return found


def _rows(table: pl.DataFrame, renamed: Mapping[str, str]) -> Iterator[tuple[tuple[Any, ...], Mapping[str, Any]]]:
    """The rows by their key; of several with one key, by which of them it is."""
    seen: Counter[tuple[Any, ...]] = Counter()
    for own in table.iter_rows(named=True):
        if _is_single_patient(own):
            continue
        row = _named(own, renamed)
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
    return a == b or math.isclose(a, b, rel_tol=tolerance, abs_tol=_ZERO * tolerance)
