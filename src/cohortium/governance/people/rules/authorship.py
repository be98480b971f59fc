"""What makes somebody an author: contributions, the four criteria of the ICMJE, consent, who answers for the article."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from cohortium.governance.people.findings import Draft, Finding, Rule
from cohortium.governance.people.model import Confirmations


def roles_are_given(draft: Draft) -> Iterator[Finding]:
    """Every person has a contribution (else an open point), and each role once."""
    for index, author in draft.persons():
        if not author.roles:
            yield draft.open(("author", index), f"{author.id} has no contribution", "give the key 'roles'")
    for index, author in enumerate(draft.people.author):
        seen: set[str] = set()
        for position, contribution in enumerate(author.roles):
            if contribution.role in seen:
                path = ("author", index, "roles", position)
                yield draft.error(path, f"{author.id} has the role {contribution.role} twice")
            seen.add(contribution.role)


def degrees_fit(draft: Draft) -> Iterator[Finding]:
    """A role that some support is led by somebody, and a role done equally is done by two (else an open point)."""
    if not draft.complete:
        return
    degrees = Counter((role.role, role.degree) for author in draft.people.author for role in author.roles)
    for role in dict.fromkeys(role for role, degree in degrees if degree):
        if degrees[role, "supporting"] and not degrees[role, "lead"] + degrees[role, "equal"]:
            yield draft.open(("author",), f"the role {role} has supporting authors and nobody who leads it")
        if degrees[role, "equal"] == 1:
            yield draft.open(("author",), f"the role {role} is done equally by a single author")
        if degrees[role, "lead"] > 1:
            what = f"the role {role} is led by {degrees[role, 'lead']} authors"
            yield draft.open(("author",), what, "say 'equal' where they share it")


def criteria_are_confirmed(draft: Draft) -> Iterator[Finding]:
    """Every person has confirmed each of the four ICMJE criteria (else an open point)."""
    for index, author in draft.persons():
        missing = [key for key in Confirmations.model_fields if getattr(author.confirmed, key) is None]
        if missing:
            yield draft.open(("author", index, "confirmed"), f"{author.id} has not confirmed {', '.join(missing)}")


def consents_are_given(draft: Draft) -> Iterator[Finding]:
    """Every person has consented to be named (else an open point)."""
    for index, author in draft.persons():
        if author.consent_to_be_named is None:
            yield draft.open(("author", index), f"{author.id} has not consented to be named")


def nothing_is_confirmed_later(draft: Draft) -> Iterator[Finding]:
    """No confirmation, consent or declaration is later than the last version of the article that was sent."""
    last = draft.last_version
    if last is None:
        return
    for index, author in enumerate(draft.people.author):
        for path, day in _dated(author.confirmed, author.consent_to_be_named):
            if day > last:
                what = f"{day} is after {last}, the day of the last version that was sent"
                yield draft.error(("author", index, *path), what)


def _dated(confirmed: Confirmations, consent: dt.date | None) -> Iterator[tuple[tuple[str, ...], dt.date]]:
    for key in Confirmations.model_fields:
        if day := getattr(confirmed, key):
            yield ("confirmed", key), day
    if consent:
        yield ("consent_to_be_named",), consent


def somebody_answers(draft: Draft) -> Iterator[Finding]:
    """There is a corresponding author, and each has an e-mail address (else an open point)."""
    corresponding = [(index, author) for index, author in enumerate(draft.people.author) if author.corresponding]
    if draft.complete and not corresponding:
        yield draft.open(("author",), "there is no corresponding author", "give one 'corresponding = true'")
    for index, author in corresponding:
        if not author.email:
            yield draft.open(("author", index), f"{author.id} is a corresponding author without e-mail")


def equals_are_two(draft: Draft) -> Iterator[Finding]:
    """Equal contribution is shared by two authors or more."""
    equals = [index for index, author in enumerate(draft.people.author) if author.equal_contribution]
    if draft.complete and len(equals) == 1:
        what = "is true of a single author; expected two or more who contributed equally"
        yield draft.error(("author", equals[0], "equal_contribution"), what)


RULES: tuple[Rule, ...] = (
    roles_are_given,
    degrees_fit,
    criteria_are_confirmed,
    consents_are_given,
    nothing_is_confirmed_later,
    somebody_answers,
    equals_are_two,
)
