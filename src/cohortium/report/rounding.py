"""The note on percentages that add up to 100 and are not printed so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from cohortium.report.formats import rounded

NOTE = "Percentages may not total 100 because of rounding."
_SLACK = 1e-6


def rounding_notes(parts: Iterable[Sequence[float | None]], decimals: int) -> tuple[str, ...]:
    """The note where it is needed, else nothing.

    parts     percentages, 0 to 100, of the parts of each whole; a whole that is not all there needs no note
    decimals  that they are printed with

    Example: `rounding_notes([[100 / 3, 100 / 3, 100 / 3]], 0)`
    """
    return (NOTE,) if any(_is_off(whole, decimals) for whole in parts) else ()


def _is_off(whole: Sequence[float | None], decimals: int) -> bool:
    known = [part for part in whole if part is not None]
    if abs(sum(known) - 100) > _SLACK:
        return False
    return sum((rounded(part, decimals) for part in known), Decimal()) != 100
