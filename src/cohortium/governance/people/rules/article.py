"""The article's own records: dates in order, funding that names authors, the study drug's maker."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from cohortium.governance.people.findings import Draft, Finding, Rule
from cohortium.governance.people.orcid import is_ror
from cohortium.study.suggest import shown

_FUNDER = re.compile(r"(?:https?://(?:dx\.)?doi\.org/)?10\.13039/[0-9]+")
_DOI = re.compile(r"(?:https://doi\.org/)?10\.\d{4,9}/\S+")


def submission_is_dated(draft: Draft) -> Iterator[Finding]:
    """The day of submission is given, since declarations are dated against it (else an open point)."""
    if draft.complete and draft.people.article.submitted is None:
        yield draft.open(("article",), "the day of submission 'submitted' is not given")


def dates_are_in_order(draft: Draft) -> Iterator[Finding]:
    """Submitted, received, revised, accepted and published online follow each other."""
    article, history = draft.people.article, draft.people.article.history
    dated = [
        ("submitted", ("article", "submitted"), article.submitted),
        ("received", ("article", "history", "received"), history.received),
        *(("revised", ("article", "history", "revised", i), day) for i, day in enumerate(history.revised)),
        ("accepted", ("article", "history", "accepted"), history.accepted),
        ("published online", ("article", "history", "published_online"), history.published_online),
    ]
    given = [(name, path, day) for name, path, day in dated if day]
    for (earlier, _, before), (name, path, day) in pairwise(given):
        if day < before:
            yield draft.error(path, f"{name} on {day} is before {earlier} on {before}")


def doi_is_right(draft: Draft) -> Iterator[Finding]:
    """The article's DOI begins with `10.` and a registrant."""
    doi = draft.people.article.doi
    if doi is not None and not _DOI.fullmatch(doi):
        yield draft.error(("article", "doi"), f"{shown(doi)} is not a DOI; expected for example 10.1000/182")


def recipients_are_authors(draft: Draft) -> Iterator[Finding]:
    """Recipients of funding are authors."""
    authors = [author.id for author in draft.people.author]
    for index, funding in enumerate(draft.people.article.funding):
        for position, id_ in enumerate(funding.recipients):
            path = ("article", "funding", index, "recipients", position)
            yield from draft.reference(path, "author", id_, authors)


def funding_is_one_answer(draft: Draft) -> Iterator[Finding]:
    """Funding is either none or a list of sources."""
    if draft.people.article.no_funding and draft.people.article.funding:
        yield draft.error(("article", "no_funding"), "is true, and there is funding; expected one of the two")


def funder_ids_are_right(draft: Draft) -> Iterator[Finding]:
    """A funder's id is one of the Open Funder Registry (10.13039/...) or a ROR id with the right check digits."""
    for index, funding in enumerate(draft.people.article.funding):
        id_ = funding.funder_id
        if id_ is not None and not _FUNDER.fullmatch(id_) and not is_ror(id_):
            path = ("article", "funding", index, "funder_id")
            yield draft.error(path, f"{shown(id_)} is no funder id; expected 10.13039/100000054 or a ROR id")


def drug_has_its_maker(draft: Draft) -> Iterator[Finding]:
    """A study drug has its maker, so that ties with it can be told (else an open point)."""
    article = draft.people.article
    if article.study_drug and not article.study_drug_maker:
        yield draft.open(("article",), f"the maker of {shown(article.study_drug)} is not given in 'study_drug_maker'")


RULES: tuple[Rule, ...] = (
    submission_is_dated,
    dates_are_in_order,
    doi_is_right,
    recipients_are_authors,
    funding_is_one_answer,
    funder_ids_are_right,
    drug_has_its_maker,
)
