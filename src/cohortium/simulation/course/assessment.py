"""An assessment as a row of the tidy table, before a site writes it its own way."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Assessment:
    """One measured quantity on a day.

    value      in the quantity's own unit, as a decimal with the digits that are reported; None where the result is in words
    lower, upper   limits of normal in the same unit
    """

    day: int
    quantity: str
    value: float | None = None
    result: str = ""
    method: str = ""
    lower: float | None = None
    upper: float | None = None
    is_spurious: bool = False
