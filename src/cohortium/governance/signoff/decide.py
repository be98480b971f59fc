"""Whether a person may do something to a thing, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cohortium.governance.audit.entry import Act
from cohortium.governance.signoff.rules import (
    CHANGED,
    OWN_FIRST,
    RESTS_ON,
    SECOND_PERSON,
    TRANSITIONS,
    in_words,
    next_state,
    roles_for,
)
from cohortium.governance.signoff.signers import Signer
from cohortium.governance.signoff.standing import Standing, Thing, differences, stand


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer with the reason that the command line and the audit file show.

    role   the role in which the person may act; empty when refused
    """

    allowed: bool
    reason: str
    role: str = ""


def decide(actor: Signer, action: str, thing: Thing, history: Sequence[Act]) -> Decision:
    """Whether a person may do something to a thing.

    actor    who asks; an act is recorded under this person and no other
    action   `lock`, `release` or the meaning of a signature
    thing    with its present files
    history  every act of the audit chain, in order
    """
    role = _role(actor, action, thing)
    if not role:
        return Decision(False, _not_theirs(actor, action, thing))
    standing = stand(thing, history)
    questions = (
        _repeated(actor, action, thing, standing),
        _order(action, thing, standing),
        "" if action == "release" else "; ".join(thing.faults),
        _second_person(actor, action, thing, standing),
        _rests_on(action, thing, history),
        _own_first(actor, action, thing, history),
    )
    refusal = next((reason for reason in questions if reason), "")
    if refusal:
        return Decision(False, refusal)
    before = ", ".join(f"{act.action} by {act.name}" for act in standing.acts)
    after = f" ({before})" if before else ""
    return Decision(True, f"{actor.name} acts as {in_words(role)}; {thing.label} is {standing.state}{after}", role)


def _role(actor: Signer, action: str, thing: Thing) -> str:
    """The first role that lets the person do it, or nothing."""
    for role in roles_for(thing.kind, action):
        if role not in actor.roles:
            continue
        is_anywhere = thing.kind != "site" or (role == "data-manager" and not actor.sites)
        if is_anywhere or thing.id in actor.sites:
            return role
    return ""


def _not_theirs(actor: Signer, action: str, thing: Thing) -> str:
    roles = roles_for(thing.kind, action)
    if not roles:
        return f"{action} is nothing that is done to {thing.label}; possible: {_possible(thing)}"
    owners = " or ".join(in_words(role) for role in roles)
    of_site = f" of {thing.id}" if thing.kind == "site" else ""
    return f"{action} of {thing.label} belongs to the {owners}{of_site}; signers.toml does not say that {actor.name} is"


def _possible(thing: Thing) -> str:
    return ", ".join(dict.fromkeys(does for of, _, does, _ in TRANSITIONS if of == thing.kind))


def _repeated(actor: Signer, action: str, thing: Thing, standing: Standing) -> str:
    if any((act.actor, act.action) == (actor.id, action) for act in standing.acts):
        return f"{actor.name} has already given {action} for these very files of {thing.label}; nothing is left to do"
    return ""


def _order(action: str, thing: Thing, standing: Standing) -> str:
    if next_state(thing.kind, standing.state, action):
        return ""
    needed = " or ".join(start for of, start, does, _ in TRANSITIONS if (of, does) == (thing.kind, action))
    now = [does for of, start, does, _ in TRANSITIONS if (of, start) == (thing.kind, standing.state)]
    can = ", ".join(f"{does} by the {' or '.join(in_words(r) for r in roles_for(thing.kind, does))}" for does in now)
    changes = "; ".join(differences(standing.files, thing.files)) if standing.state == CHANGED else ""
    why = f" ({changes})" if changes else ""
    return f"{thing.label} is {standing.state}{why}; {action} needs it to be {needed}; possible now: {can or 'nothing'}"


def _second_person(actor: Signer, action: str, thing: Thing, standing: Standing) -> str:
    for kind, does, earlier in SECOND_PERSON:
        if (kind, does) == (thing.kind, action) and (actor.id, earlier) in {(a.actor, a.action) for a in standing.acts}:
            return f"{actor.name} gave the {earlier} of {thing.label}, so another person must give the {action}"
    return ""


def _rests_on(action: str, thing: Thing, history: Sequence[Act]) -> str:
    lacking = []
    for kind, does, below, state in RESTS_ON:
        if (kind, does) != (thing.kind, action):
            continue
        for part in thing.rests_on:
            if part.kind == below and (found := stand(part, history)).state != state:
                changes = "; ".join(differences(found.files, part.files)) if found.state == CHANGED else ""
                lacking.append(f"{part.label} must be {state} and is {found.state}{f' ({changes})' if changes else ''}")
    return f"{thing.label} rests on what is not signed: {'; '.join(lacking)}" if lacking else ""


def _own_first(actor: Signer, action: str, thing: Thing, history: Sequence[Act]) -> str:
    for kind, does, below, first in OWN_FIRST:
        if (kind, does) != (thing.kind, action):
            continue
        parts = [part for part in thing.rests_on if part.kind == below]
        if faults := [fault for part in parts for fault in part.faults]:
            return "; ".join(faults)
        done = {(act.actor, act.action) for part in parts for act in stand(part, history).acts}
        if (actor.id, first) not in done:
            named = " or ".join(part.label for part in parts)
            return f"{actor.name} has not signed {first} of {named} as they now are, which comes first"
    return ""
