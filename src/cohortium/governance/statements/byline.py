"""Byline with affiliation numbers, affiliations, corresponding authors; e-mail addresses are never printed."""

from __future__ import annotations

from collections.abc import Iterator

from cohortium.errors import Problem
from cohortium.governance.people.model import Affiliation, Author, People
from cohortium.governance.people.names import published_name
from cohortium.governance.people.orcid import orcid_of
from cohortium.governance.statements.document import Block, Paragraph, Run, block, gap, missing, paragraph
from cohortium.governance.statements.wording import joined

EQUAL, CORRESPONDING = "†", "*"


def byline_block(people: People) -> Block:
    """The authors in order, each with the numbers of its affiliations; † for equal contribution, * for corresponding."""
    gaps = tuple(_missing(people))
    notes = [*_notes(people), *(paragraph(gap(problem)) for problem in gaps)]
    return Block("Byline", (_byline(people), *notes), gaps)


def affiliations_block(people: People) -> Block:
    """The affiliations that authors have, numbered as in the byline."""
    printed = [
        (Run(str(number), raised=True), Run(f" {affiliation_text(affiliation)}"))
        for number, affiliation in _used(people)
    ]
    return Block("Affiliations", tuple(printed))


def correspondence_block(people: People) -> Block:
    """Corresponding authors by name, affiliation and ORCID iD: a reader can reach them without a printed e-mail."""
    by_id = {affiliation.id: affiliation for affiliation in people.affiliation}
    shown = [correspondent(author, by_id) for author in people.author if author.corresponding]
    gaps = [] if shown else [missing("author", "nobody is the corresponding author", "add 'corresponding = true'")]
    return block("Correspondence", [f"{'; '.join(shown)}."] if shown else [], gaps)


def correspondent(author: Author, by_id: dict[str, Affiliation]) -> str:
    """A corresponding author in words."""
    first = next((by_id[id_] for id_ in author.affiliations if id_ in by_id), None)
    address = f", {affiliation_text(first)}" if first else ""
    bare = orcid_of(author.orcid or "")
    return f"{published_name(author)}{address}{f' (https://orcid.org/{bare})' if bare else ''}"


def affiliation_text(affiliation: Affiliation) -> str:
    """Department, institution, city, region and country in one line."""
    return ", ".join(
        part
        for part in (
            affiliation.department, affiliation.name, affiliation.city, affiliation.region, affiliation.country,
        )
        if part
    )  # fmt: skip


def affiliation_numbers(people: People) -> dict[str, int]:
    """Numbers by affiliation id, in the order in which the authors name them."""
    declared = {affiliation.id for affiliation in people.affiliation}
    named = dict.fromkeys(id_ for author in people.author for id_ in author.affiliations if id_ in declared)
    return {id_: number for number, id_ in enumerate(named, 1)}


def _used(people: People) -> Iterator[tuple[int, Affiliation]]:
    by_id = {affiliation.id: affiliation for affiliation in people.affiliation}
    for id_, number in affiliation_numbers(people).items():
        yield number, by_id[id_]


def _byline(people: People) -> Paragraph:
    numbers = affiliation_numbers(people)
    runs: list[Run] = []
    for position, author in enumerate(people.author):
        marks = [str(numbers[id_]) for id_ in author.affiliations if id_ in numbers]
        marks += [EQUAL] * author.equal_contribution + [CORRESPONDING] * author.corresponding
        runs.append(Run(f"{', ' if position else ''}{published_name(author)}"))
        if marks:
            runs.append(Run(",".join(marks), raised=True))
    return tuple(runs)


def _notes(people: People) -> Iterator[Paragraph]:
    equal = [published_name(author) for author in people.author if author.equal_contribution]
    if equal:
        yield paragraph(f"{EQUAL} {joined(equal)} contributed equally.")
    if any(author.corresponding for author in people.author):
        yield paragraph(f"{CORRESPONDING} Corresponding author.")


def _missing(people: People) -> Iterator[Problem]:
    if not people.author:
        yield missing("author", "there is no author", "add [[author]]")
    for author in people.author:
        where = f"author {author.id}"
        if not author.affiliations and not author.group:
            yield missing(where, "has no affiliation", "add 'affiliations'")
        if author.consent_to_be_named is None and not author.group:
            yield missing(where, "has not consented to be named", "add 'consent_to_be_named'")
    equal = [author for author in people.author if author.equal_contribution]
    if len(equal) == 1:
        yield missing(f"author {equal[0].id}", "contributed equally with nobody", "mark the other author too")
