"""A site opens its desk: its files are read, checked and derived, and laid out as the rows of its estimators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.derivations.derive import derive
from cohortium.estimators.rows import rows_of
from cohortium.federation.answer import SiteDesk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cohortium.errors import Problem
    from cohortium.estimators.contract import Task
    from cohortium.intake.read import SiteIntake, SourceFile
    from cohortium.study.queries import Query
    from cohortium.study.study import Study


@dataclass(frozen=True)
class Opening:
    """What a site says when it opens: what was read and what it asks about. No row, no value.

    source   the file of patients
    more     files of its further tables, and its mapping where there is one
    """

    site: str
    source: SourceFile
    queries: tuple[Query, ...]
    more: tuple[SourceFile, ...] = ()

    @property
    def sources(self) -> tuple[SourceFile, ...]:
        """Every file that was read."""
        return (self.source, *self.more)

    @property
    def n_errors(self) -> int:
        """Queries that keep the site from answering."""
        return sum(query.is_error for query in self.queries)


def to_settle(openings: Iterable[Opening]) -> Iterator[Problem]:
    """The queries that keep sites from answering, as an error lists them."""
    return (query.problem for opening in openings for query in opening.queries if query.is_error)


def open_desk(study: Study, intake: SiteIntake, tasks: Sequence[Task]) -> tuple[SiteDesk | None, Opening]:
    """A site's desk and its opening; no desk while there is a query that is an error."""
    frames, queries = derive(study, intake.frame, intake.site.id, intake.tables)
    opening = Opening(intake.site.id, intake.source, (*intake.queries, *queries), intake.more)
    if opening.n_errors:
        return None, opening
    rows = {
        name: rows_of(frame, [task.spec for task in tasks if task.spec.population == name])
        for name, frame in frames.populations.items()
    }
    return SiteDesk(intake.site.id, rows), opening
