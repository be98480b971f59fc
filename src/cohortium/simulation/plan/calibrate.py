"""The search for parameters under which the planned medians are the published ones.

Coordinate descent on the logarithms, in a fixed order with shrinking steps, from another start where the first leads
to no good end: the same result at every run of a seed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cohortium.simulation.design.model import Design
from cohortium.simulation.plan.aims import Aim, aims_of, times_of
from cohortium.simulation.plan.courses import plans_of
from cohortium.simulation.plan.latent import Parameters, draw_positions, latent_times
from cohortium.simulation.plan.model import Plan, Seat
from cohortium.simulation.plan.schedule import schedule_of

_STEPS = (1.5, 1.2, 1.08, 1.03, 1.01, 1.3, 1.1, 1.03, 1.01, 1.003)
_ROUNDS_A_STEP = 3
_CLOSE = 0.5
"""A search ends when the sum of squared misses is below this."""
_TILTS = ((1.3, 1.6), (2.2, 2.0), (0.8, 1.2), (3.0, 1.6))
"""Starts of the search, tried until one meets every target: how prior therapy goes with early progression, and how first doses gather towards the end."""
_PLAUSIBLE = {
    "shape_with": (0.8, 1.6), "shape_without": (0.8, 1.8), "tilt_with": (0.3, 8.0), "tilt_without": (0.2, 8.0),
    "without_response.emd": (12.0, 60.0), "without_response.psk": (25.0, 130.0), "without_response.none": (25.0, 130.0),
}  # fmt: skip
"""Limits of parameters that the medians alone leave free, so that curves look like those of patients."""


def calibrated_plans(design: Design, seats: Sequence[Seat], seed: int, tell: Callable[[], None]) -> list[Plan]:
    """The planned course of every patient, with medians as near to the targets as the search comes.

    tell   called after each round of the search
    """
    positions = draw_positions(seats, seed)
    schedules = [schedule_of(seed, seat.number) for seat in seats]
    aims = aims_of(design)

    def planned(parameters: Parameters) -> list[Plan]:
        latent = latent_times(seats, positions, parameters)
        return plans_of(design.design, seats, positions, schedules, latent, parameters)

    def missed(plans: Sequence[Plan]) -> float:
        return _distance(aims, plans, design.overall.tolerance_months)

    found: list[_Tried] = []
    for start in _starts(design):
        found.append(_descend(start, planned, missed, tell))
        if all(aim.miss(times_of(aim, found[-1].plans), design.overall.tolerance_months) <= 1 for aim in aims):
            break
    return min(found, key=lambda one: one.missed).plans


@dataclass(frozen=True, slots=True)
class _Tried:
    parameters: Parameters
    plans: list[Plan]
    missed: float


def _descend(
    start: Parameters,
    planned: Callable[[Parameters], list[Plan]],
    missed: Callable[[Sequence[Plan]], float],
    tell: Callable[[], None],
) -> _Tried:
    """Step along each parameter in turn while it helps."""
    plans = planned(start)
    best = _Tried(start, plans, missed(plans))
    for step in _STEPS:
        for _ in range(_ROUNDS_A_STEP):
            before = best.missed
            for name in start.values:
                best = _step(best, name, step, planned, missed)
            tell()
            if best.missed < _CLOSE:
                return best
            if best.missed > 0.98 * before:
                break
    return best


def _step(
    best: _Tried,
    name: str,
    step: float,
    planned: Callable[[Parameters], list[Plan]],
    missed: Callable[[Sequence[Plan]], float],
) -> _Tried:
    for factor in (step, 1 / step):
        tried = best.parameters.changed(name, factor)
        if _is_plausible(name, tried[name]):
            plans = planned(tried)
            if (distance := missed(plans)) < best.missed:
                return _Tried(tried, plans, distance)
    return best


def _is_plausible(name: str, value: float) -> bool:
    low, high = _PLAUSIBLE.get(name, (0.0, math.inf))
    return low <= value <= high


def n_rounds() -> int:
    """The most rounds of a search."""
    return len(_TILTS) * _ROUNDS_A_STEP * len(_STEPS)


def _starts(design: Design) -> list[Parameters]:
    return [_start(design, tilt, enrollment) for tilt, enrollment in _TILTS]


def _start(design: Design, tilt: float, enrollment: float) -> Parameters:
    values = {
        "enrollment": enrollment, "shape_with": 1.0, "shape_without": 1.1, "tilt_with": tilt, "tilt_without": 1.0,
    }  # fmt: skip
    for group in design.group:
        name, days = group.plasmacytoma, group.pfs_months * 30.4375
        values[f"without_response.{name}"] = min(0.4 * days + 15.0, 120.0)
        values[f"with_response.{name}"] = max(2.5 * days, 200.0)
        values[f"after.{name}"] = (
            400.0 if group.os_months is None else max(30.4375 * (group.os_months - group.pfs_months), 60.0)
        )
    return Parameters(values)


def _distance(aims: Sequence[Aim], plans: Sequence[Plan], tolerance_months: float) -> float:
    """Sum of squared misses, each in tolerances."""
    return sum(aim.miss(times_of(aim, plans), tolerance_months) ** 2 for aim in aims)
