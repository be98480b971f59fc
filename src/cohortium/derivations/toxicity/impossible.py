"""Rows of `events` that cannot be true: grades that a term does not have, outcomes and days that contradict each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

import polars as pl

from cohortium.derivations.rule import RecordFinding
from cohortium.derivations.toxicity.event_rows import plain_term
from cohortium.study.queries import LINE

if TYPE_CHECKING:
    from cohortium.study.queries import Severity

Span = tuple[int, int]

GRADES_OF_TERM: Mapping[str, Span] = MappingProxyType({"febrile neutropenia": (3, 5), "alopecia": (1, 2)})
"""Lowest and highest grade of terms that have fewer than five, CTCAE 5.0; a term is in lower case."""


@dataclass(frozen=True, slots=True)
class Impossible:
    """Something that no row can hold.

    fails   true where the row holds it; null is not
    """

    variable: str
    rule: str
    expected: str
    fails: pl.Expr = field(repr=False)
    severity: Severity = "error"


FATAL_GRADE = Impossible(
    "grade", "fatal-not-grade-5", "grade 5 for a fatal outcome", (pl.col("outcome") == "fatal") & (pl.col("grade") != 5)
)
GRADE_5_NOT_FATAL = Impossible(
    "outcome",
    "grade-5-not-fatal",
    "a fatal outcome for grade 5",
    (pl.col("grade") == 5) & (pl.col("outcome") != "fatal"),
)
GRADE_5_OUTCOME = Impossible(
    "outcome", "grade-5-without-outcome", "the outcome of an event of grade 5, fatal",
    (pl.col("grade") == 5) & pl.col("outcome").is_null(), "note",
)  # fmt: skip
END_FIRST = Impossible("end", "end-before-onset", "an end on or after the onset", pl.col("end") < pl.col("onset"))

CONTRADICTIONS = (FATAL_GRADE, GRADE_5_NOT_FATAL, GRADE_5_OUTCOME, END_FIRST)
"""What no adverse event can hold, whatever its term."""


def wrong_grade(limits: Mapping[str, Span] = GRADES_OF_TERM) -> Impossible:
    """A grade that the term does not have."""
    term = plain_term(pl.col("term"))
    fails = pl.any_horizontal(
        (term == name) & ~pl.col("grade").is_between(low, high) for name, (low, high) in limits.items()
    )
    said = "; ".join(f"{name} {_span(span)}" for name, span in limits.items())
    return Impossible("grade", "grade-not-of-term", f"a grade that the term has: {said}", fails)


def _span(span: Span) -> str:
    low, high = span
    return f"{low} to {high}" if low < high else str(low)


def grade_is_possible(limits: Mapping[str, Span]) -> pl.Expr:
    """Rows whose grade is neither refused by the term nor by the outcome."""
    refused = [FATAL_GRADE, GRADE_5_NOT_FATAL, wrong_grade(limits)]
    return ~pl.any_horizontal(each.fails.fill_null(value=False) for each in refused)


def findings(rows: pl.DataFrame, impossible: Sequence[Impossible]) -> tuple[RecordFinding, ...]:
    """What the rows hold of it, by line of the file."""
    found = []
    for each in impossible:
        lines = rows.filter(each.fails.fill_null(value=False))[LINE]
        if lines.len():
            found.append(RecordFinding("events", each.variable, each.rule, each.expected, lines.sort(), each.severity))
    return tuple(found)
