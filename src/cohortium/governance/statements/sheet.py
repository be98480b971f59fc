"""Plain lines that `cohortium people import` reads back as the same records."""

from __future__ import annotations

from collections.abc import Iterator

from cohortium.governance.frontmatter import explicit
from cohortium.governance.frontmatter.read import read_frontmatter
from cohortium.governance.frontmatter.reading import Passage
from cohortium.governance.people.model import Author, People
from cohortium.governance.people.names import sorted_name
from cohortium.governance.people.orcid import orcid_of

_NAME = ("family", "particle", "given", "suffix", "group", "initials")


def author_sheet(people: People) -> list[str]:
    """One author a line: `Family, Given M. https://orcid.org/...`, in brackets where prose would be read otherwise."""
    return [next(form for form in _forms(author) if _author_reads_back(form, author)) for author in people.author]


def _forms(author: Author) -> Iterator[str]:
    bare = orcid_of(author.orcid or "")
    address = f" https://orcid.org/{bare}" if bare else ""
    initials = f" (initials {author.initials})" if author.initials else ""
    yield f"{sorted_name(author)}{initials}{address}"
    yield explicit.written("author", {key: getattr(author, key) for key in _NAME}) + address


def _author_reads_back(line: str, author: Author) -> bool:
    if line.startswith("[author "):
        return True
    reading = read_frontmatter(f"Authors\n\n{line}\n")
    found = [proposal.value for proposal in reading.proposals]
    if len(found) != 1 or reading.unresolved or not isinstance(found[0], Author):
        return False
    same = all(getattr(found[0], key) == getattr(author, key) for key in _NAME)
    return same and found[0].orcid == orcid_of(author.orcid or "")


def passage(heading: str, text: str) -> str:
    """A text under its heading, in a bracket where the reader would not keep it as it is."""
    reading = read_frontmatter(f"{heading}\n\n{text}\n")
    values = [proposal.value for proposal in reading.proposals]
    if len(values) == 1 and isinstance(values[0], Passage) and values[0].text == text and not reading.unresolved:
        return text
    return explicit.written("text", {"value": text})
