"""Confirmation by the next evaluable assessment, visit by visit (the pairwise table of admiralonco's IMWG vignette)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cohortium.simulation.course.assessment import Assessment
from cohortium.simulation.truth.level import MR, NAMES, NE, PD, SCR, SD, level_of
from cohortium.simulation.truth.progression import SEEN, progression_of
from cohortium.simulation.truth.reading import baseline_of, readings_of
from cohortium.simulation.truth.track import start_of

_BEST_FIRST = ("sCR", "CR", "VGPR", "PR", "MR", "SD", "PD", "NE")


@dataclass(frozen=True, slots=True)
class Visit:
    """The truth of a visit: the category derived there, and the best confirmed up to it."""

    day: int
    response: str
    confirmed: str
    basis: str


@dataclass(frozen=True, slots=True)
class Truth:
    """The truth of a patient.

    visits          up to the first confirmed progression, before new therapy
    best_confirmed, best_reported   `NE` where nothing could be judged, empty where nothing was assessed
    progression     first day of the first confirmed progression
    last_adequate   last visit at which response could be judged; None for none
    """

    track: str
    visits: tuple[Visit, ...]
    best_confirmed: str
    best_reported: str
    first_response: int | None
    progression: int | None
    last_adequate: int | None


def truth_of(
    assessments: Sequence[Assessment], new_therapy: int | None = None, *, died_of_progression: bool = False
) -> Truth:
    """Response, confirmation and progression of a patient from the assessments as reported."""
    readings = readings_of(assessments)
    start = start_of(baseline_of(readings))
    after = [reading for reading in readings if reading.day > 0]
    days = [reading.day for reading in after]
    bases = [progression_of(start, after[: place + 1]) or "" for place in range(len(after))]
    levels = [PD if bases[place] else level_of(start, after[: place + 1]) for place in range(len(after))]
    pairs = [
        _confirmed(levels, days, bases, place, new_therapy, died=died_of_progression) for place in range(len(after))
    ]
    visits, best = [], NE
    for place, day in enumerate(days):
        if new_therapy is not None and day >= new_therapy:
            break
        best = max(best, pairs[place])
        visits.append(Visit(day, NAMES[levels[place]], NAMES[best], bases[place]))
        if best == PD:
            break
    return _summary(start.track, visits)


def _confirmed(
    levels: Sequence[int], days: Sequence[int], bases: Sequence[str], place: int, new_therapy: int | None, *, died: bool
) -> int:
    level = levels[place]
    following = next((other for other in range(place + 1, len(levels)) if levels[other] != NE), None)
    next_level = NE if following is None else levels[following]
    if level == PD:
        by_death = died and (following is None or next_level == PD)
        return PD if bases[place] == SEEN or by_death or next_level == PD else NE
    if MR <= level <= SCR:
        is_in_time = following is not None and (new_therapy is None or days[following] <= new_therapy)
        return min(level, next_level) if is_in_time and SD <= next_level <= SCR else SD
    return level


def _summary(track: str, visits: Sequence[Visit]) -> Truth:
    own = [NAMES.index(visit.confirmed) for visit in visits]
    before_progression = [level for level in own if level != PD]
    best = (
        NAMES[max(before_progression)]
        if before_progression and max(before_progression) > NE
        else "PD"
        if PD in own
        else "NE"
    )
    if not visits:
        best = ""
    reported = [visit.response for visit in visits]
    return Truth(
        track=track,
        visits=tuple(visits),
        best_confirmed=best,
        best_reported=next((name for name in _BEST_FIRST if name in reported), ""),
        first_response=next((visit.day for visit in visits if visit.confirmed in {"PR", "VGPR", "CR", "sCR"}), None),
        progression=next((visit.day for visit in visits if visit.confirmed == "PD"), None),
        last_adequate=next((visit.day for visit in reversed(visits) if visit.response != "NE"), None),
    )
