"""Author contributions by CRediT role, and the four criteria of the ICMJE."""

from __future__ import annotations

from collections.abc import Iterator

from cohortium.errors import Problem
from cohortium.governance.people.model import Author, Confirmations, People
from cohortium.governance.people.names import published_initials
from cohortium.governance.statements.credit import LABELS
from cohortium.governance.statements.document import Block, block, missing

_CRITERIA = (
    "All authors contributed substantially to the work, took part in drafting or reviewing the article, approved the "
    "version to be published, and agreed to be accountable for all aspects of the work."
)


def contributions_block(people: People) -> Block:
    """Who did what, by initials; the sentence on the four criteria only when every person has confirmed all of them."""
    labels = published_initials(people)
    sentences = []
    for role, name in LABELS.items():
        held = [(labels[a.id], part.degree) for a in people.author for part in a.roles if part.role == role]
        if held:
            listed = ", ".join(f"{label} ({degree})" if degree else label for label, degree in held)
            sentences.append(f"{name}: {listed}.")
    persons = [author for author in people.author if not author.group]
    if persons and all(not list(_unconfirmed(author)) for author in persons):
        sentences.append(_CRITERIA)
    return block("Author contributions", sentences, _missing(people))


def _unconfirmed(author: Author) -> Iterator[str]:
    yield from (key for key in Confirmations.model_fields if getattr(author.confirmed, key) is None)


def _missing(people: People) -> Iterator[Problem]:
    for author in people.author:
        where = f"author {author.id}"
        if not author.roles:
            yield missing(where, "has no contributor role", "add 'roles'")
        unconfirmed = [] if author.group else list(_unconfirmed(author))
        if unconfirmed:
            yield missing(where, f"has not confirmed {', '.join(unconfirmed)}", "add 'confirmed'")
