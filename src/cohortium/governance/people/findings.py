"""What a check of `people.toml` says, and what its rules look at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from cohortium.errors import Problem
from cohortium.governance.people.model import Author, People
from cohortium.study.locate import Path
from cohortium.study.suggest import did_you_mean, one_of, shown

Severity = Literal["error", "open", "note"]
"""`error`: the file says something that cannot be; `open`: something is still to be collected; `note`: worth knowing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found.

    severity  error, open point or note
    problem   where, what and what to do
    author    id of the author whom it concerns; empty when it concerns no one in particular
    """

    severity: Severity
    problem: Problem
    author: str = ""

    def __str__(self) -> str:
        return f"{self.severity}: {self.problem}"


@dataclass(frozen=True)
class Draft:
    """What the rules look at.

    people    the file; elements with a fault of their own are left out
    sites     ids of the study's sites; None when there is no study to compare with
    broken    ids that have a fault of their own: a reference to one is not a second problem
    complete  False when elements were left out, so that the whole cannot be judged
    problem   makes a problem of a path of `people`, what is wrong and a hint
    """

    people: People
    sites: tuple[str, ...] | None
    broken: frozenset[str]
    complete: bool
    problem: Callable[[Path, str, str], Problem]

    def error(self, path: Path, what: str, hint: str = "") -> Finding:
        """Something that cannot be."""
        return Finding("error", self.problem(path, what, hint), self._author_of(path))

    def open(self, path: Path, what: str, hint: str = "") -> Finding:
        """Something that is still to be collected."""
        return Finding("open", self.problem(path, what, hint), self._author_of(path))

    def note(self, path: Path, what: str, hint: str = "") -> Finding:
        """Something worth knowing."""
        return Finding("note", self.problem(path, what, hint), self._author_of(path))

    def reference(self, path: Path, thing: str, id_: str, ids: Iterable[str]) -> Iterator[Finding]:
        """An error when no such thing is declared."""
        options = list(ids)
        if id_ not in options and id_ not in self.broken:
            yield self.error(path, f"unknown {thing} {shown(id_)}; {one_of(options)}", did_you_mean(id_, options))

    def persons(self) -> Iterator[tuple[int, Author]]:
        """Authors who are no group, with their positions."""
        return ((index, author) for index, author in enumerate(self.people.author) if not author.group)

    @cached_property
    def last_version(self) -> dt.date | None:
        """The day of the last version: submission, the last revision or acceptance, whichever is latest."""
        article = self.people.article
        days = (article.submitted, article.history.received, *article.history.revised, article.history.accepted)
        return max((day for day in days if day), default=None)

    def _author_of(self, path: Path) -> str:
        is_author = path[:1] == ("author",) and len(path) > 1 and isinstance(path[1], int)
        return self.people.author[int(path[1])].id if is_author else ""


Rule = Callable[[Draft], Iterator[Finding]]
