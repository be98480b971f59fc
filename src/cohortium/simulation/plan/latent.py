"""Latent times of each patient, from stratified uniform numbers and a few parameters that are calibrated.

Within a part (group and response) the times to progression are the quantiles of a Weibull distribution, each used once, so that
there is no sampling error; which patient gets which quantile is partly decided by prior BCMA-directed therapy.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cohortium.simulation.draws import Draws, normal_quantile
from cohortium.simulation.plan.model import Seat
from cohortium.simulation.plan.schedule import FIRST_RESPONSE_DAYS

FIRST_PROGRESSION_DAY = 12
_EARLY_DEATH_DAYS = 2400.0


@dataclass(frozen=True, slots=True)
class Positions:
    """Uniform numbers of a patient, each spread evenly over the patient's part.

    tie       standard normal: decides the order of patients before prior therapy does
    """

    progression: Sequence[float]
    tie: Sequence[float]
    survival: Sequence[float]
    other_death: Sequence[float]
    enrollment: Sequence[float]
    lag: Sequence[float]
    lost: Sequence[float]


def draw_positions(seats: Sequence[Seat], seed: int) -> Positions:
    """Positions of all patients; within a part the quantiles of progression stand in rising order."""
    n = len(seats)
    columns: dict[str, list[float]] = {}
    for name in ("progression", "tie", "survival", "other_death", "enrollment", "lag", "lost"):
        draws = Draws(seed, "positions", name)
        column = [0.0] * n
        for members in parts_of(seats).values():
            spread = sorted(draws.spread(len(members))) if name == "progression" else draws.spread(len(members))
            for member, value in zip(members, spread, strict=True):
                column[member] = normal_quantile(value) if name == "tie" else value
        columns[name] = column
    return Positions(**columns)


def parts_of(seats: Sequence[Seat]) -> Mapping[tuple[str, bool, bool], list[int]]:
    """Positions of the patients of each group by response; those of extra sites apart."""
    parts: dict[tuple[str, bool, bool], list[int]] = {}
    for position, seat in enumerate(seats):
        parts.setdefault((seat.plasmacytoma, seat.is_responder, seat.is_extra), []).append(position)
    return parts


@dataclass(frozen=True, slots=True)
class Parameters:
    """What is calibrated, by name: all positive.

    without_response.<group>   scale of the time to progression without response, days
    with_response.<group>      the same of responders, after the first response
    after.<group>              mean survival after progression, days
    shape_with, shape_without  shapes of the two distributions
    tilt_with, tilt_without    how strongly prior therapy goes with early progression; 1 for not at all
    enrollment                 exponent by which the first doses gather towards the end
    """

    values: Mapping[str, float]

    def __getitem__(self, name: str) -> float:
        return self.values[name]

    def changed(self, name: str, factor: float) -> Parameters:
        """The same with one parameter multiplied."""
        return Parameters({**self.values, name: self.values[name] * factor})


@dataclass(frozen=True, slots=True)
class Latent:
    """Days at which things would happen to a patient, whatever comes first; rank of progression in its part."""

    progression: int
    death: int
    other_death: int
    rank: float


def latent_times(seats: Sequence[Seat], positions: Positions, parameters: Parameters) -> list[Latent]:
    """Latent times of all patients."""
    times: list[Latent | None] = [None] * len(seats)
    for (group, responds, _), members in parts_of(seats).items():
        tilt = math.log(parameters["tilt_with" if responds else "tilt_without"])
        ordered = sorted(members, key=lambda member: _order(seats[member], positions.tie[member], tilt))
        for member, slot in zip(ordered, members, strict=True):
            rank = positions.progression[slot]
            progression = _progression(group, rank, parameters, responds=responds)
            after = -math.log(1 - positions.survival[member]) * parameters[f"after.{group}"]
            after *= 1.6 if responds else 1.0
            other = -math.log(1 - positions.other_death[member]) * _EARLY_DEATH_DAYS
            earliest = FIRST_RESPONSE_DAYS + 5 if responds else 5
            times[member] = Latent(progression, progression + 3 + round(after), earliest + round(other), rank)
    return [time for time in times if time is not None]


def _order(seat: Seat, tie: float, tilt: float) -> float:
    return tie - (tilt if seat.has_prior_bcma else 0.0)


def _progression(group: str, rank: float, parameters: Parameters, *, responds: bool) -> int:
    weibull = -math.log(1 - rank)
    if responds:
        scale = parameters[f"with_response.{group}"]
        return FIRST_RESPONSE_DAYS + 2 + int(0.5 + scale * weibull ** (1 / parameters["shape_with"]))
    scale = parameters[f"without_response.{group}"]
    return FIRST_PROGRESSION_DAY + int(0.5 + scale * weibull ** (1 / parameters["shape_without"]))
