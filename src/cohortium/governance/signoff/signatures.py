"""Every signature with whether it is valid, and what voids it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cohortium.governance.audit.entry import Entry
from cohortium.governance.signoff.rules import STATEMENTS
from cohortium.governance.signoff.standing import differences
from cohortium.governance.signoff.things import hashed, results_thing
from cohortium.study.study import Study


@dataclass(frozen=True, slots=True)
class Signature:
    """A lock or signature.

    void   what voids it; empty while it is valid
    """

    entry: Entry
    void: str

    @property
    def is_valid(self) -> bool:
        """Whether every byte that was signed is as it was, and nobody took it back."""
        return not self.void


def signatures(study: Study, entries: Sequence[Entry]) -> tuple[Signature, ...]:
    """Locks and signatures of an audit chain in their order, compared with the files as they now are."""
    signed = [entry for entry in entries if _is_signature(entry)]
    return tuple(Signature(entry, "; ".join(_voids(study, entry, entries))) for entry in signed)


def _is_signature(entry: Entry) -> bool:
    return entry.act.action != "release" and any(
        (kind, action) == (entry.act.kind, entry.act.action) for kind, action in STATEMENTS
    )


def _voids(study: Study, entry: Entry, entries: Sequence[Entry]) -> Iterator[str]:
    act = entry.act
    changed = differences(act.files, hashed(study.directory, [path for path, _ in act.files]))
    yield from changed
    if act.kind == "results" and not changed:
        yield from results_thing(study, act.id).faults
    for later in entries:
        if later.number <= entry.number or (later.act.kind, later.act.id) != (act.kind, act.id):
            continue
        if later.act.action == "release":
            yield f"released in entry {later.number}"
            return
        if later.act.hash != act.hash:
            yield f"replaced by entry {later.number}"
            return
