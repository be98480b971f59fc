"""How deep the burden falls, and when it rises again, so that the planned category and day come about."""

from __future__ import annotations

import math
from dataclasses import dataclass

from cohortium.simulation.course.burden import burden_through
from cohortium.simulation.course.disease import FLC, LESION, MARROW, NONE, SERUM_URINE, URINE, Disease
from cohortium.simulation.course.measured import Course
from cohortium.simulation.draws import Draws
from cohortium.simulation.plan.model import Plan

_NEVER_DEEP = 10_000
_SEEN = {"emd": 0.5, "psk": 0.3, "none": 0.08}
_PATIENCE = 30


@dataclass(frozen=True, slots=True)
class Towards:
    """A course that aims at a plan.

    is_seen    progression is a new lesion on imaging
    deep_from  place of the visit from which a complete response is to be seen; beyond the last for none
    has_flow   the marrow is examined by flow then
    """

    course: Course
    is_seen: bool
    deep_from: int
    has_flow: bool


def course_towards(plan: Plan, disease: Disease, draws: Draws, attempt: int) -> Towards:
    """A course that aims at the plan; after many attempts at categories that are easier to reach."""
    before = [day for day in plan.visits if plan.progression is None or day < plan.progression]
    aim = _aim(plan, disease, len(before), draws, is_late=attempt > _PATIENCE)
    is_seen = disease.secretion == NONE or (disease.secretion != LESION and draws.chance(_SEEN[plan.seat.plasmacytoma]))
    is_deep = aim in {"CR", "sCR"}
    deep_from = draws.integer(1, max(len(before) - 3, 1)) if is_deep else _NEVER_DEEP
    deep_from = min(deep_from, 6) if is_deep else deep_from
    depth = _depth(aim, disease, draws)
    power = _urine_power(aim, disease, depth)
    by = (
        before[min(deep_from if is_deep else draws.integer(0, 1 if len(before) > 2 else 0), len(before) - 1)]
        if before
        else 20
    )
    kill = max(math.log(1 / max(depth, 1e-6)) / by * draws.uniform(1.05, 1.4), 0.02)
    crossing = _crossing(plan, before, draws, is_seen=is_seen)
    threshold = _threshold(disease, depth, power)
    course = Course(disease, burden_through(depth, kill, crossing, threshold), power)
    return Towards(course, is_seen, deep_from, has_flow=aim == "sCR")


def _aim(plan: Plan, disease: Disease, n_before: int, draws: Draws, *, is_late: bool) -> str:
    if not plan.seat.is_responder:
        can_be_minor = n_before > 1 and not disease.lesion and disease.secretion not in {FLC, MARROW, LESION, NONE}
        weights = {"SD": 0.6, "MR": 0.4} if can_be_minor and not is_late else {"SD": 1.0}
        return draws.pick(weights) if n_before else "PD"
    if disease.secretion in {MARROW, LESION}:
        return "PR"
    if n_before < 4 or is_late:
        return draws.pick({"PR": 0.45, "VGPR": 0.55})
    return draws.pick({"PR": 0.12, "VGPR": 0.38, "CR": 0.27, "sCR": 0.23})


def _depth(aim: str, disease: Disease, draws: Draws) -> float:
    """The lowest share of the burden."""
    if aim in {"CR", "sCR"}:
        return math.exp(draws.uniform(-12.5, -8.6)) if aim == "sCR" else 0.0004
    if aim == "VGPR":
        least = 95 / disease.urine if disease.urine else 1.0
        return min(0.085, least) * draws.uniform(0.35, 0.9)
    if aim == "PR":
        if disease.secretion == URINE:
            return draws.uniform(120, 185) / disease.urine
        return draws.uniform(0.16, 0.42)
    return {"MR": draws.uniform(0.56, 0.7), "SD": draws.uniform(0.8, 0.96), "PD": 1.0}[aim]


def _urine_power(aim: str, disease: Disease, depth: float) -> float:
    """Where both are tracked, urine falls further than serum, as partial response asks."""
    if disease.secretion != SERUM_URINE or aim not in {"PR", "MR"}:
        return 1.0
    wanted = 150 / disease.urine if aim == "PR" else 0.35
    return max(math.log(min(wanted, 0.9)) / math.log(depth), 1.0)


def _crossing(plan: Plan, before: list[int], draws: Draws, *, is_seen: bool) -> float:
    """The day on which the tracked marker reaches progression."""
    if plan.progression is None:
        return (before[-1] if before else 30) + draws.uniform(60, 600)
    if is_seen:
        return plan.progression + draws.uniform(25, 90)
    last = before[-1] if before else 0
    return last + (plan.progression - last) * draws.uniform(0.4, 0.85)


def _threshold(disease: Disease, depth: float, power: float) -> float:
    """The burden at which the first tracked marker is progressive, counted from the deepest point."""
    relative = 1.25 * depth
    reached = [1.5 * depth] if disease.secretion == LESION else []
    if disease.serum:
        reached.append(max(relative, depth + 0.5 / disease.serum))
    if disease.urine:
        low = depth**power
        reached.append(max(1.25 * low, low + 200 / disease.urine) ** (1 / power))
    if disease.secretion == FLC:
        reached.append(max(relative, depth + 10.1 / disease.involved))
    if disease.secretion == MARROW:
        reached.append(max(relative, depth + 10.5 / disease.marrow))
    return min(reached, default=relative + 0.2) * 1.02
