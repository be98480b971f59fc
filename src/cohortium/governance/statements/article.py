"""Blocks from the article's own records: title, history, funding, data availability, acknowledgments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from cohortium.governance.people.model import Article, Funding, History, People
from cohortium.governance.people.names import published_initials
from cohortium.governance.statements.document import Block, block, gap, missing, paragraph
from cohortium.governance.statements.wording import in_words, joined


def title_block(article: Article) -> Block:
    """The title."""
    gaps = [] if article.title else [missing("article", "has no title", "add 'title'")]
    return block("Title", [article.title] if article.title else [], gaps)


def history_block(history: History) -> Block:
    """One line a date; a step that has not happened yet is missing until it has."""
    gaps = [
        missing("article.history", f"has no date '{key}'", f"add '{key}', or use --draft until then")
        for key in ("received", "accepted", "published_online")
        if getattr(history, key) is None
    ]
    lines = [f"{label}: {in_words(date)}" for label, date in dates(history)]
    return Block("Article history", tuple(paragraph(line) for line in [*lines, *map(gap, gaps)]), tuple(gaps))


def dates(history: History) -> Iterator[tuple[str, dt.date]]:
    """The dates that are known, in order, with their printed names."""
    if history.received:
        yield "Received", history.received
    for revised in history.revised:
        yield "Revised", revised
    if history.accepted:
        yield "Accepted", history.accepted
    if history.published_online:
        yield "Published online", history.published_online


def funding_block(people: People) -> Block:
    """The sources of funding, or that there was none; no answer is a missing record."""
    sentences = list(funding_sentences(people))
    gaps = (
        [] if sentences else [missing("article", "has no funding and no answer that there was none", "add 'funding'")]
    )
    return block("Funding", sentences, gaps)


def funding_sentences(people: People) -> Iterator[str]:
    """The funding statement, sentence by sentence."""
    labels = published_initials(people)
    if people.article.funding:
        sources = [_source(funding, labels) for funding in people.article.funding]
        yield f"This work was supported by {joined(sources)}."
    elif people.article.no_funding:
        yield "This work received no funding."


def _source(funding: Funding, labels: dict[str, str]) -> str:
    recipients = [labels.get(id_, id_) for id_ in funding.recipients]
    said = [part for part in (funding.award, f"to {', '.join(recipients)}" if recipients else "") if part]
    return f"{funding.funder} ({'; '.join(said)})" if said else funding.funder


def data_block(article: Article) -> Block:
    """The statement of data availability as recorded."""
    text = article.data_availability
    gaps = [] if text else [missing("article", "has no statement of data availability", "add 'data_availability'")]
    return block("Data availability", [text] if text else [], gaps)


def keywords_block(article: Article) -> Block:
    """The keywords in one line; an article may have none."""
    return block("Keywords", [f"{'; '.join(article.keywords)}."] if article.keywords else [])


def acknowledgments_block(article: Article) -> Block:
    """The acknowledgments as recorded; an article may have none."""
    return block("Acknowledgments", [article.acknowledgments] if article.acknowledgments else [])
