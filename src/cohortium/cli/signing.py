"""Entries, decisions and signatures as text and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.governance.audit import Act, Entry
    from cohortium.governance.signoff.perform import Planned
    from cohortium.governance.signoff.signatures import Signature


def planned_text(planned: Planned) -> str:
    """A decision that was not carried out."""
    if planned.act is None:
        return f"Refused: {planned.decision.reason}"
    lines = [f"Allowed: {planned.decision.reason}", *_stated(planned.act)]
    return "\n".join([*lines, "Nothing was recorded. Run without --dry-run to do it."])


def planned_dict(planned: Planned) -> dict[str, Any]:
    """A decision that was not carried out, for programs."""
    decided = {"ok": planned.decision.allowed, "reason": planned.decision.reason}
    return decided if planned.act is None else {**decided, "act": _act_dict(planned.act)}


def recorded_text(entry: Entry) -> str:
    """An entry that was just recorded."""
    lines = [f"Recorded as entry {entry.number} at {entry.time}: {entry.act.grounds}", *_stated(entry.act)]
    return "\n".join([*lines, f"Audit head: {entry.sha256}"])


def entry_line(entry: Entry) -> str:
    """An entry as one line of a log."""
    act = entry.act
    who = act.name if act.role == "program" else f"{act.name} ({act.actor}, {act.role})"
    return f"{entry.number}  {entry.time}  {who}  {act.action}  {_thing(act)}  {act.hash[:12]}  {act.why}"


def entry_dict(entry: Entry) -> dict[str, Any]:
    """An entry for programs."""
    chained = {"number": entry.number, "time": entry.time, "previous": entry.previous, "sha256": entry.sha256}
    return {**chained, **_act_dict(entry.act)}


def signature_dict(signature: Signature) -> dict[str, Any]:
    """A signature for programs."""
    return {**entry_dict(signature.entry), "valid": signature.is_valid, "void": signature.void}


def signature_table(signatures: Sequence[Signature]) -> str:
    """Locks and signatures as a table for people."""
    if not signatures:
        return "Nothing is locked or signed."
    rows = [("entry", "thing", "meaning", "who", "when", "is"), *(_row(signature) for signature in signatures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(f"{cell:<{w}}" for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows)


def _row(signature: Signature) -> tuple[str, ...]:
    entry, act = signature.entry, signature.entry.act
    status = "valid" if signature.is_valid else f"void: {signature.void}"
    return (str(entry.number), _thing(act), act.action, f"{act.name} ({act.role})", entry.time, status)


def _stated(act: Act) -> list[str]:
    files = [f"  {sha256}  {path}" for path, sha256 in act.files]
    return [f"  {act.name}: {act.statement}", *files, f"  hash of these: {act.hash}"]


def _thing(act: Act) -> str:
    return f"{act.kind}:{act.id}" if act.id else act.kind


def _act_dict(act: Act) -> dict[str, Any]:
    return {
        "actor": act.actor,
        "name": act.name,
        "role": act.role,
        "action": act.action,
        "thing": {"kind": act.kind, "id": act.id},
        "files": dict(act.files),
        "hash": act.hash,
        "statement": act.statement,
        "why": act.why,
        "grounds": act.grounds,
    }
