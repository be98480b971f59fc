"""Study and people to the document of front and back matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cohortium.errors import Problem, StudyFileError
from cohortium.governance.statements import article, byline
from cohortium.governance.statements.contributions import contributions_block
from cohortium.governance.statements.document import Block, Document, paragraph, text_of
from cohortium.governance.statements.ethics import ethics_block
from cohortium.governance.statements.interests import interests_block
from cohortium.governance.statements.sheet import author_sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.governance.people.model import People
    from cohortium.study.model import Site


def build_document(people: People, sites: Sequence[Site], all_sites: Sequence[Site] = ()) -> Document:
    """Every statement; what is missing is a visible mark in the text and a problem of its block.

    sites      that the ethics statement speaks of
    all_sites  among which those are that others rely on, where they are more
    """
    blocks = (
        article.title_block(people.article),
        Block("Authors", tuple(paragraph(line) for line in author_sheet(people)), (), tuple(author_sheet(people))),
        byline.byline_block(people),
        byline.affiliations_block(people),
        byline.correspondence_block(people),
        article.keywords_block(people.article),
        article.history_block(people.article.history),
        ethics_block(sites, all_sites),
        interests_block(people),
        contributions_block(people),
        article.funding_block(people),
        article.data_block(people.article),
        article.acknowledgments_block(people.article),
    )
    return Document(
        people.article.title or "Front and back matter",
        tuple(block for block in blocks if any(map(text_of, block.paragraphs))),
    )


def require_complete(missing: Sequence[Problem], *, has_draft: bool = True) -> None:
    """Refuse to write a statement from records that are not there.

    Raises
        StudyFileError: with every missing record.
    """
    if missing:
        n_records = "1 record is" if len(missing) == 1 else f"{len(missing)} records are"
        advice = "; --draft marks the gaps instead" if has_draft else ""
        raise StudyFileError(f"{n_records} missing for the statements{advice}:", missing)
