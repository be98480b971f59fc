"""A query: one value, row or line of a site's file that breaks a rule, as the site's data manager reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from cohortium.errors import Problem

LINE = "#line"
"""Column of a site's frame that holds the line of the file of each row; no variable can have this name."""

Severity = Literal["error", "note"]

KEY_FORM = r"[^\W_][\w./-]{0,63}"
"""Form of a patient key that a message may repeat: letters and digits, and `. _ - /` after the first."""

MAX_LISTED = 1000
"""Rows listed for one rule of one variable in one file; one more query gives the number of the others."""


@dataclass(frozen=True, slots=True)
class Query:
    """One finding in a site's data; it never holds the value that was found.

    site        id of the site
    file        path of the file, relative to the study directory
    line        line of the file, the first being 1; None when the finding is not about one line
    key         the patient's key; empty when there is none, or none fit to print
    variable    name of the variable, or names joined by `, ` where several are concerned; empty when the finding is
                about the whole line
    rule        short fixed name of the rule, e.g. `not-a-number`
    expected    what was expected there
    severity    `error`: the study cannot run until it is settled; `note`: for the site to know
    """

    site: str
    file: str
    line: int | None
    key: str
    variable: str
    rule: str
    expected: str
    severity: Severity = "error"

    @property
    def is_error(self) -> bool:
        """Whether the study cannot run until the query is settled."""
        return self.severity == "error"

    @property
    def in_file(self) -> tuple[bool, int]:
        """Sorts queries by line, those about no one line last."""
        return self.line is None, self.line or 0

    @property
    def problem(self) -> Problem:
        """The query as an error lists it."""
        where, _, what = str(self).partition(": ")
        return Problem(where, what)

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        subject = ", ".join(part for part in (f"patient {self.key}" if self.key else "", self.variable) if part)
        return ": ".join(part for part in (place, subject, self.rule, f"expected {self.expected}") if part)


def row_queries(about: Query, lines: Sequence[int | None], keys: Sequence[str | None]) -> Iterator[Query]:
    """The same query for each row that breaks its rule; a key that is not fit to print is left out.

    about   the query, without line and key
    lines   line of each row in the file; None where it is not known
    keys    key of each row; None where there is none
    """
    for line, key in zip(lines[:MAX_LISTED], keys[:MAX_LISTED], strict=True):
        yield replace(about, line=line, key=key if key and re.fullmatch(KEY_FORM, key) else "")
    if (n_more := len(lines) - MAX_LISTED) > 0:
        yield replace(about, expected=f"{about.expected}; {n_more:,} more rows break this rule")
