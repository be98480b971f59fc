"""A competing-interest section to proposals: each declaration is proposed or listed with the reason why not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from cohortium.governance.frontmatter import explicit
from cohortium.governance.frontmatter.declarations import Statement, statements
from cohortium.governance.frontmatter.labels import Labels
from cohortium.governance.frontmatter.reading import Declared, Proposal, Span, Unresolved
from cohortium.governance.frontmatter.ties import Ties, read_ties
from cohortium.governance.people.model import Author, Disclosure
from cohortium.governance.people.names import published_name


@dataclass(slots=True)
class _Found:
    """Declarations of one author in the order of the text, by number."""

    author: str
    number: int
    statement: Statement
    ties: Ties


@dataclass(slots=True)
class Answers:
    """What a section of competing interests gave."""

    proposals: list[Proposal] = field(default_factory=list)
    unresolved: list[Unresolved] = field(default_factory=list)
    n_declarations: int = 0


def read_interests(source: str, bodies: list[Span], lines: list[tuple[Author, Span]]) -> Answers:
    """Declarations by author; one for `the other authors` counts as one declaration.

    lines  the authors, each with the characters of its line
    """
    answers = Answers()
    authors = [author for author, _ in lines]
    labels = Labels(authors)
    found: list[_Found] = []
    rests: list[tuple[int, Statement]] = []
    for body in bodies:
        split, leads = statements(source, body, labels.written)
        answers.unresolved += [Unresolved("text", "it names no author", lead) for lead in leads]
        for statement in split:
            if statement.rest:
                rests.append((answers.n_declarations, statement))
                answers.n_declarations += 1
                continue
            ties = read_ties(source, statement.body)
            answers.unresolved += ties.left
            for label in statement.labels:
                number, answers.n_declarations = answers.n_declarations, answers.n_declarations + 1
                if author := _author(source, label, statement, number, labels, answers):
                    found.append(_Found(author, number, statement, ties))
    _propose(source, found, answers)
    for number, statement in rests:
        _rest(source, number, statement, authors, answers)
    answers.unresolved += _silent(lines, answers) if bodies else []
    return answers


def _author(
    source: str, label: Span, statement: Statement, number: int, labels: Labels, answers: Answers
) -> str | None:
    text = source[label.start : label.end]
    bracket = explicit.BRACKET.fullmatch(text)
    match = labels.at(explicit.values_of(bracket).get("number", "")) if bracket else labels.match(text)
    if match.author is None:
        names = tuple(published_name(candidate) for candidate in match.candidates)
        reason = f"'{' '.join(text.split())}': {match.reason}"
        answers.unresolved.append(Unresolved("initials", reason, statement.whole, names, number))
    return match.author


def _propose(source: str, found: list[_Found], answers: Answers) -> None:
    by_author: dict[str, list[_Found]] = {}
    for one in found:
        by_author.setdefault(one.author, []).append(one)
    for one in found:
        several = by_author[one.author]
        reason = ""
        if not one.ties.none and not one.ties.interests:
            reason = "the statement fits no rule"
        elif any(other.ties.none for other in several) and any(other.ties.interests for other in several):
            reason = "the author declares no interest in one statement and an interest in another"
        if reason:
            answers.unresolved.append(Unresolved("statement", reason, one.statement.whole, (one.author,), one.number))
            continue
        whole = one.statement.whole
        answer = Disclosure(
            none=one.ties.none, interests=tuple(one.ties.interests), source=source[whole.start : whole.end]
        )
        note = "incomplete: part of the statement was not resolved" if one.ties.left and _is_partial(one.ties) else ""
        answers.proposals.append(Proposal("disclosure", Declared(one.author, answer), whole, one.number, note))


def _is_partial(ties: Ties) -> bool:
    return any(left.kind == "text" for left in ties.left)


def _rest(source: str, number: int, statement: Statement, authors: list[Author], answers: Answers) -> None:
    """`The other authors declare ...`: those whom no other statement can mean, and only when it says none."""
    declared = {p.value.author for p in answers.proposals if isinstance(p.value, Declared)}
    doubtful = {name for item in answers.unresolved if item.kind == "initials" for name in item.candidates}
    doubtful |= {id_ for item in answers.unresolved if item.kind == "statement" for id_ in item.candidates}
    open_end = any(item.kind == "initials" and not item.candidates for item in answers.unresolved)
    rest = [a for a in authors if a.id not in declared and a.id not in doubtful and published_name(a) not in doubtful]
    ties = read_ties(source, statement.body)
    says_all = re.search(r"other|rest|remaining", statement.rest, re.IGNORECASE) is None
    is_none = ties.none or statement.rest.lower().startswith("no other")
    reason = ""
    if not is_none:
        reason = "what it says of the other authors is not `none`"
    elif open_end:
        reason = "initials above fit no author, so who the other authors are is not known"
    elif says_all and (declared or doubtful):
        reason = "it speaks of all authors, and others are named with a statement of their own"
    elif not rest:
        reason = "no author is left"
    if reason:
        answers.unresolved.append(Unresolved("statement", reason, statement.whole, (), number))
        return
    whole = statement.whole
    answer = Disclosure(none=True, source=source[whole.start : whole.end])
    note = f"said of '{' '.join(statement.rest.split())}'"
    answers.proposals += [Proposal("disclosure", Declared(a.id, answer), whole, number, note) for a in rest]


def _silent(lines: list[tuple[Author, Span]], answers: Answers) -> Iterator[Unresolved]:
    declared = {p.value.author for p in answers.proposals if isinstance(p.value, Declared)}
    for author, span in lines:
        if author.id not in declared:
            yield Unresolved("no-statement", f"{published_name(author)}: no statement is assigned", span)
