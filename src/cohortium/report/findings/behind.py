"""Rows of the results table by what they are, for the provenance of a printed number."""

from __future__ import annotations

from collections.abc import Iterable

from cohortium.results import Statistic


def named(rows: Iterable[Statistic], *names: str) -> tuple[Statistic, ...]:
    """The rows with these statistics, in the order of the names."""
    rows = list(rows)
    return tuple(row for name in names for row in rows if row.statistic == name)
