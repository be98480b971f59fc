"""Who the authors are: ids, names, initials, ORCID iDs, e-mail."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cohortium.governance.people.findings import Draft, Finding, Rule
from cohortium.governance.people.model import Affiliation, Author
from cohortium.governance.people.names import collisions, published_initials
from cohortium.governance.people.orcid import is_in_orcid_block, is_orcid, orcid_check_digit, orcid_of
from cohortium.study.suggest import shown

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


def ids_differ(draft: Draft) -> Iterator[Finding]:
    """No two authors and no two affiliations have the same id."""
    yield from _repeated(draft, "author", draft.people.author)
    yield from _repeated(draft, "affiliation", draft.people.affiliation)


def _repeated(draft: Draft, section: str, elements: Sequence[Author | Affiliation]) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for index, element in enumerate(elements):
        if element.id in first:
            earlier = draft.problem((section, first[element.id]), "", "").where
            yield draft.error((section, index, "id"), f"{shown(element.id)} is declared twice, first in {earlier}")
        first.setdefault(element.id, index)


def person_or_group(draft: Draft) -> Iterator[Finding]:
    """An author is a person with a family name (or a single name), or a group with the group's name, never both."""
    for index, author in enumerate(draft.people.author):
        names = [key for key in ("given", "particle", "family", "suffix") if getattr(author, key)]
        if author.group and names:
            what = f"is a group and has {' and '.join(names)} too; expected a person or a group"
            yield draft.error(("author", index), what, "make two authors of them")
        if not author.group and not author.family:
            what = "has no name; expected 'family' for a person or 'group' for a group"
            yield draft.error(("author", index), what, "a person with one name has it in 'family'")


def initials_differ(draft: Draft) -> Iterator[Finding]:
    """No two authors have the same published initials; where an extension tells them apart, a note says so."""
    published = published_initials(draft.people)
    positions = {author.id: index for index, author in reversed(list(enumerate(draft.people.author)))}
    for group in collisions(draft.people.author):
        ids = list(dict.fromkeys(author.id for author in group))
        if len(ids) < 2:
            continue
        printed = [published[id_] for id_ in ids]
        base = shown(_shortest(printed))
        path = ("author", positions[ids[-1]])
        if len({initials.casefold() for initials in printed}) < len(ids):
            what = f"authors {', '.join(ids)} have the same published initials {base}"
            yield draft.error(path, what, "give all but one the key 'initials'")
        else:
            what = f"authors {', '.join(ids)} would have the same initials; they are published as {', '.join(printed)}"
            yield draft.note(path, what, "the key 'initials' chooses others")


def _shortest(initials: Sequence[str]) -> str:
    return min(initials, key=len)


def orcids_are_right(draft: Draft) -> Iterator[Finding]:
    """An ORCID iD has its form and check digit (ISO 7064 MOD 11-2); one outside ORCID's numbers is noted."""
    for index, author in enumerate(draft.people.author):
        path = ("author", index, "orcid")
        bare = orcid_of(author.orcid) if author.orcid else None
        if author.orcid and bare is None:
            what = f"{shown(author.orcid)} is not an ORCID iD; expected 0000-0002-1825-0097 or its address"
            yield draft.error(path, what, "copy it from the person's ORCID record")
        elif bare and not is_orcid(bare):
            what = f"{bare} has a wrong check digit; these digits end with {orcid_check_digit(bare[:-1])}"
            yield draft.error(path, what, "a digit is wrong: copy it from the person's ORCID record")
        elif bare and not is_in_orcid_block(bare):
            yield draft.note(path, f"{bare} is not among the numbers that ORCID hands out", "look it up on orcid.org")
        if author.orcid_authenticated and not author.orcid:
            what = "is true, and there is no 'orcid'"
            yield draft.error(("author", index, "orcid_authenticated"), what)


def orcids_differ(draft: Draft) -> Iterator[Finding]:
    """No two authors have the same ORCID iD."""
    owners: dict[str, str] = {}
    for index, author in enumerate(draft.people.author):
        bare = orcid_of(author.orcid) if author.orcid else None
        if bare and bare in owners:
            yield draft.error(("author", index, "orcid"), f"{bare} is the ORCID iD of {owners[bare]} too")
        elif bare:
            owners[bare] = author.id


def emails_are_right(draft: Draft) -> Iterator[Finding]:
    """An e-mail address has one @ and a domain; it is never published and not repeated in messages."""
    for index, author in enumerate(draft.people.author):
        if author.email is not None and not _EMAIL.fullmatch(author.email):
            yield draft.error(("author", index, "email"), "is not an e-mail address; expected name@institution.org")


RULES: tuple[Rule, ...] = (
    ids_differ,
    person_or_group,
    initials_differ,
    orcids_are_right,
    orcids_differ,
    emails_are_right,
)
