"""A follow-up: how many days, and whether it ended with the event."""

from __future__ import annotations

from dataclasses import dataclass

DAYS_PER_MONTH = 30.4375


@dataclass(frozen=True, slots=True)
class Followed:
    """Days from the first dose, and whether they ended with the event."""

    day: int
    is_event: bool
