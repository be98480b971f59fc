"""Rows that break a rule, as queries with file, line and key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cohortium.study.queries import Query, Severity, row_queries

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Rows:
    """Where the rows of a file are.

    site    id of the site
    file    path of the file, relative to the study directory
    lines   (n,) line of the file of each row
    keys    (n,) key of each row, null where there is none
    """

    site: str
    file: str
    lines: pl.Series = field(repr=False)
    keys: pl.Series = field(repr=False)

    def at(self, line: int | None, variable: str, rule: str, expected: str, severity: Severity = "error") -> Query:
        """A query on one line, or on the file when line is None."""
        return Query(self.site, self.file, line, "", variable, rule, expected, severity)

    def queries(
        self, fails: pl.Series, variable: str, rule: str, expected: str, severity: Severity = "error"
    ) -> Iterator[Query]:
        """A query for each row in which `fails` is true, in the order of the file."""
        if not fails.any():
            return
        positions = fails.arg_true()
        about = self.at(None, variable, rule, expected, severity)
        yield from row_queries(about, self.lines.gather(positions).to_list(), self.keys.gather(positions).to_list())
