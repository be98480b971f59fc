"""Where each site stands, as data: ethics, agreement, data received, queries, locked, signed, and what is due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from cohortium.derivations.derive import derive
from cohortium.governance.ethics import Deadline, agreement_faults, deadlines, decide_all, ethics_faults
from cohortium.governance.signoff.state import SiteState, site_states
from cohortium.intake.read import read_received
from cohortium.intake.source import is_present
from cohortium.study.site_files import site_files
from cohortium.study.tables import PATIENTS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from cohortium.errors import Problem
    from cohortium.governance.ethics import Decision
    from cohortium.intake.read import Received, SiteIntake
    from cohortium.study.model import Site
    from cohortium.study.queries import Query
    from cohortium.study.study import Study

DataState = Literal["received", "missing", "unreadable", "not read"]
Recorded = Literal["in force", "not in force", "none", "needed"]


@dataclass(frozen=True)
class SiteStatus:
    """One site.

    allowed      whether its data may be used on the day; `reason` says why not
    decision     its ethics decision in a word; empty when none is recorded
    ethics       whether the decision is in force and covers the data
    agreement    `needed`: the study uses a limited data set and no agreement is recorded
    data         `not read`: the file is there, and the site is refused
    n_rows       records in the file; None when it was not read
    sha256       of the file; empty when it was not read
    n_queries    queries to settle before the study can run; None when the file was not read
    n_notes      queries that are notes; None when the file was not read
    problems     what keeps the file from being read
    void         what changed since the site was locked or signed
    """

    site: str
    name: str
    allowed: bool
    reason: str
    decision: str
    ethics: Recorded
    agreement: Recorded
    data: DataState
    n_rows: int | None
    sha256: str
    n_queries: int | None
    n_notes: int | None
    problems: tuple[str, ...]
    locked: bool
    signed: bool
    void: str


@dataclass(frozen=True)
class Status:
    """A whole study on a day."""

    study: str
    day: dt.date
    sites: tuple[SiteStatus, ...]
    due: tuple[Deadline, ...]


def status_of(study: Study, day: dt.date) -> Status:
    """Where each site stands on a day. The rows of a refused site are not read.

    Raises
        AuditError: the audit chain, from which locks and signatures are read, is broken.
    """
    decisions = decide_all(study, day)
    received = read_received(study, [site for site in study.file.site if decisions[site.id].allowed])
    files = {intake.site.id: intake for intake in received.intake.sites}
    queries = _queries(study, received)
    states = site_states(study.directory)
    sites = (
        _status(
            study,
            site,
            day,
            decisions[site.id],
            _data(study, site, files.get(site.id), received.problems, [q for q in queries if q.site == site.id]),
            states.get(site.id, SiteState(locked=False, signed=False)),
        )
        for site in study.file.site
    )
    return Status(study.file.study.name, day, tuple(sites), deadlines(study, day))


def _queries(study: Study, received: Received) -> list[Query]:
    """Queries of the files, across sites, and of what is derived from the rows."""
    derived = [
        query
        for intake in received.intake.sites
        for query in derive(study, intake.frame, intake.site.id, intake.tables)[1]
    ]
    return [*received.intake.queries, *derived]


@dataclass(frozen=True)
class _Data:
    state: DataState
    n_rows: int | None = None
    sha256: str = ""
    n_queries: int | None = None
    n_notes: int | None = None
    problems: tuple[str, ...] = ()


def _data(
    study: Study,
    site: Site,
    intake: SiteIntake | None,
    problems: Mapping[str, tuple[Problem, ...]],
    queries: Sequence[Query],
) -> _Data:
    if not is_present(study.directory / site_files(study, site.id)[PATIENTS]):
        return _Data("missing")
    if site.id in problems:
        return _Data("unreadable", problems=tuple(map(str, problems[site.id])))
    if intake is None:
        return _Data("not read")
    n_errors = sum(query.is_error for query in queries)
    return _Data("received", intake.source.n_rows, intake.source.sha256, n_errors, len(queries) - n_errors)


def _ethics(study: Study, site: Site, day: dt.date) -> Recorded:
    if site.ethics is None:
        return "needed"
    return "not in force" if any(ethics_faults(study, site, day)) else "in force"


def _agreement(study: Study, site: Site, day: dt.date) -> Recorded:
    if site.agreement is None:
        return "needed" if study.file.study.data_kind == "limited" else "none"
    return "not in force" if any(agreement_faults(study, site, day)) else "in force"


def _status(study: Study, site: Site, day: dt.date, decision: Decision, data: _Data, state: SiteState) -> SiteStatus:
    return SiteStatus(
        site=site.id,
        name=site.name,
        allowed=decision.allowed,
        reason=decision.reason,
        decision=site.ethics.decision if site.ethics else "",
        ethics=_ethics(study, site, day),
        agreement=_agreement(study, site, day),
        data=data.state,
        n_rows=data.n_rows,
        sha256=data.sha256,
        n_queries=data.n_queries,
        n_notes=data.n_notes,
        problems=data.problems,
        locked=state.locked,
        signed=state.signed,
        void=state.void,
    )
