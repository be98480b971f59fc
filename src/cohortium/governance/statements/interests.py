"""The competing-interest statement, each author by initials that no other author has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from cohortium.errors import Problem
from cohortium.governance.frontmatter import explicit
from cohortium.governance.frontmatter.categories import PRINTED
from cohortium.governance.frontmatter.history import is_history_line
from cohortium.governance.frontmatter.interests import read_interests
from cohortium.governance.frontmatter.reading import Declared, Span
from cohortium.governance.frontmatter.sections import is_heading
from cohortium.governance.people.model import Author, Disclosure, Interest, People
from cohortium.governance.people.names import published_initials
from cohortium.governance.statements.document import Block, gap, missing, paragraph
from cohortium.governance.statements.wording import joined

_PAID = {
    "person": "to the author",
    "institution": "to the institution",
    "both": "to the author and the institution",
    "not stated": "",
}
NONE = "no competing interests"


def interests_block(people: People) -> Block:
    """Statements of ties in the order of the byline, then everyone who declares none; silence is a missing record."""
    labels = published_initials(people)
    statements = [interest_statement(author, labels) for author in people.author if _answer(author).interests]
    none = [labels[author.id] for author in people.author if _answer(author).none]
    together = [f"{joined(none)} {'declares' if len(none) == 1 else 'declare'} {NONE}."] if none else []
    gaps = tuple(_missing(people))
    marks = [gap(problem) for problem in gaps]
    text = paragraph(" ".join([*statements, *together, *marks]))
    return Block("Competing interests", (text,), gaps, (*_sheet(people, labels), *marks))


def interest_statement(author: Author, labels: Mapping[str, str]) -> str:
    """`AB reports grants from X; consulting fees from Y (to the institution).`."""
    return _sentence(labels[author.id], [_clause(*run) for run in _runs(_answer(author).interests)])


def _answer(author: Author) -> Disclosure:
    return author.disclosure or Disclosure()


def _runs(interests: Sequence[Interest]) -> Iterator[tuple[str, list[Interest]]]:
    for category, run in groupby(interests, key=lambda interest: interest.category):
        yield PRINTED[category], list(run)


def _clause(words: str, interests: Sequence[Interest]) -> str:
    named = [_named(interest) for interest in interests]
    # A comma before `and` keeps a name with `and` in it apart from two names.
    last = f", and {named[-1]}" if len(named) > 1 else ""
    return f"{words} {', '.join(named[:-1] if last else named)}{last}"


def _named(interest: Interest) -> str:
    said = [part for part in (_PAID[interest.paid_to], interest.detail) if part]
    return f"{interest.organization} ({'; '.join(said)})" if said else interest.organization


def _sentence(label: str, clauses: Sequence[str]) -> str:
    text = f"{label} reports {'; '.join(clauses)}"
    return text if text.endswith(".") else f"{text}."


def _sheet(people: People, labels: Mapping[str, str]) -> Iterator[str]:
    """One statement a line, in prose where prose reads back the same and in brackets where it does not."""
    lines = [(author, Span(0, 0)) for author in people.author]
    for number, author in enumerate(people.author, 1):
        answer, bracket = _answer(author), explicit.written("author", {"number": str(number)})
        if bool(answer.interests) != answer.none:
            yield _first([*_forms(author, labels[author.id], bracket)], lines, author)


def _first(forms: Sequence[str], lines: list[tuple[Author, Span]], author: Author) -> str:
    """The first form that reads back; the last one always does."""
    return next((text for text in forms[:-1] if _reads_back(text, lines, author)), forms[-1])


def _forms(author: Author, label: str, bracket: str) -> Iterator[str]:
    answer = _answer(author)
    if answer.none:
        yield from (f"{who} declares {NONE}." for who in (label, bracket))
        return
    runs = [_clause(*run) for run in _runs(answer.interests)]
    yield _sentence(label, runs)
    yield _sentence(bracket, runs)
    kept = [_first_clause(author, interest) for interest in answer.interests]
    yield _sentence(label, kept)
    yield _sentence(bracket, [_explicit(interest) for interest in answer.interests])


def _first_clause(author: Author, interest: Interest) -> str:
    """One tie in prose if prose reads back, else in a bracket."""
    one = author.model_copy(update={"disclosure": Disclosure(interests=(interest,))})
    number = explicit.written("author", {"number": "1"})
    prose, bracket = _clause(PRINTED[interest.category], [interest]), _explicit(interest)
    return prose if _reads_back(_sentence(number, [prose]), [(one, Span(0, 0))], one) else bracket


def _explicit(interest: Interest) -> str:
    paid = "" if interest.paid_to == "not stated" else interest.paid_to
    named = {"category": interest.category, "organization": interest.organization}
    return explicit.written("interest", {**named, "paid-to": paid, "detail": interest.detail})


def _reads_back(text: str, lines: list[tuple[Author, Span]], author: Author) -> bool:
    answers = read_interests(text, [Span(0, len(text))], lines)
    if (
        "\n" in text
        or is_history_line(text)
        or is_heading(text)
        or answers.n_declarations != 1
        or len(answers.proposals) != 1
    ):
        return False
    value = answers.proposals[0].value
    return (
        isinstance(value, Declared) and value.author == author.id and _said(value.disclosure) == _said(_answer(author))
    )


def _said(answer: Disclosure) -> tuple[object, ...]:
    """What a statement carries of an answer."""
    return answer.none, *((i.category, i.organization, i.paid_to, i.detail) for i in answer.interests)


def _missing(people: People) -> Iterator[Problem]:
    for author in people.author:
        answer = author.disclosure
        if answer is None or not (answer.none or answer.interests):
            yield missing(f"author {author.id}", "has no answer about competing interests", "add [author.disclosure]")
        elif answer.none and answer.interests:
            yield missing(f"author {author.id}", "declares no interest and an interest", "take one of them out")
