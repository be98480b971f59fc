"""Who has ties with the maker of the study drug, and whose declarations are missing or out of date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from cohortium.governance.interests.normalize import Organization, folded, normalize_organization
from cohortium.governance.interests.suggest import Suggestion, suggest_organizations
from cohortium.governance.people.model import Author, Category, Disclosure, Interest, PaidTo, People
from cohortium.governance.people.names import published_initials, published_name
from cohortium.governance.people.periods import WINDOW_MONTHS, months_before

Relation = Literal["maker", "parent", "subsidiary", "same group"]
Gap = Literal["missing", "undated", "outdated"]


@dataclass(frozen=True, slots=True)
class Tie:
    """One author's tie with the maker of the study drug or with a company of its group.

    author        id of the author
    initials      initials as published
    name          name as published
    relation      `maker` itself; its `parent`, a `subsidiary` of it, or another company of the `same group`
    category      item of the ICMJE form
    organization  organization as declared
    canonical     its canonical name
    paid_to       who received it
    declared      day of declaration, None when not given
    expires       day on which the tie ended or will end, None when not given
    in_window     False when it ended before the 36 months; support for this work has no time limit
    """

    author: str
    initials: str
    name: str
    relation: Relation
    category: Category
    organization: str
    canonical: str
    paid_to: PaidTo
    declared: dt.date | None
    expires: dt.date | None
    in_window: bool


@dataclass(frozen=True, slots=True)
class Declaration:
    """An author whose declaration is missing, has no date, or is older than 36 months (`declared` is its oldest day)."""

    author: str
    initials: str
    name: str
    gap: Gap
    declared: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """An organization as declared that the table does not have: who declared it, and what it may be."""

    organization: str
    authors: tuple[str, ...]
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class InterestsReport:
    """The report on competing interests.

    on            the day that declarations are dated against; None when neither given nor recorded
    study_drug    study drug as printed
    makers        who makes it, by canonical names
    ties          ties with the makers and their groups, in the order of the byline
    declarations  declarations that are missing, undated or outdated
    unknown       organizations that the table does not have, makers included
    n_persons     authors who are no group
    n_none        those of them who declared that they have no competing interest
    """

    on: dt.date | None
    study_drug: str
    makers: tuple[Organization, ...]
    ties: tuple[Tie, ...]
    declarations: tuple[Declaration, ...]
    unknown: tuple[Unknown, ...]
    n_persons: int
    n_none: int


def report_interests(people: People, on: dt.date | None = None) -> InterestsReport:
    """The report on competing interests of all authors.

    people  the authors and the article's own records
    on      the day that declarations are dated against; the day of submission when None
    """
    day = on or people.article.submitted
    names = [name.strip() for name in people.article.study_drug_maker.split(";")]
    makers = tuple(normalize_organization(name) for name in names if name)
    persons = [author for author in people.author if not author.group]
    initials = published_initials(people)
    return InterestsReport(
        on=day,
        study_drug=people.article.study_drug,
        makers=makers,
        ties=tuple(tie for author in people.author for tie in _ties(author, initials[author.id], makers, day)),
        declarations=tuple(gap for author in persons for gap in _gaps(author, initials[author.id], day)),
        unknown=tuple(_unknown(people, [name for name in names if name])),
        n_persons=len(persons),
        n_none=sum(author.disclosure is not None and author.disclosure.none for author in persons),
    )


def relation_with(organization: Organization, maker: Organization) -> Relation | None:
    """How an organization is related with a maker; None when it is not."""
    if folded(organization.canonical) == folded(maker.canonical):
        return "maker"
    if organization.canonical == maker.parent:
        return "parent"
    if organization.parent == maker.canonical:
        return "subsidiary"
    return "same group" if organization.parent and organization.parent == maker.parent else None


def _ties(author: Author, initials: str, makers: tuple[Organization, ...], day: dt.date | None) -> Iterator[Tie]:
    disclosure = author.disclosure or Disclosure()
    for interest in disclosure.interests:
        organization = normalize_organization(interest.organization)
        relation = _closest(organization, makers)
        if relation is not None:
            yield Tie(
                author.id,
                initials,
                published_name(author),
                relation,
                interest.category,
                interest.organization,
                organization.canonical,
                interest.paid_to,
                interest.declared or disclosure.declared,
                interest.expires,
                _is_in_window(interest, day),
            )


def _closest(organization: Organization, makers: tuple[Organization, ...]) -> Relation | None:
    found = {relation_with(organization, maker) for maker in makers}
    order: tuple[Relation, ...] = ("maker", "parent", "subsidiary", "same group")
    return next((relation for relation in order if relation in found), None)


def _is_in_window(interest: Interest, day: dt.date | None) -> bool:
    is_limited = interest.category != "support-for-this-work"
    return not (is_limited and day and interest.expires and interest.expires < months_before(day, WINDOW_MONTHS))


def _gaps(author: Author, initials: str, day: dt.date | None) -> Iterator[Declaration]:
    name = published_name(author)
    if author.disclosure is None:
        yield Declaration(author.id, initials, name, "missing")
        return
    disclosure = author.disclosure
    days = [interest.declared or disclosure.declared for interest in disclosure.interests] or [disclosure.declared]
    given = [*filter(None, [*days, disclosure.declared])]
    if None in days:
        yield Declaration(author.id, initials, name, "undated")
    if day and given and min(given) < months_before(day, WINDOW_MONTHS):
        yield Declaration(author.id, initials, name, "outdated", min(given))


def _unknown(people: People, makers: list[str]) -> Iterator[Unknown]:
    declared: dict[str, list[str]] = {}
    written: dict[str, str] = {}
    named = [(name, "") for name in makers]
    named += [
        (interest.organization, author.id)
        for author in people.author
        if author.disclosure
        for interest in author.disclosure.interests
    ]
    for name, author in named:
        if not normalize_organization(name).known:
            written.setdefault(folded(name), name)
            declared.setdefault(folded(name), []).append(author)
    for key, authors in declared.items():
        ids = tuple(dict.fromkeys(filter(None, authors)))
        yield Unknown(written[key], ids, suggest_organizations(written[key]))
