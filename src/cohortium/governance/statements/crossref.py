"""The Crossref 5.3.1 deposit of the article's metadata."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from lxml import etree
from lxml.builder import ElementMaker

from cohortium.errors import Problem
from cohortium.governance.people.model import Affiliation, Article, Author, Deposit, Funding, People
from cohortium.governance.people.orcid import orcid_of, ror_of
from cohortium.governance.statements.document import missing
from cohortium.governance.statements.xml_text import allowed

_NAMESPACE = "http://www.crossref.org/schema/5.3.1"
_FUNDING = "http://www.crossref.org/fundref.xsd"
_SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_LOCATION = f"{_NAMESPACE} https://www.crossref.org/schemas/crossref5.3.1.xsd"
_E = ElementMaker(namespace=_NAMESPACE, nsmap={None: _NAMESPACE, "fr": _FUNDING, "xsi": _SCHEMA_INSTANCE})
_FR = ElementMaker(namespace=_FUNDING)
_LONGEST = (("given", 60), ("family", 60), ("suffix", 10), ("group", 511))


def crossref(people: People) -> bytes:
    """The deposit as XML in UTF-8; call `missing_for_crossref` first.

    The time stamp that Crossref wants is made from the day of publication and the deposit's `version`, so that the
    same records give the same bytes.

    References
        Crossref metadata deposit schema 5.3.1.
    """
    article = people.article
    deposit, published = article.deposit, article.history.published_online
    if deposit is None or published is None:
        raise ValueError("the records of a deposit are incomplete")
    root = _E.doi_batch(_head(article, deposit, published), _E.body(_journal(people, published)), version="5.3.1")
    root.set(f"{{{_SCHEMA_INSTANCE}}}schemaLocation", _LOCATION)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def missing_for_crossref(people: People) -> Iterator[Problem]:
    """Records that the deposit needs, and names that Crossref would refuse."""
    article = people.article
    for key, name in (("title", "title"), ("journal", "journal"), ("issn", "ISSN"), ("doi", "DOI"), ("url", "address")):
        if not getattr(article, key):
            yield missing("article", f"has no {name}", f"add '{key}'")
    if article.deposit is None:
        yield missing("article", "has no depositor", "add 'deposit'")
    if article.history.published_online is None:
        yield missing("article.history", "has no date 'published_online'", "add 'published_online'")
    if article.url and not re.fullmatch(r"https?://\S+", article.url):
        yield missing("article", "has an address that does not start with https://", "correct 'url'")
    for author in people.author:
        for key, longest in _LONGEST:
            text = getattr(author, key)
            if len(text) > longest or (key in ("given", "family") and re.search(r"[\d?]", text)):
                what = f"has a '{key}' that Crossref refuses: at most {longest} characters, no digits in names"
                yield missing(f"author {author.id}", what)


def _head(article: Article, deposit: Deposit, published: dt.date) -> etree._Element:
    stamp = f"{published:%Y%m%d}{deposit.version:04d}"
    batch = re.sub(r"[^A-Za-z0-9]+", "-", article.doi or "")[:80]
    return _E.head(
        _E.doi_batch_id(f"{batch}-{stamp}"),
        _E.timestamp(stamp),
        _E.depositor(_E.depositor_name(allowed(deposit.name)), _E.email_address(allowed(deposit.email))),
        _E.registrant(allowed(deposit.registrant)),
    )


def _journal(people: People, published: dt.date) -> etree._Element:
    article = people.article
    metadata = _E.journal_metadata(_E.full_title(allowed(article.journal)))
    for issn in article.issn:
        metadata.append(_E.issn(issn, media_type="electronic"))
    entry = _E.journal_article(_E.titles(_E.title(allowed(article.title))), publication_type="full_text")
    if people.author:
        entry.append(_contributors(people))
    entry.append(_E.publication_date(*_day(published), media_type="online"))
    if article.history.accepted:
        entry.append(_E.acceptance_date(*_day(article.history.accepted)))
    if article.funding:
        entry.append(_FR.program(*map(_funding, article.funding), name="fundref"))
    entry.append(_E.doi_data(_E.doi(allowed(article.doi or "")), _E.resource(allowed(article.url))))
    return _E.journal(metadata, entry)


def _day(day: dt.date) -> tuple[etree._Element, ...]:
    return _E.month(f"{day.month:02d}"), _E.day(f"{day.day:02d}"), _E.year(f"{day.year:04d}")


def _contributors(people: People) -> etree._Element:
    by_id = {affiliation.id: affiliation for affiliation in people.affiliation}
    element = _E.contributors()
    for position, author in enumerate(people.author):
        place = {"sequence": "additional" if position else "first", "contributor_role": "author"}
        element.append(_organization(author, place) if author.group else _person(author, place, by_id))
    return element


def _organization(author: Author, place: dict[str, str]) -> etree._Element:
    return _E.organization(allowed(author.group), **place)


def _person(author: Author, place: dict[str, str], by_id: dict[str, Affiliation]) -> etree._Element:
    element = _E.person_name(**place)
    if author.given:
        element.append(_E.given_name(allowed(author.given)))
    element.append(_E.surname(allowed(" ".join(word for word in (author.particle, author.family) if word))))
    if author.suffix:
        element.append(_E.suffix(allowed(author.suffix)))
    institutions = [_institution(by_id[id_]) for id_ in author.affiliations if id_ in by_id]
    if institutions:
        element.append(_E.affiliations(*institutions))
    if bare := orcid_of(author.orcid or ""):
        authenticated = "true" if author.orcid_authenticated else "false"
        element.append(_E.ORCID(f"https://orcid.org/{bare}", authenticated=authenticated))
    return element


def _institution(affiliation: Affiliation) -> etree._Element:
    element = _E.institution(_E.institution_name(allowed(affiliation.name)))
    if bare := ror_of(affiliation.ror or ""):
        element.append(_E.institution_id(f"https://ror.org/{bare}", type="ror"))
    place = ", ".join(part for part in (affiliation.city, affiliation.region, affiliation.country) if part)
    if place:
        element.append(_E.institution_place(allowed(place)))
    if affiliation.department:
        element.append(_E.institution_department(allowed(affiliation.department)))
    return element


def _funding(funding: Funding) -> etree._Element:
    name = _FR.assertion(allowed(funding.funder), name="funder_name")
    if funding.funder_id and "ror.org" not in funding.funder_id:
        name.append(_FR.assertion(allowed(funding.funder_id), name="funder_identifier"))
    group = _FR.assertion(name, name="fundgroup")
    if funding.award:
        group.append(_FR.assertion(allowed(funding.award), name="award_number"))
    return group
