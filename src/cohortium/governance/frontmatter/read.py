"""The front and back matter of an article as text to proposals for a person to accept."""

from __future__ import annotations

import re
from collections.abc import Callable

from cohortium.governance.frontmatter import explicit
from cohortium.governance.frontmatter.author_lines import is_author_line, read_author_line
from cohortium.governance.frontmatter.boards import read_ethics
from cohortium.governance.frontmatter.history import is_history_line, read_history_line
from cohortium.governance.frontmatter.interests import read_interests
from cohortium.governance.frontmatter.reading import (
    HistoryDate,
    Passage,
    PassageField,
    Proposal,
    Reading,
    Span,
    Unresolved,
    uncovered,
)
from cohortium.governance.frontmatter.sections import Section, lines, paragraphs, sections
from cohortium.governance.people.model import Author

_GAPS = re.compile(r"(?:\[MISSING: [^\n]*\]\s*)+")
_ETHICS = re.compile(
    r"\b(?:review board|ethics committee|IRB|informed consent|Declaration of Helsinki)\b", re.IGNORECASE
)
_DECLARES = re.compile(
    r"\b(?:report|declare|disclose)s?\b.*\b(?:grants?|honorari|consult|advis|fund|interests?|stock|research|travel|"
    r"nothing|none|conflict|fees|patents?)",
    re.IGNORECASE | re.DOTALL,
)


def read_frontmatter(source: str) -> Reading:
    """Everything that a text says about authors, dates, competing interests and ethics decisions.

    source  the text; spans count its characters

    Returns proposals, what was not resolved and why, and headings: together they hold every character of the source
    that is not blank. Nothing is assigned where the text allows two readings.
    """
    reader = _Reader(source)
    headings, found = sections(source)
    for section in found:
        reader.section(section)
    return reader.finished(headings)


class _Reader:
    """What has been read so far; sections of competing interests wait until all authors are known."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.items: list[Proposal | Unresolved] = []
        self.interests: list[Span] = []
        self.leads: list[Span] = []
        self.ids: set[str] = set()

    def section(self, section: Section) -> None:
        kind = section.kind
        if kind == "authors":
            for line in lines(self.source, section.body):
                self._line(line)
        elif kind == "history" or kind == "":  # noqa: PLR1714 - narrows the type
            for paragraph in paragraphs(self.source, section.body):
                self._loose(paragraph, is_history=kind == "history")
        elif kind == "interests":
            for paragraph in paragraphs(self.source, section.body):
                self._lines_apart(paragraph, self._interest)
        elif kind == "ethics":
            for paragraph in paragraphs(self.source, section.body):
                self._lines_apart(paragraph, self._ethics)
        else:
            self._passages(kind, section.body)

    def _line(self, line: Span) -> None:
        if is_history_line(self._text(line)):
            self._history(line)
        else:
            self.items += read_author_line(self.source, line, self.ids)

    def _loose(self, paragraph: Span, *, is_history: bool) -> None:
        """A paragraph without a heading of its own: judged by its lines, then by its words."""
        rest: list[Span] = []
        is_list = False
        for line in lines(self.source, paragraph):
            text = self._text(line)
            if is_history_line(text):
                self._history(line)
            elif not is_history and not rest and (is_list or is_author_line(text)):
                is_list = True
                self.items += read_author_line(self.source, line, self.ids)
            else:
                rest.append(line)
        if rest:
            self._prose(Span(rest[0].start, rest[-1].end))

    def _prose(self, span: Span) -> None:
        text = self._text(span)
        if _ETHICS.search(text):
            self._ethics(span)
        elif _DECLARES.search(text):
            self.interests.append(span)
        else:
            self.items.append(Unresolved("text", "the text fits no rule", span))

    def _lines_apart(self, span: Span, read: Callable[[Span], None]) -> None:
        """Lines of the history and marks of gaps are read wherever they stand; the runs between them go to `read`."""
        start = end = None
        for line in lines(self.source, span):
            text = self._text(line)
            if is_history_line(text) or _GAPS.fullmatch(text):
                self._apart(line)
                if start is not None and end is not None:
                    read(Span(start, end))
                start = end = None
            else:
                start, end = line.start if start is None else start, line.end
        if start is not None and end is not None:
            read(Span(start, end))

    def _interest(self, span: Span) -> None:
        """An ethics paragraph without a heading may follow."""
        text = self._text(span)
        if _ETHICS.search(text) and not _DECLARES.search(text):
            self._ethics(span)
        else:
            self.interests.append(span)

    def _ethics(self, span: Span) -> None:
        found = list(read_ethics(self.source, span))
        self.leads += [lead for lead in found if isinstance(lead, Span)]
        self.items += [item for item in found if not isinstance(item, Span)]

    def _apart(self, line: Span) -> None:
        if _GAPS.fullmatch(self._text(line)):
            self.items.append(Unresolved("text", "a record was missing when this draft was written", line))
        else:
            self._history(line)

    def _history(self, line: Span) -> None:
        self.items.append(read_history_line(self.source, line))

    def _passages(self, field: PassageField, body: Span) -> None:
        self._lines_apart(body, lambda span: self._passage(field, span))

    def _passage(self, field: PassageField, span: Span) -> None:
        text = self._text(span)
        bracket = explicit.BRACKET.fullmatch(text)
        if bracket and bracket[1] == "text":
            text = explicit.values_of(bracket).get("value", "")
        self.items.append(Proposal("passage", Passage(field, text), span))

    def finished(self, headings: list[Span]) -> Reading:
        headings = sorted([*headings, *self.leads])
        authors = [(i.value, i.span) for i in self.items if isinstance(i, Proposal) and isinstance(i.value, Author)]
        answers = read_interests(self.source, self.interests, authors)
        items = [*_once(self.items), *answers.proposals, *answers.unresolved]
        covered = [item.span for item in items] + headings
        rest = [Unresolved("text", "the text fits no rule", gap) for gap in uncovered(self.source, covered)]
        items += rest
        return Reading(
            source=self.source,
            proposals=tuple(sorted((item for item in items if isinstance(item, Proposal)), key=_place)),
            unresolved=tuple(sorted((item for item in items if isinstance(item, Unresolved)), key=_place)),
            headings=tuple(headings),
            n_declarations=answers.n_declarations,
        )

    def _text(self, span: Span) -> str:
        return self.source[span.start : span.end]


def _once(items: list[Proposal | Unresolved]) -> list[Proposal | Unresolved]:
    """A second date for the same step of the history is a question, except for `revised`."""
    seen: dict[str, HistoryDate] = {}
    kept: list[Proposal | Unresolved] = []
    for item in items:
        value = item.value if isinstance(item, Proposal) else None
        if isinstance(value, HistoryDate) and value.field != "revised" and seen.setdefault(value.field, value) != value:
            kept.append(Unresolved("history", f"another date was given for '{value.field}' before", item.span))
        else:
            kept.append(item)
    return kept


def _place(item: Proposal | Unresolved) -> Span:
    return item.span
