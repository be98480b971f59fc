"""What a column head or a row's name says of the statistic: `Events` is a count of events and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cohortium.results import Statistic

Kind = Callable[["Statistic"], bool]


def _is(*names: str) -> Kind:
    return lambda row: row.statistic in names


def is_test(row: Statistic) -> bool:
    """Whether a row is a test statistic, which carries the number of patients it compares."""
    return row.statistic.endswith("chi-square")


def _is_p(row: Statistic) -> bool:
    return row.format == "p" or row.statistic.endswith(("p-value", "-p"))


_HEADS: Mapping[str, Kind] = {
    "Patients": lambda row: row.statistic in ("n", "model-n", "patients") or is_test(row),
    "n": _is("n", "model-n"),
    "Events": _is("events", "model-events"),
    "Degrees of freedom": lambda row: row.statistic.endswith("df"),
    "p": _is_p,
    "P value": _is_p,
}
"""Kinds of statistics by the last part of a column head."""

_STUBS: Mapping[str, Kind] = {
    "Missing": _is("missing"),
    "Median (Q1 to Q3)": _is("median", "q1", "q3"),
    "Mean (SD)": _is("mean", "sd"),
    "p": _is_p,
    "P": _is_p,
}
"""Kinds of statistics by the name of a row, in every column but those that `_HEADS` names."""

_STARTS: Mapping[str, Kind] = {"Difference vs ": _is("difference"), "Ratio vs ": _is("ratio")}
"""Kinds of statistics by how the name of a row begins."""


def kinds_of(words: tuple[str, ...], head: str) -> Iterator[Kind]:
    """The kind of statistic that a cell can hold; none where the words do not say."""
    last = head.rpartition(": ")[2]
    if last in _HEADS:
        yield _HEADS[last]
    elif words and words[-1] in _STUBS:
        yield _STUBS[words[-1]]
    elif words:
        yield from (kind for start, kind in _STARTS.items() if words[-1].startswith(start))
