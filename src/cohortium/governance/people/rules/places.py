"""Where the authors are: affiliations, ROR ids, sites of the study."""

from __future__ import annotations

from collections.abc import Iterator

from cohortium.governance.people.findings import Draft, Finding, Rule
from cohortium.governance.people.orcid import is_ror, ror_of
from cohortium.study.suggest import shown


def affiliations_are_declared(draft: Draft) -> Iterator[Finding]:
    """Every affiliation that an author names is declared, and named once."""
    declared = [affiliation.id for affiliation in draft.people.affiliation]
    for index, author in enumerate(draft.people.author):
        for position, id_ in enumerate(author.affiliations):
            path = ("author", index, "affiliations", position)
            yield from draft.reference(path, "affiliation", id_, declared)
            if id_ in author.affiliations[:position]:
                yield draft.error(path, f"{shown(id_)} is listed twice")


def persons_have_affiliations(draft: Draft) -> Iterator[Finding]:
    """Every person has an affiliation (else an open point)."""
    for index, author in draft.persons():
        if not author.affiliations:
            yield draft.open(("author", index), f"{author.id} has no affiliation")


def affiliations_are_used(draft: Draft) -> Iterator[Finding]:
    """Every affiliation is some author's (else an open point)."""
    used = {id_ for author in draft.people.author for id_ in author.affiliations}
    for index, affiliation in enumerate(draft.people.affiliation):
        if draft.complete and affiliation.id not in used:
            what = f"no author has the affiliation {shown(affiliation.id)}"
            yield draft.open(("affiliation", index), what, "name it in an author's 'affiliations', or remove it")


def rors_are_right(draft: Draft) -> Iterator[Finding]:
    """A ROR id has its form and check digits (ISO 7064 MOD 97-10)."""
    for index, affiliation in enumerate(draft.people.affiliation):
        if affiliation.ror is not None and not is_ror(affiliation.ror):
            is_formed = ror_of(affiliation.ror) is not None
            fault = "has wrong check digits" if is_formed else "is not a ROR id; expected https://ror.org/02yrq0923"
            hint = "copy it from ror.org"
            yield draft.error(("affiliation", index, "ror"), f"{shown(affiliation.ror)} {fault}", hint)


def sites_are_in_the_study(draft: Draft) -> Iterator[Finding]:
    """An author's site is a site of the study."""
    for index, author in enumerate(draft.people.author):
        if author.site is not None and draft.sites is not None:
            yield from draft.reference(("author", index, "site"), "site", author.site, draft.sites)


RULES: tuple[Rule, ...] = (
    affiliations_are_declared,
    persons_have_affiliations,
    affiliations_are_used,
    rors_are_right,
    sites_are_in_the_study,
)
