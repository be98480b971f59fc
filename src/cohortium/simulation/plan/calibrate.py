"""The search for parameters under which the planned medians are the published ones.

Coordinate descent on the logarithms, in a fixed order with shrinking steps: the same result at every run of a seed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cohortium.simulation.design.model import Design
from cohortium.simulation.plan.aims import Aim, aims_of, times_of
from cohortium.simulation.plan.courses import plans_of
from cohortium.simulation.plan.latent import Parameters, draw_positions, latent_times
from cohortium.simulation.plan.model import Plan, Seat
from cohortium.simulation.plan.schedule import schedule_of

_STEPS = (1.5, 1.2, 1.08, 1.03, 1.01, 1.3, 1.1, 1.03, 1.01, 1.003)
_NOT_REACHED = 9.0
_CLOSE = 0.5


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

    best = _start(design)
    plans = planned(best)
    least = _distance(aims, plans, design.overall.tolerance_months)
    for step in _STEPS:
        for _ in range(3):
            before = least
            for name in best.values:
                for factor in (step, 1 / step):
                    tried = best.changed(name, factor)
                    tried_plans = planned(tried)
                    distance = _distance(aims, tried_plans, design.overall.tolerance_months)
                    if distance < least:
                        best, plans, least = tried, tried_plans, distance
                        break
            tell()
            if least < _CLOSE or least > 0.98 * before:
                break
        if least < _CLOSE:
            break
    return plans


def n_rounds() -> int:
    """The most rounds of a search."""
    return 3 * len(_STEPS)


def _start(design: Design) -> Parameters:
    values = {"enrollment": 1.6, "shape_with": 1.0, "shape_without": 1.1, "tilt_with": 1.3, "tilt_without": 1.0}
    for group in design.group:
        name, days = group.plasmacytoma, group.pfs_months * 30.4375
        values[f"without_response.{name}"] = min(0.4 * days + 15.0, 120.0)
        values[f"with_response.{name}"] = max(2.5 * days, 200.0)
        values[f"after.{name}"] = (
            400.0 if group.os_months is None else max(30.4375 * (group.os_months - group.pfs_months), 60.0)
        )
    return Parameters(values)


def _distance(aims: Sequence[Aim], plans: Sequence[Plan], tolerance_months: float) -> float:
    """Sum of squared misses, each in tolerances; a median that is not reached counts as far off."""
    total = 0.0
    for aim in aims:
        reached = aim.reached(times_of(aim, plans))
        unit = tolerance_months if aim.statistic == "median months" else 0.01
        total += (_NOT_REACHED if reached is None else (reached - aim.target) / unit) ** 2
    return total
