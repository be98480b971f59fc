"""The numbers of the results table that may stand behind a printed one: those of its analysis, group and level."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.consistency.kinds import is_test, kinds_of
from cohortium.report.labels import analysis_title, full_title, variable_label

if TYPE_CHECKING:
    from cohortium.consistency.printed_rows import Token
    from cohortium.results import Results, Statistic
    from cohortium.study.study import Study

Rows = Mapping[str, "Results"]
"""The results table by analysis."""

CURVES = frozenset(
    {
        "survival", "events-at", "censored-at", "cumulative-incidence", "cumulative-hazard", "ph-curve", "baseline-hazard",
        "grid-bound",
    }
)  # fmt: skip
"""Points of curves: no table prints them, and they hold so many numbers that any would be found among them."""
SITE = "site"
ALL_TOGETHER = ("All patients", "All", "Total")
_SLACK = 1e-9
_QUARTILES = ("median", "q1", "q3")
_SIZE = re.compile(r"\s*\([Nn] = [\d,]+\)")


@dataclass(frozen=True, slots=True)
class Pool:
    """Numbers that may be printed.

    numbers    in order
    sizes      whole numbers among them that are sizes of groups
    intervals  estimates with both limits, in every unit in which they are printed
    quartiles  median with the first and the third quartile, likewise
    shares     counts with their denominators
    """

    numbers: tuple[float, ...]
    sizes: frozenset[int]
    intervals: tuple[tuple[float, ...], ...] = ()
    quartiles: tuple[tuple[float, ...], ...] = ()
    shares: frozenset[tuple[float, float]] = frozenset()

    def holds(self, token: Token) -> bool:
        """Whether some number would be printed as the token."""
        half = token.number.step / 2 + _SLACK
        low, high = token.number.value - half, token.number.value + half
        if token.sign == "<":
            return bool(self.numbers) and self.numbers[0] <= high
        if token.sign == ">":
            return bool(self.numbers) and self.numbers[-1] >= low
        place = bisect_left(self.numbers, low)
        return place < len(self.numbers) and self.numbers[place] <= high


def any_printed(known: Sequence[tuple[float, ...]], found: Sequence[Token]) -> bool:
    """Whether some numbers that belong together would be printed as the tokens."""
    return any(
        all(token.number.is_rounding_of(number) for token, number in zip(found, together, strict=True))
        for together in known
    )


class Behind:
    """The rows behind a table or a figure, found by the words beside a number."""

    def __init__(self, study: Study, rows: Rows, analyses: Sequence[str]) -> None:
        self._study = study
        self._rows = [row for name in analyses for row in rows.get(name, ()) if row.statistic not in CURVES]
        # Two analyses of one table may have one title, such as curves and their test.
        self._titles: dict[str, set[str]] = {}
        for name in analyses:
            for title in (full_title(study, study.analysis(name)), analysis_title(study, name)):
                self._titles.setdefault(title, set()).add(name)
        self._values = {column: {getattr(row, column) for row in self._rows} - {""} for column in _COLUMNS}
        self._variables = _variable_titles(study, self._values["variable"])
        self._pools: dict[tuple[tuple[str, ...], str], Pool] = {}

    def pool(self, words: tuple[str, ...], head: str) -> Pool:
        """The numbers that may stand in a cell.

        words  of its row: section, heading, stub
        head   of its column
        """
        key = words, head
        if key not in self._pools:
            rows = self._matching(words, head)
            is_named = any(True for _ in kinds_of(words, head))
            self._pools[key] = _pool(rows, self._study.file.time.month_days, with_sizes=not is_named)
        return self._pools[key]

    def _matching(self, words: tuple[str, ...], head: str) -> list[Statistic]:
        parts = [part for part in _SIZE.sub("", head).split(": ") if part]
        spoken = [*words, *parts]
        rows = self._rows
        for kind in kinds_of(words, head):
            rows = _narrowed(rows, kind)
        wanted = set().union(*(self._titles[word] for word in spoken if word in self._titles))
        rows = _narrowed(rows, lambda row: row.analysis in wanted) if wanted else rows
        models = {word.casefold() for word in spoken} & self._values["model"]
        rows = _narrowed(rows, lambda row: row.model in models) if models else rows
        named = next((self._variables[word] for word in reversed(words) if word in self._variables), None)
        rows = _narrowed(rows, lambda row: row.variable in named) if named else rows
        # Groups come before levels: a size stands once for a group, whatever level is named beside it.
        for word in spoken:
            if word in self._values["group"]:
                rows = _narrowed(rows, lambda row, word=word: _is_of(row, word))
            elif word in ALL_TOGETHER:
                rows = _narrowed(rows, lambda row: not row.group)
        for word in spoken:
            if word in self._values["level"] and word not in self._values["group"]:
                rows = _narrowed(rows, lambda row, word=word: row.level == word)
        return rows


_COLUMNS = ("group", "level", "model", "variable")


def _narrowed(rows: list[Statistic], keep: object) -> list[Statistic]:
    """The rows that meet a condition; all of them where none does, since the word then means something else."""
    return [row for row in rows if keep(row)] or rows  # type: ignore[operator]


def _is_of(row: Statistic, group: str) -> bool:
    """Whether a row is of a group, or compares it with another (`B v A`)."""
    return group in (row.group, row.level) or row.group.startswith(f"{group} v ")


def _variable_titles(study: Study, names: set[str]) -> dict[str, set[str]]:
    """Variables by the ways in which a table names them; several may share a label."""
    found: dict[str, set[str]] = {}
    for name in names:
        if name in study.variables or name == SITE:
            label = variable_label(study, name)
            title = study.variables[name].title if name in study.variables else label
            for form in (label, title, f"{label}, n (%)", f"{label}, n/N (%)", f"{title}, median (Q1 to Q3)"):
                found.setdefault(form, set()).add(name)
    return found


def _pool(rows: Sequence[Statistic], month_days: float, *, with_sizes: bool) -> Pool:
    found = {number for row in rows for number in _numbers(row, month_days)}
    if with_sizes:
        found |= {float(number) for row in rows for number in (row.n, row.denominator) if number is not None}
    numbers = sorted(number for number in found if math.isfinite(number))
    sizes = {row.n for row in rows} | {row.denominator for row in rows}
    sizes |= {int(row.value) for row in rows if row.format == "count" and row.value is not None}
    return Pool(
        tuple(numbers),
        frozenset(size for size in sizes if size is not None),
        tuple(dict.fromkeys(each for row in rows for each in _intervals(row, month_days))),
        tuple(dict.fromkeys(_quartiles(rows, month_days))),
        frozenset(
            (row.value, float(row.denominator)) for row in rows if row.value is not None and row.denominator is not None
        ),
    )


def _intervals(row: Statistic, month_days: float) -> Iterator[tuple[float, ...]]:
    own = (row.value, row.lower, row.upper)
    if None not in own:
        for factor in _factors(row, month_days):
            yield tuple(factor * number for number in own if number is not None)


def _quartiles(rows: Sequence[Statistic], month_days: float) -> Iterator[tuple[float, ...]]:
    """Medians with the quartiles of the same group and variable."""
    known = {(row.group, row.variable, row.statistic): row.value for row in rows if row.statistic in _QUARTILES}
    for row in rows:
        if row.statistic == "median":
            own = [known.get((row.group, row.variable, name)) for name in _QUARTILES]
            if None not in own:
                for factor in _factors(row, month_days):
                    yield tuple(factor * number for number in own if number is not None)


def _numbers(row: Statistic, month_days: float) -> Iterator[float]:
    """A statistic in every unit in which it is printed."""
    own = [number for number in (row.value, row.lower, row.upper) if number is not None]
    if is_test(row) and row.n is not None:
        yield float(row.n)
    if row.statistic == "removed" and row.value is not None and row.denominator is not None:
        # Complete cases that are left.
        yield row.denominator - row.value
    yield from (factor * number for factor in _factors(row, month_days) for number in own)
    if row.format == "count" and row.denominator and row.value is not None:
        yield 100 * row.value / row.denominator


def _factors(row: Statistic, month_days: float) -> Iterator[float]:
    """What a statistic is multiplied with in print: days as months, shares as percentages."""
    own = [number for number in (row.value, row.lower, row.upper) if number is not None]
    yield 1.0
    if row.unit == "days":
        yield 1 / month_days
    if row.format not in ("count", "p") and all(abs(number) <= 1 for number in own):
        yield 100.0
