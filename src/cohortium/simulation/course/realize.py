"""From a planned course to laboratory values that give it.

A tumor burden is drawn towards the plan; the truth of what it reports is worked out; a draw that does not give the planned
response and progression is drawn again. So counts and medians are met, and every category still comes from values.
"""

from __future__ import annotations

from dataclasses import dataclass

from cohortium.errors import UsageError
from cohortium.simulation.course.assessment import Assessment
from cohortium.simulation.course.depth import Towards, course_towards
from cohortium.simulation.course.disease import Disease, disease_of
from cohortium.simulation.course.measured import Course, Tests
from cohortium.simulation.course.tests import tests_at
from cohortium.simulation.draws import Draws
from cohortium.simulation.plan.model import Plan
from cohortium.simulation.truth.confirmation import Truth, truth_of

_MOST_DRAWS = 400
RESPONSES = ("PR", "VGPR", "CR", "sCR")


@dataclass(frozen=True, slots=True)
class Realized:
    """A patient's myeloma over time: the plan, the disease, what was measured, and the truth of it.

    new_therapy   first day of the next therapy; None for none
    """

    plan: Plan
    disease: Disease
    assessments: tuple[Assessment, ...]
    truth: Truth
    new_therapy: int | None


def realize(plan: Plan, seed: int) -> Realized:
    """Laboratory values of a patient whose truth is the plan.

    Raises
        UsageError: no draw gives the plan; the design asks for what the model of the tumor cannot do.
    """
    for attempt in range(_MOST_DRAWS):
        draws = Draws(seed, "course", plan.seat.number, attempt)
        disease = disease_of(plan, draws)
        towards = course_towards(plan, disease, draws, attempt)
        assessments = (*_before(towards.course, draws), *_after(plan, towards, draws))
        new_therapy = _new_therapy(plan, draws)
        truth = truth_of(
            assessments, new_therapy, died_of_progression=plan.death is not None and plan.death_is_progression
        )
        if _is_as_planned(plan, truth):
            return Realized(plan, disease, assessments, truth, new_therapy)
    what = f"simulated patient {plan.seat.number}: no tumor burden gives the planned course"
    raise UsageError(f"{what}; try another --seed, or targets nearer to those of the built-in design")


def _is_as_planned(plan: Plan, truth: Truth) -> bool:
    if truth.progression != plan.progression or (truth.best_confirmed in RESPONSES) != plan.seat.is_responder:
        return False
    return plan.progression is not None or not plan.visits or truth.last_adequate == plan.visits[-1]


def _before(course: Course, draws: Draws) -> list[Assessment]:
    """The baseline; sometimes an older value, which is not the baseline."""
    day, marrow_day, imaging_day = -draws.integer(0, 13), -draws.integer(1, 40), -draws.integer(1, 35)
    rows: list[Assessment] = []
    if draws.chance(0.2):
        rows += course.measure(day - draws.integer(14, 40), Tests(urine=False, noise=draws.uniform(0.5, 0.95)))
    rows += course.measure(day, Tests())
    rows += course.measure(marrow_day, Tests(serum=False, urine=False, light_chains=False, marrow=True))
    rows += course.measure(imaging_day, Tests(serum=False, urine=False, light_chains=False, imaging=True))
    return sorted(rows, key=lambda row: row.day)


def _after(plan: Plan, towards: Towards, draws: Draws) -> list[Assessment]:
    course = towards.course
    rows: list[Assessment] = []
    for place, day in enumerate(plan.visits):
        done = tests_at(plan, towards, place, draws)
        rows += course.measure(day, done)
        if done.serum and course.disease.serum and draws.chance(0.01):
            wrong = round(course.disease.serum * draws.uniform(1.6, 3), 2)
            rows.append(Assessment(day, "serum-m-protein", wrong, is_spurious=True))
    return rows


def _new_therapy(plan: Plan, draws: Draws) -> int | None:
    """Most patients who live on after progression are treated again, after it was seen a second time."""
    start = (plan.second_look or 0) + draws.integer(1, 24)
    wants = draws.chance(0.75)
    return start if plan.second_look is not None and wants and start < plan.last_contact else None
