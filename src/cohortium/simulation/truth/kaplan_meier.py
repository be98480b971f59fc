"""Kaplan-Meier estimate of a few hundred patients in plain Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cohortium.simulation.truth.outcome import DAYS_PER_MONTH, Followed


def survival_steps(followed: Sequence[Followed]) -> list[tuple[int, float]]:
    """Day and survival at each day with an event."""
    events = Counter(one.day for one in followed if one.is_event)
    leaving = Counter(one.day for one in followed)
    at_risk, surviving, steps = len(followed), 1.0, []
    for day in sorted(leaving):
        if events[day]:
            surviving *= 1 - events[day] / at_risk
            steps.append((day, surviving))
        at_risk -= leaving[day]
    return steps


def median_months(followed: Sequence[Followed]) -> float | None:
    """The first day on which survival is one half or less, in months; None when it is not reached."""
    return next((day / DAYS_PER_MONTH for day, share in survival_steps(followed) if share <= 0.5 + 1e-12), None)


def survival_at(followed: Sequence[Followed], months: float) -> float:
    """Survival at a number of months."""
    reached = [share for day, share in survival_steps(followed) if day <= months * DAYS_PER_MONTH]
    return reached[-1] if reached else 1.0


def reversed_roles(followed: Sequence[Followed]) -> list[Followed]:
    """Follow-up itself as the event, death as censoring (Schemper and Smith 1996)."""
    return [Followed(one.day, is_event=not one.is_event) for one in followed]
