"""From latent times to the course that is seen: what comes first, up to the last contact."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Sequence

from cohortium.simulation.design.model import AboutDesign
from cohortium.simulation.plan.latent import Latent, Parameters, Positions
from cohortium.simulation.plan.model import Plan, Seat
from cohortium.simulation.plan.schedule import FIRST_RESPONSE_DAYS
from cohortium.simulation.truth.outcome import Followed

_SHARE_LOST = 0.06
_LONGEST_LAG_DAYS = 35
_SECOND_LOOK_DAYS = 14
_SHARE_EARLY_DEATH_FROM_MYELOMA = 0.3


def plans_of(
    about: AboutDesign,
    seats: Sequence[Seat],
    positions: Positions,
    schedules: Sequence[tuple[int, ...]],
    latent: Sequence[Latent],
    parameters: Parameters,
) -> list[Plan]:
    """The planned course of every patient."""
    return [
        _plan(about, seat, position, positions, schedule, times, parameters["enrollment"])
        for position, (seat, schedule, times) in enumerate(zip(seats, schedules, latent, strict=True))
    ]


def _plan(
    about: AboutDesign,
    seat: Seat,
    position: int,
    positions: Positions,
    schedule: tuple[int, ...],
    times: Latent,
    enrollment: float,
) -> Plan:
    possible_days, contact = _follow_up(about, seat, position, positions, enrollment)
    progression = _seen_progression(times, contact)
    second_look = None
    if progression is None:
        death = times.other_death if times.other_death <= contact else None
    else:
        death = times.death if times.death <= contact else None
        alive_until = contact if death is None else death - 1
        second_look = min(progression + _SECOND_LOOK_DAYS - seat.number % 6, alive_until)
    last = contact if death is None else death
    share = positions.survival[position]
    return Plan(
        seat=seat,
        first_dose=about.data_cutoff - dt.timedelta(days=possible_days),
        schedule=schedule,
        progression=progression,
        second_look=second_look,
        death=death,
        death_is_progression=progression is not None or share < _SHARE_EARLY_DEATH_FROM_MYELOMA,
        last_contact=last,
        rank=times.rank,
        chance=positions.lag[position],
    )


def _follow_up(
    about: AboutDesign, seat: Seat, position: int, positions: Positions, enrollment: float
) -> tuple[int, int]:
    """Days from the first dose to the data cut-off, and to the last contact if the patient lives."""
    least = (about.data_cutoff - about.first_dose_to).days
    most = (about.data_cutoff - about.first_dose_from).days
    possible_days = least + round((most - least) * positions.enrollment[position] ** enrollment)
    if positions.lost[position] < _SHARE_LOST:
        earliest = FIRST_RESPONSE_DAYS + 10 if seat.is_responder else 20
        return possible_days, earliest + int((possible_days - earliest) * positions.lag[position])
    return possible_days, possible_days - int(_LONGEST_LAG_DAYS * positions.lag[position])


def _seen_progression(times: Latent, contact: int) -> int | None:
    """The day of progression when it comes first and there is time to see it a second time."""
    is_first = times.progression < times.other_death and times.progression + 2 <= contact
    return times.progression if is_first else None


def progression_free(plan: Plan) -> Followed:
    """Progression-free survival as planned: the last assessment where nothing happened."""
    if plan.progression is not None:
        return Followed(plan.progression, is_event=True)
    if plan.death is not None:
        return Followed(plan.death, is_event=True)
    n_visits = bisect_right(plan.schedule, plan.last_visit_day)
    return Followed(plan.schedule[n_visits - 1] if n_visits else 0, is_event=False)


def alive(plan: Plan) -> Followed:
    """Overall survival as planned."""
    return Followed(plan.last_contact, is_event=plan.death is not None)
