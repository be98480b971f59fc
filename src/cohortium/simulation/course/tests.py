"""Which tests are done at a visit: what is tracked nearly always, the rest with gaps, marrow and imaging seldom."""

from __future__ import annotations

from cohortium.simulation.course.depth import Towards
from cohortium.simulation.course.disease import FLC, LESION, MARROW, SERUM, URINE, Disease
from cohortium.simulation.course.measured import Tests
from cohortium.simulation.draws import Draws
from cohortium.simulation.plan.model import Plan

_NOISE = 0.015
_ENOUGH_VISITS = 4


def tests_at(plan: Plan, towards: Towards, place: int, draws: Draws) -> Tests:
    """The tests of the visit at that place."""
    disease, deep_from = towards.course.disease, towards.deep_from
    day, n_visits = plan.visits[place], len(plan.visits)
    n_before = n_visits if plan.progression is None else n_visits - 2
    is_progression = plan.progression is not None and place >= n_before
    is_first = day == plan.progression
    must = is_progression or place == n_visits - 1 or (deep_from <= place <= deep_from + 2)
    tracked = disease.secretion
    has_gap = [draws.chance(share) for share in (0.02, 0.12, 0.12)]
    return Tests(
        serum=must or not (has_gap[0] if tracked == SERUM else has_gap[1] if tracked in {URINE, FLC} else False),
        urine=must or not (has_gap[1] and tracked in {SERUM, FLC}),
        light_chains=must or tracked == FLC or not has_gap[2],
        marrow=_has_marrow(disease, place, draws, deep_from, is_first=is_progression),
        flow=towards.has_flow,
        imaging=(is_first and towards.is_seen)
        or _has_imaging(disease, place, n_before, draws, is_progression=is_progression),
        new_lesion=is_first and towards.is_seen,
        noise=1 + draws.normal(0, _NOISE),
    )


def _has_marrow(disease: Disease, place: int, draws: Draws, deep_from: int, *, is_first: bool) -> bool:
    by_chance = draws.chance(0.03)
    if disease.secretion == MARROW:
        return place < 3 or place % 2 == 0 or is_first
    return place == deep_from or by_chance


def _has_imaging(disease: Disease, place: int, n_before: int, draws: Draws, *, is_progression: bool) -> bool:
    by_chance = draws.chance(0.04)
    if disease.secretion == LESION:
        return True
    if not disease.lesion:
        return by_chance
    if is_progression:
        return draws.chance(0.4)
    first = 1 if n_before >= _ENOUGH_VISITS else 0
    # What is gone grows back unseen for a while: no image shortly before progression is found.
    return place == first or (place % 3 == 1 and place < n_before - 2)
