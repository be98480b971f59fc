"""Authors, findings about them and their interests as text, JSON and CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from cohortium.cli.listing import as_json
from cohortium.governance.interests.listing import COLUMNS, interests_rows
from cohortium.governance.interests.report import InterestsReport
from cohortium.governance.people.findings import Severity
from cohortium.governance.people.judge import Reading
from cohortium.governance.people.model import Author, People
from cohortium.governance.people.names import published_initials, published_name
from cohortium.governance.people.orcid import orcid_of

_HEADINGS: dict[Severity, tuple[str, str]] = {
    "error": ("error", "errors"),
    "open": ("open point", "open points"),
    "note": ("note", "notes"),
}


def findings_text(reading: Reading) -> str:
    """Errors, open points and notes apart, then the count."""
    lines: list[str] = []
    counts = []
    for severity, (one, many) in _HEADINGS.items():
        found = [finding.problem for finding in reading.findings if finding.severity == severity]
        counts.append(f"{len(found)} {one if len(found) == 1 else many}")
        if found:
            lines += [f"{many.capitalize()}:", *(f"  {problem}" for problem in found), ""]
    authors = f"{counted_authors(reading.people)}, " if reading.people else ""
    return "\n".join([*lines, f"{authors}{', '.join(counts)}"])


def counted_authors(people: People) -> str:
    """The number of authors in words."""
    return "1 author" if len(people.author) == 1 else f"{len(people.author)} authors"


def findings_json(reading: Reading) -> str:
    """Errors, open points and notes for programs."""
    found = [{"severity": item.severity, "author": item.author, **asdict(item.problem)} for item in reading.findings]
    n_authors = len(reading.people.author) if reading.people else None
    return as_json({"ok": not reading.errors, "n_authors": n_authors, "findings": found})


def authors_text(people: People) -> str:
    """The byline as a table for people; the first column is the author's id."""
    rows = [("id", "initials", "name", "ORCID", "site", "")]
    for author in _listed(people):
        marks = [mark for mark in ("corresponding", "equal_contribution") if author[mark]]
        words = ", ".join(mark.replace("_", " ") for mark in marks)
        rows.append((author["id"], author["initials"], author["name"], author["orcid"], author["site"], words))
    return "\n".join(_aligned(rows))


def authors_json(people: People) -> str:
    """The byline for programs."""
    return as_json({"ok": True, "authors": list(_listed(people))})


def interests_json(report: InterestsReport) -> str:
    """The report on competing interests for programs."""
    return as_json({"ok": True, **asdict(report)})


def interests_csv(report: InterestsReport) -> str:
    """The report on competing interests as CSV."""
    from cohortium.report.render.csv import lines

    return lines([COLUMNS, *interests_rows(report)])


def _listed(people: People) -> Iterator[dict[str, Any]]:
    """What is published of each author; the e-mail address is not."""
    initials = published_initials(people)
    names = {affiliation.id: affiliation.name for affiliation in people.affiliation}
    for author in people.author:
        yield {
            "id": author.id,
            "initials": initials[author.id],
            "name": published_name(author),
            "orcid": _orcid(author),
            "orcid_authenticated": author.orcid_authenticated,
            "site": author.site or "",
            "affiliations": [names[id_] for id_ in author.affiliations],
            "corresponding": author.corresponding,
            "equal_contribution": author.equal_contribution,
        }


def _orcid(author: Author) -> str:
    return (orcid_of(author.orcid) or "") if author.orcid else ""


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
