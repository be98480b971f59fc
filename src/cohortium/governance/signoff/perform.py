"""Decide, then record: the plan of an act as data, and its one entry in the audit chain."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from cohortium.errors import RefusedRequestError, UsageError
from cohortium.governance.audit import AUDIT_FILE, Act, Entry, locked, read_entries, utc_now
from cohortium.governance.signoff.decide import Decision, decide
from cohortium.governance.signoff.rules import STATEMENTS, Action
from cohortium.governance.signoff.signers import load_signers
from cohortium.governance.signoff.standing import Thing
from cohortium.governance.signoff.things import find_thing
from cohortium.study.study import Study

LONGEST_REASON = 1000


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks for.

    actor      id of the signer who asks; the act is recorded under it
    action     `lock`, `release` or the meaning of a signature
    reference  the thing as typed
    why        the person's reason
    faults     what speaks against it that the rules of sign-off do not know, such as open queries
    """

    actor: str
    action: Action
    reference: str
    why: str
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Planned:
    """What would be recorded; `act` is None when it is refused."""

    thing: Thing
    decision: Decision
    act: Act | None


def plan_act(study: Study, request: Request, history: Sequence[Act]) -> Planned:
    """The decision on a request and the act that it would record; nothing is written.

    Raises
        UsageError: the signer or the thing is not known, or there is no reason.
        StudyFileError: signers.toml is not valid.
    """
    why = " ".join(request.why.split())
    if not why or len(why) > LONGEST_REASON:
        raise UsageError(f"--why needs a reason of 1 to {LONGEST_REASON} characters")
    signer = load_signers(study).named(request.actor)
    found = find_thing(study, request.reference)
    thing = replace(found, faults=(*found.faults, *request.faults))
    decision = decide(signer, request.action, thing, history)
    if not decision.allowed:
        return Planned(thing, decision, None)
    statement = STATEMENTS[thing.kind, request.action]
    name, role = signer.name, decision.role
    files, grounds = thing.files, decision.reason
    act = Act(signer.id, name, role, request.action, thing.kind, thing.id, files, statement, why, grounds)
    return Planned(thing, decision, act)


def history_of(study: Study) -> tuple[Act, ...]:
    """Every act of the study's audit chain; AuditError when it is broken."""
    return tuple(entry.act for entry in read_entries(study.directory / AUDIT_FILE))


def perform(study: Study, request: Request, clock: Callable[[], dt.datetime] = utc_now) -> Entry:
    """Do what is asked: decide while nobody else can act, and leave exactly one entry.

    Raises
        RefusedRequestError: the rules do not allow it, with the reason; nothing is recorded.
        AuditError: the chain is broken.
        OutputError: nothing can be recorded.
    """
    path = study.directory / AUDIT_FILE
    with locked(path) as chain:
        history = tuple(entry.act for entry in chain.entries())
        planned = plan_act(study, request, history)
        if planned.act is None:
            raise RefusedRequestError(f"Refused: {planned.decision.reason}")
        return chain.append(planned.act, clock())
