"""Days of assessments: about every four weeks, with jitter and missed visits, more often at first."""

from __future__ import annotations

from cohortium.simulation.draws import Draws

HORIZON_DAYS = 1500
FIRST_RESPONSE_DAYS = 80
"""A responder is assessed at least twice before this day."""
_INTERVAL = 28
_MISSED = 0.07
_FIRST_KEPT = 2


def schedule_of(seed: int, number: int) -> tuple[int, ...]:
    """Days on which a patient would be assessed if nothing happened."""
    draws = Draws(seed, "visits", number)
    days: list[int] = []
    cycle = 1
    while not days or days[-1] < HORIZON_DAYS:
        day = _INTERVAL * cycle - draws.integer(-5, 5) - (3 if cycle == 1 else 0)
        is_missed = draws.chance(_MISSED)
        if cycle <= _FIRST_KEPT or not is_missed:
            days.append(day)
        cycle += 1 if cycle < 12 else 2
    return tuple(days)
