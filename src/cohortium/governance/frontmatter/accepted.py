"""Proposals as `people.toml`, for a person to read through and accept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cohortium.governance.frontmatter.reading import Declared, HistoryDate, Passage, Reading
from cohortium.governance.people.model import Article, Author, Disclosure, History, Interest, People

_TEXTS = ("title", "acknowledgments", "data_availability")


def proposed_people(reading: Reading) -> People:
    """The people file that a reading proposes; several statements of one author are joined in their order."""
    answers: dict[str, Disclosure] = {}
    for proposal in reading.of("disclosure"):
        if isinstance(proposal.value, Declared):
            author, answer = proposal.value.author, proposal.value.disclosure
            answers[author] = _joined(answers[author], answer) if author in answers else answer
    authors = tuple(
        proposal.value.model_copy(update={"disclosure": answers.get(proposal.value.id)})
        for proposal in reading.of("author")
        if isinstance(proposal.value, Author)
    )
    return People(article=Article(history=_history(reading), **_texts(reading)), author=authors)


def _joined(first: Disclosure, second: Disclosure) -> Disclosure:
    interests: tuple[Interest, ...] = (*first.interests, *second.interests)
    sources = dict.fromkeys((first.source, second.source))
    return Disclosure(none=first.none and second.none, interests=interests, source=" ".join(sources))


def _history(reading: Reading) -> History:
    dates = [p.value for p in reading.of("history") if isinstance(p.value, HistoryDate)]
    single = {value.field: value.date for value in dates if value.field != "revised"}
    return History(revised=tuple(value.date for value in dates if value.field == "revised"), **single)


def _texts(reading: Reading) -> Mapping[str, Any]:
    passages = [p.value for p in reading.of("passage") if isinstance(p.value, Passage)]
    fields = [field for field in _TEXTS if any(passage.field == field for passage in passages)]
    return {field: "\n".join(p.text for p in passages if p.field == field) for field in fields}
