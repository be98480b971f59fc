"""Proposals, what is not resolved, and the characters of the source that each comes from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from cohortium.governance.people.model import Author, Disclosure

HistoryField = Literal["received", "revised", "accepted", "published_online"]
PassageField = Literal[
    "title", "affiliations", "byline", "correspondence", "contributions", "acknowledgments", "data_availability",
    "funding",
]  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters `start` up to, and not including, `end` of the source."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class HistoryDate:
    """One date of the article's history."""

    field: HistoryField
    date: dt.date


@dataclass(frozen=True, slots=True)
class Declared:
    """What one author declares: the author's id and the answer."""

    author: str
    disclosure: Disclosure


@dataclass(frozen=True, slots=True)
class Board:
    """An institution or its board with its city; the decision as the sentence has it, empty when it has none."""

    name: str
    city: str
    decision: Literal["approved", "exempt", ""] = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """What a sentence says about informed consent."""

    consent: Literal["obtained", "waived", "not-required"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A text that is kept as it is, such as the acknowledgments."""

    field: PassageField
    text: str


Value = Author | HistoryDate | Declared | Board | Consent | Passage


@dataclass(frozen=True, slots=True)
class Proposal:
    """A record for a person to accept, with the characters that it comes from.

    declaration  number of the declaration of competing interests that it answers; None for every other record
    note         what the reader should look at before accepting
    """

    kind: Literal["author", "history", "disclosure", "board", "consent", "passage"]
    value: Value
    span: Span
    declaration: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Unresolved:
    """What was not assigned, why, and what it could be."""

    kind: Literal[
        "author", "orcid", "initials", "statement", "no-statement", "organization", "board", "history", "text"
    ]
    reason: str
    span: Span
    candidates: tuple[str, ...] = ()
    declaration: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that was read from a source: each of its characters that is not blank is in one of these."""

    source: str
    proposals: tuple[Proposal, ...]
    unresolved: tuple[Unresolved, ...]
    headings: tuple[Span, ...]
    n_declarations: int

    def text(self, span: Span) -> str:
        """The original text of a span."""
        return self.source[span.start : span.end]

    def line(self, span: Span) -> int:
        """The line on which a span starts, counted from 1."""
        return self.source.count("\n", 0, span.start) + 1

    def of(self, kind: str) -> Iterator[Proposal]:
        """The proposals of one kind, in the order of the source."""
        return (proposal for proposal in self.proposals if proposal.kind == kind)


def trimmed(source: str, start: int, end: int) -> Span:
    """The span without blanks at its ends; an empty one keeps its start."""
    piece = source[start:end]
    left = len(piece) - len(piece.lstrip())
    right = len(piece.rstrip())
    return Span(start + left, start + right) if right > left else Span(start, start)


def uncovered(source: str, spans: list[Span]) -> Iterator[Span]:
    """Runs of text that no span covers, blanks at their ends left out."""
    at = 0
    for span in sorted(spans):
        gap = trimmed(source, at, max(at, span.start))
        if gap.end > gap.start:
            yield gap
        at = max(at, span.end)
    gap = trimmed(source, at, len(source))
    if gap.end > gap.start:
        yield gap
