"""How an estimate says who was left out."""

from __future__ import annotations


def left_out(*counted: tuple[int, str], what: str = "patient") -> str:
    """`1 patient left out: institution not known; 2 patients left out: ...`, without reasons that nobody has.

    what   who or what is counted
    """
    return "; ".join(
        f"{count} {what if count == 1 else f'{what}s'} left out: {reason}" for count, reason in counted if count
    )
