"""A reading of front matter as text and as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from cohortium.cli.listing import as_json

if TYPE_CHECKING:
    from cohortium.governance.frontmatter.reading import Proposal, Reading, Unresolved, Value


def reading_text(reading: Reading) -> str:
    """Counts, then every proposal and every unresolved item with its line and its original text."""
    lines = [_counts(reading), "", f"Proposals ({len(reading.proposals)}):"]
    for proposal in reading.proposals:
        note = f" [{proposal.note}]" if proposal.note else ""
        lines.append(f"  line {reading.line(proposal.span)}: {proposal.kind}: {_in_words(proposal.value)}{note}")
        lines.append(f"    from: {_short(reading.text(proposal.span))}")
    lines += ["", f"Not resolved ({len(reading.unresolved)}):"]
    for item in reading.unresolved:
        could_be = f" (could be: {', '.join(item.candidates)})" if item.candidates else ""
        lines.append(f"  line {reading.line(item.span)}: {item.kind}: {item.reason}{could_be}")
        lines.append(f"    from: {_short(reading.text(item.span))}")
    return "\n".join(lines)


def reading_json(reading: Reading) -> str:
    """Everything with spans and original texts."""
    return as_json(
        {
            "ok": True,
            "n_declarations": reading.n_declarations,
            "proposals": [_proposal(reading, proposal) for proposal in reading.proposals],
            "unresolved": [_unresolved(reading, item) for item in reading.unresolved],
            "headings": [asdict(span) for span in reading.headings],
        }
    )


def _counts(reading: Reading) -> str:
    kinds = {kind: sum(1 for _ in reading.of(kind)) for kind in ("author", "history", "board")}
    answered = len({p.declaration for p in reading.of("disclosure")})
    return (
        f"{kinds['author']} authors, {kinds['history']} dates, {kinds['board']} boards; {reading.n_declarations} "
        f"declarations of interests: {answered} proposed, {reading.n_declarations - answered} not resolved"
    )


def _proposal(reading: Reading, proposal: Proposal) -> dict[str, Any]:
    return {**_item(reading, proposal), "value": _value(proposal.value), "note": proposal.note}


def _unresolved(reading: Reading, item: Unresolved) -> dict[str, Any]:
    return {**_item(reading, item), "reason": item.reason, "candidates": item.candidates}


def _item(reading: Reading, item: Proposal | Unresolved) -> dict[str, Any]:
    place = {"start": item.span.start, "end": item.span.end, "line": reading.line(item.span)}
    return {"kind": item.kind, "declaration": item.declaration, "text": reading.text(item.span), **place}


def _value(value: Value | BaseModel) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_defaults=True)
    return {key: _value(v) if isinstance(v, BaseModel) else v for key, v in _fields(value).items()}


def _fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def _in_words(value: Value) -> str:
    content = _value(value)
    if "disclosure" in content:
        answer = content["disclosure"]
        ties = [f"{tie['category']}: {tie['organization']}" for tie in answer.get("interests", ())]
        return f"{content['author']}: {'; '.join(ties) or 'none'}"
    return ", ".join(f"{key} {_short(str(text), 60)}" for key, text in content.items() if text)


def _short(text: str, limit: int = 160) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= limit else f"{one_line[: limit - 3]}..."
