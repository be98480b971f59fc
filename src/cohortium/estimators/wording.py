"""How an estimate says who was left out."""

from __future__ import annotations


def left_out(*counted: tuple[int, str]) -> str:
    """`1 patient left out: institution not known; 2 patients left out: ...`, without reasons that nobody has."""
    return "; ".join(
        f"{count} {'patient' if count == 1 else 'patients'} left out: {reason}" for count, reason in counted if count
    )
