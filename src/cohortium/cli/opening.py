"""Sites in this process or in several, behind one interface."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from cohortium.errors import SiteDataError
from cohortium.federation.answer import Grant
from cohortium.federation.desk import Opening, open_desk, to_settle
from cohortium.federation.in_process import InProcess
from cohortium.federation.processes import Processes
from cohortium.governance.ethics import Decision, decide_all, require_one_allowed
from cohortium.intake.read import read_received, undeclared_directories
from cohortium.intake.source import READ_FAILED

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from cohortium.estimators.contract import Task
    from cohortium.federation.estimate import Transport
    from cohortium.study.queries import Query
    from cohortium.study.study import Study


@dataclass(frozen=True)
class OpenSites:
    """Sites that have read their files.

    queries    of every site, and those that concern several sites
    decisions  for every site of the study, whether its data may be used; a refused site is not among the transport's
    """

    transport: Transport
    openings: tuple[Opening, ...]
    queries: tuple[Query, ...]
    decisions: Mapping[str, Decision]

    @property
    def errors(self) -> tuple[Query, ...]:
        """Queries that keep the study from running."""
        return tuple(query for query in self.queries if query.is_error)


@contextmanager
def open_sites(study: Study, tasks: Sequence[Task], n_processes: int, day: dt.date) -> Iterator[OpenSites]:
    """Open the sites of a study whose data may be used on a day; with one process the rows are read here.

    The files of the others are not even read.

    Raises
        RefusedRequestError: no site's data may be used on that day.
        SiteDataError: files of sites are missing or unreadable, or a directory is not declared.
    """
    decisions = decide_all(study, day)
    require_one_allowed(decisions, day)
    if n_processes == 1:
        yield _open_here(study, tasks, Grant.of(study.hash, tasks, decisions, day))
        return
    allowed = [site for site, decision in decisions.items() if decision.allowed]
    with _start_processes(study, allowed, n_processes, day) as transport:
        queries = tuple(query for opening in transport.openings for query in opening.queries)
        yield OpenSites(transport, transport.openings, queries, decisions)


def _start_processes(study: Study, allowed: Sequence[str], n_processes: int, day: dt.date) -> Processes:
    """The processes with their sites; all problems of all sites are in the one error that keeps them from starting."""
    undeclared = list(undeclared_directories(study))
    try:
        transport = Processes(study.directory, allowed, n_processes, day)
    except SiteDataError as error:
        raise SiteDataError(READ_FAILED, [*undeclared, *error.problems]) from None
    if undeclared:
        with transport:
            raise SiteDataError(READ_FAILED, [*undeclared, *to_settle(transport.openings)])
    return transport


def _open_here(study: Study, tasks: Sequence[Task], grant: Grant) -> OpenSites:
    received = read_received(study, [site for site in study.file.site if grant.decisions[site.id].allowed])
    intake = received.intake
    opened = [open_desk(study, site, tasks) for site in intake.sites]
    openings = tuple(opening for _, opening in opened)
    of_sites = [query for opening in openings for query in opening.queries]
    known = set(of_sites)
    across = [query for query in intake.queries if query not in known]
    if problems := [*undeclared_directories(study), *chain.from_iterable(received.problems.values())]:
        settle = (query.problem for query in (*of_sites, *across) if query.is_error)
        raise SiteDataError(READ_FAILED, [*problems, *settle])
    transport = InProcess([desk for desk, _ in opened if desk is not None], grant)
    return OpenSites(transport, openings, (*of_sites, *across), grant.decisions)


def refuse_errors(sites: OpenSites) -> None:
    """Stop while a query is an error.

    Raises
        SiteDataError: with every such query.
    """
    if sites.errors:
        problems = [query.problem for query in sites.errors]
        count = "1 query" if len(problems) == 1 else f"{len(problems)} queries"
        raise SiteDataError(f"The site data have {count} that must be settled before the study can run:", problems)
