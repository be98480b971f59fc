"""Flat CSV tables to people: one line an author, an affiliation or an interest; nothing in them is guessed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from cohortium.errors import Problem
from cohortium.governance.people.csv_cells import category_of, date_of, paid_to_of, parts_of, role_of, truth_of
from cohortium.governance.people.csv_table import CsvTable, Line, read_csv_table
from cohortium.governance.people.judge import Reading, judge, site_ids
from cohortium.governance.people.model import Affiliation, Confirmations, Interest
from cohortium.governance.people.names import plain_letters
from cohortium.study.locate import Path as Place
from cohortium.study.study import Study
from cohortium.study.suggest import did_you_mean, one_of, shown

AUTHOR_COLUMNS: Mapping[str, str] = {
    "id": "short id; made from the family name when the column or the cell is empty",
    "given": "given names and middle initials as published",
    "particle": "particle before the family name",
    "family": "family name, or the single name of a person who has one",
    "suffix": "suffix such as `Jr.`",
    "group": "name of a group author",
    "initials": "published initials where they differ from those of the name",
    "orcid": "ORCID iD; whether the person logged in with ORCID cannot be imported",
    "email": "e-mail; never published",
    "affiliations": "institutions separated by `;`: ids when there is a table of affiliations, else names as printed",
    "site": "id of the study's site",
    "roles": "CRediT roles separated by `;`, each with its degree after a colon if any: `software: lead; validation`",
    "confirmed_contribution": "date of the first ICMJE confirmation",
    "confirmed_drafting": "date of the second",
    "confirmed_approval": "date of the third",
    "confirmed_accountability": "date of the fourth",
    "corresponding": "`yes` or `no`",
    "equal_contribution": "`yes` or `no`",
    "consent_to_be_named": "date",
    "disclosure_declared": "date of the answer about competing interests",
    "no_interests": "`yes` when the author declares none; else the interests stand in a table of their own",
}
"""Columns of the table of authors, with what they hold."""

AFFILIATION_COLUMNS: Mapping[str, str] = {key: str(info.description) for key, info in Affiliation.model_fields.items()}
"""Columns of the table of affiliations."""

INTEREST_COLUMNS: Mapping[str, str] = {
    "author": "id of the author",
    **{key: str(info.description) for key, info in Interest.model_fields.items()},
}
"""Columns of the table of interests."""

_TEXTS = ("given", "particle", "family", "suffix", "group", "initials")
_OPTIONAL = ("orcid", "email", "site")
_TRUTHS = ("corresponding", "equal_contribution")


@dataclass
class _Import:
    """What was read so far, with where each element came from."""

    problems: list[Problem] = field(default_factory=list)
    places: dict[Place, str] = field(default_factory=dict)
    affiliations: dict[str, dict[str, Any]] = field(default_factory=dict)
    authors: list[dict[str, Any]] = field(default_factory=list)

    def cell(self, line: Line, column: str, read: Callable[[str], Any]) -> Any:
        """The value of a cell, None when it is empty or not readable."""
        text = line.cells.get(column, "")
        if not text:
            return None
        try:
            return read(text)
        except ValueError as error:
            self.problems.append(Problem(line.where, f"{column}: {shown(text)} {error}"))
            return None


def read_people_csv(
    authors: Path, affiliations: Path | None = None, interests: Path | None = None, study: Study | None = None
) -> Reading:
    """Read CSV files of authors, affiliations and interests, and find everything in them at once.

    authors       file with one line an author, in the order of the byline
    affiliations  file with one line an affiliation; None when the authors' cells hold names as printed
    interests     file with one line an interest
    study         the study whose sites the authors belong to; None to leave sites unjudged
    """
    return people_from_csv(
        read_csv_table(authors, AUTHOR_COLUMNS, ()),
        read_csv_table(affiliations, AFFILIATION_COLUMNS, ("id", "name")) if affiliations else None,
        read_csv_table(interests, INTEREST_COLUMNS, ("author", "category", "organization")) if interests else None,
        site_ids(study),
    )


def people_from_csv(
    authors: CsvTable,
    affiliations: CsvTable | None = None,
    interests: CsvTable | None = None,
    sites: tuple[str, ...] | None = None,
) -> Reading:
    """People from flat tables, with everything that is wrong or missing, by file and line.

    authors       the table of authors, one line each in the order of the byline
    affiliations  institutions with their parts; None when the authors' cells hold names as printed
    interests     one line an interest
    sites         ids of the study's sites; None to leave them unjudged
    """
    found = _Import()
    tables = [table for table in (authors, affiliations, interests) if table]
    found.problems += [problem for table in tables for problem in table.problems]
    for line in affiliations.lines if affiliations else ():
        _add_affiliation(found, line)
    for line in authors.lines:
        _add_author(found, line, by_id=affiliations is not None)
    for line in interests.lines if interests else ():
        _add_interest(found, line)
    raw = {"affiliation": list(found.affiliations.values()), "author": found.authors}
    return judge(raw, partial(_placed, found.places, authors.file), sites, found.problems)


def _placed(places: Mapping[Place, str], file: str, path: Place, what: str, hint: str = "") -> Problem:
    for length in range(len(path), 0, -1):
        if path[:length] in places:
            column = ".".join(str(part) for part in path[2:] if isinstance(part, str))
            return Problem(places[path[:length]], f"{column}: {what}" if column else what, hint)
    return Problem(file, what, hint)


def _add_affiliation(found: _Import, line: Line) -> None:
    cells = {key: text for key, text in line.cells.items() if text}
    id_ = cells.get("id", "")
    if id_ in found.affiliations:
        found.problems.append(Problem(line.where, f"id: {shown(id_)} is declared twice"))
        return
    found.places["affiliation", len(found.affiliations)] = line.where
    found.affiliations[id_] = cells


def _add_author(found: _Import, line: Line, by_id: bool) -> None:
    cells = line.cells
    author: dict[str, Any] = {key: cells[key] for key in (*_TEXTS, *_OPTIONAL) if cells.get(key)}
    author["id"] = cells.get("id") or _free_id(_name_of(cells), {known["id"] for known in found.authors})
    named = parts_of(cells.get("affiliations", ""))
    author["affiliations"] = named if by_id else [_affiliation_named(found, name, line) for name in named]
    roles = [
        found.cell(Line(line.where, {"roles": part}), "roles", role_of) for part in parts_of(cells.get("roles", ""))
    ]
    author["roles"] = [role for role in roles if role]
    days = {key: found.cell(line, f"confirmed_{key}", date_of) for key in Confirmations.model_fields}
    author["confirmed"] = {key: day for key, day in days.items() if day}
    author |= {key: bool(found.cell(line, key, truth_of)) for key in _TRUTHS}
    consent = found.cell(line, "consent_to_be_named", date_of)
    author |= {"consent_to_be_named": consent} if consent else {}
    declared = found.cell(line, "disclosure_declared", date_of)
    is_none = found.cell(line, "no_interests", truth_of)
    if is_none:
        author["disclosure"] = {"none": True, **_dated(declared)}
    elif declared:
        author["disclosure"] = {"interests": [], **_dated(declared)}
    found.places["author", len(found.authors)] = line.where
    found.authors.append(author)


def _dated(declared: dt.date | None) -> dict[str, dt.date]:
    return {"declared": declared} if declared else {}


def _add_interest(found: _Import, line: Line) -> None:
    id_ = line.cells.get("author", "")
    ids = [author["id"] for author in found.authors]
    if id_ not in ids:
        what = f"author: unknown author {shown(id_)}; {one_of(ids)}"
        found.problems.append(Problem(line.where, what, did_you_mean(id_, ids)))
        return
    position = ids.index(id_)
    disclosure = found.authors[position].setdefault("disclosure", {})
    interests = disclosure.setdefault("interests", [])
    texts = {key: line.cells[key] for key in ("organization", "detail") if line.cells.get(key)}
    days = {key: found.cell(line, key, date_of) for key in ("declared", "expires")}
    category = found.cell(line, "category", category_of)
    # An unknown category is a problem already; the tie itself is not missing.
    choices = {"category": category or ("other" if line.cells.get("category") else None)}
    choices["paid_to"] = found.cell(line, "paid_to", paid_to_of)
    found.places["author", position, "disclosure", "interests", len(interests)] = line.where
    given = {**texts, **days, **choices}
    interests.append({key: value for key, value in given.items() if value is not None})


def _affiliation_named(found: _Import, name: str, line: Line) -> str:
    for id_, affiliation in found.affiliations.items():
        if affiliation["name"] == name:
            return id_
    id_ = _free_id(name, set(found.affiliations))
    found.places["affiliation", len(found.affiliations)] = line.where
    found.affiliations[id_] = {"id": id_, "name": name}
    return id_


def _name_of(cells: Mapping[str, str]) -> str:
    return cells.get("family") or cells.get("group") or "author"


def _free_id(name: str, taken: set[str]) -> str:
    """An id made from a name in small plain letters: `van-der-berg`, then `van-der-berg-2`."""
    words = re.sub(r"[^a-z0-9]+", "-", plain_letters(name).casefold()).strip("-")
    base = (words if words[:1].isalpha() else f"x-{words}".strip("-"))[:56]
    numbers = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(id_ for id_ in numbers if id_ not in taken)
