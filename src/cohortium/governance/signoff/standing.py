"""The state of a thing: what its entries in the audit chain make of its present files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cohortium.governance.audit.entry import Act, hash_of
from cohortium.governance.signoff.rules import CHANGED, START, Kind, next_state


@dataclass(frozen=True, slots=True)
class Thing:
    """What can be signed.

    kind, id   what it is: the id of a site, the directory of results, the file of a manuscript
    files      (path, SHA-256) of the files it consists of; `missing` for one that is not there
    rests_on   what it was made from, as it was then
    faults     why it cannot be signed as it stands
    """

    kind: Kind
    id: str
    files: tuple[tuple[str, str], ...]
    rests_on: tuple[Thing, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def hash(self) -> str:
        """The hash that is signed."""
        return hash_of(self.files)

    @property
    def label(self) -> str:
        """The thing as typed on the command line."""
        return self.kind if not self.id else f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Standing:
    """A thing's state.

    state   `open`, or as the transition table leads
    acts    what led from `open` to it, for these very files
    files   files of the last act, when there is one
    """

    state: str
    acts: tuple[Act, ...] = ()
    files: tuple[tuple[str, str], ...] = ()


def stand(thing: Thing, history: Iterable[Act]) -> Standing:
    """The state of a thing after its history; files that came back byte for byte are the same files."""
    state, acts = START, list[Act]()
    for act in history:
        if (act.kind, act.id) != (thing.kind, thing.id):
            continue
        if acts and acts[-1].hash != act.hash:
            state, acts = CHANGED, []
        state = next_state(act.kind, state, act.action) or state
        acts = [] if state == START else [*acts, act]
    if not acts:
        return Standing(START)
    if acts[-1].hash != thing.hash:
        return Standing(CHANGED, (), acts[-1].files)
    return Standing(state, tuple(acts), acts[-1].files)


def differences(signed: Iterable[tuple[str, str]], present: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """What has changed, file by file, in words."""
    then, now = dict(signed), dict(present)
    found = []
    for path in sorted({*then, *now}):
        if then.get(path) != now.get(path):
            is_gone = now.get(path, MISSING) == MISSING
            found.append(f"{path} {'is missing' if is_gone else 'changed' if path in then else 'was added'}")
    return tuple(found)


MISSING = "missing"
