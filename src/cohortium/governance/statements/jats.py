"""JATS 1.3: front and back matter of the article, built element by element."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from lxml import etree
from lxml.builder import E

from cohortium.governance.people.model import Article, Funding, People
from cohortium.governance.people.names import published_name
from cohortium.governance.statements.article import data_block, funding_sentences
from cohortium.governance.statements.byline import correspondent
from cohortium.governance.statements.contributions import contributions_block
from cohortium.governance.statements.document import GAP, Block, missing, text_of
from cohortium.governance.statements.ethics import ethics_block
from cohortium.governance.statements.interests import interests_block
from cohortium.governance.statements.jats_authors import affiliations, contributors
from cohortium.governance.statements.xml_text import allowed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cohortium.errors import Problem
    from cohortium.study.model import Site

_HREF = "{http://www.w3.org/1999/xlink}href"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_REQUIRED = (
    ("journal", "journal"),
    ("journal_id", "abbreviated title of the journal"),
    ("issn", "ISSN"),
    ("doi", "DOI"),
)


def jats(people: People, sites: Sequence[Site], all_sites: Sequence[Site] = ()) -> bytes:
    """The article as JATS 1.3 (journal publishing) with front and back matter and no body.

    people, sites  the records; what is missing is a visible mark where a text must stand, and is left out elsewhere
    all_sites      sites whose decision others may rely on, where they are more

    Returns the XML in UTF-8.

    References
        ANSI/NISO Z39.96-2021, JATS 1.3; JATS4R recommendations on authors, CRediT and conflicts of interest.
    """
    root = E.article(
        _front(people), _back(people, sites, all_sites), **{"article-type": "research-article", "dtd-version": "1.3"}
    )
    root.set(_LANG, "en")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def missing_for_jats(article: Article) -> Iterator[Problem]:
    """Records that JATS needs beyond those of the text."""
    for key, name in _REQUIRED:
        if not getattr(article, key):
            yield missing("article", f"has no {name}", f"add '{key}'")


def _front(people: People) -> etree._Element:
    article = people.article
    journal = E(
        "journal-meta", E("journal-id", _or_gap(article.journal_id, "journal_id"), {"journal-id-type": "nlm-ta"})
    )
    journal.append(E("journal-title-group", E("journal-title", _or_gap(article.journal, "journal"))))
    for issn in article.issn or (GAP.format("article: issn"),):
        journal.append(E.issn(issn, {"publication-format": "electronic"}))
    meta = E("article-meta")
    if article.doi:
        meta.append(E("article-id", allowed(article.doi), {"pub-id-type": "doi"}))
    subject = E("subj-group", E.subject("Original Research"), {"subj-group-type": "heading"})
    meta.append(E("article-categories", subject))
    meta.append(E("title-group", E("article-title", _or_gap(article.title, "title"))))
    meta.append(contributors(people))
    meta.extend(affiliations(people))
    meta.append(_author_notes(people))
    published = article.history.published_online
    if published:
        meta.append(
            E("pub-date", *_day(published), {"date-type": "pub", "publication-format": "electronic", **_iso(published)})
        )
    meta.extend(_history(article))
    meta.extend(_permissions(article))
    if article.keywords:
        meta.append(E("kwd-group", *(E.kwd(allowed(word)) for word in article.keywords), {"kwd-group-type": "author"}))
    meta.extend(_funding(people))
    return E.front(journal, meta)


def _author_notes(people: People) -> etree._Element:
    by_id = {affiliation.id: affiliation for affiliation in people.affiliation}
    notes = E("author-notes")
    for author in people.author:
        if author.corresponding:
            notes.append(E.corresp(allowed(correspondent(author, by_id)), id=f"cor-{author.id}"))
    if any(author.equal_contribution for author in people.author):
        notes.append(E.fn(E.p("These authors contributed equally."), {"fn-type": "equal", "id": "equal"}))
    interests = interests_block(people)
    notes.append(E.fn(*_paragraphs(interests), {"fn-type": "coi-statement", "id": "coi-statement"}))
    return notes


def _history(article: Article) -> Iterator[etree._Element]:
    history = article.history
    dates = [("received", history.received), *(("rev-recd", day) for day in history.revised)]
    known = [(kind, day) for kind, day in (*dates, ("accepted", history.accepted)) if day]
    if known:
        yield E.history(*(E.date(*_day(day), {"date-type": kind, **_iso(day)}) for kind, day in known))
    online = history.published_online
    if online:
        date = E.date(*_day(online), {"date-type": "pub", **_iso(online)})
        yield E("pub-history", E.event(date, {"event-type": "published-online"}))


def _permissions(article: Article) -> Iterator[etree._Element]:
    parts = [E("copyright-statement", allowed(article.copyright))] if article.copyright else []
    if article.license:
        address = allowed(article.license)
        link = E("ext-link", address, {"ext-link-type": "uri", _HREF: address})
        parts.append(E.license(E("license-p", "License: ", link), {_HREF: address}))
    if parts:
        yield E.permissions(*parts)


def _day(day: dt.date) -> tuple[etree._Element, ...]:
    return E.day(f"{day.day:02d}"), E.month(f"{day.month:02d}"), E.year(f"{day.year:04d}")


def _iso(day: dt.date) -> dict[str, str]:
    return {"iso-8601-date": day.isoformat()}


def _funding(people: People) -> Iterator[etree._Element]:
    names = {author.id: published_name(author) for author in people.author}
    awards = [_award(number, funding, names) for number, funding in enumerate(people.article.funding, 1)]
    statement = " ".join(funding_sentences(people))
    if statement:
        yield E("funding-group", *awards, E("funding-statement", allowed(statement)))


def _award(number: int, funding: Funding, names: dict[str, str]) -> etree._Element:
    wrap = E("institution-wrap")
    if funding.funder_id:
        kind = "ror" if "ror.org" in funding.funder_id else "FundRef"
        wrap.append(E("institution-id", allowed(funding.funder_id), {"institution-id-type": kind}))
    wrap.append(E.institution(allowed(funding.funder)))
    group = E("award-group", E("funding-source", wrap), id=f"award-{number}")
    if funding.award:
        group.append(E("award-id", allowed(funding.award)))
    for recipient in funding.recipients:
        group.append(E("principal-award-recipient", allowed(names.get(recipient, recipient))))
    return group


def _back(people: People, sites: Sequence[Site], all_sites: Sequence[Site]) -> etree._Element:
    back = E.back()
    if people.article.acknowledgments:
        back.append(E.ack(E.title("Acknowledgments"), E.p(allowed(people.article.acknowledgments))))
    contributions = contributions_block(people)
    back.append(
        E("fn-group", E.fn(*_paragraphs(contributions), {"fn-type": "con"}), {"content-type": "author-contributions"})
    )
    ethics = ethics_block(sites, all_sites)
    for kind, block in (("ethics-statement", ethics), ("data-availability", data_block(people.article))):
        back.append(E.sec(E.title(block.heading), *_paragraphs(block), {"sec-type": kind}))
    return back


def _paragraphs(block: Block) -> list[etree._Element]:
    return [E.p(allowed(text_of(paragraph))) for paragraph in block.paragraphs] or [E.p()]


def _or_gap(text: str, key: str) -> str:
    return allowed(text) if text else GAP.format(f"article: {key}")
