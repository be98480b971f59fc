"""The medians that a design asks for, and how each is taken from plans."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cohortium.simulation.design.model import Design
from cohortium.simulation.plan.courses import alive, progression_free
from cohortium.simulation.plan.model import Plan, Seat
from cohortium.simulation.truth.kaplan_meier import median_months, reversed_roles, survival_at
from cohortium.simulation.truth.outcome import Followed

GROUP_LABELS = {"emd": "true EMD", "psk": "PSK", "none": "none"}

TOLERANCE_SHARE = 0.01
_NOT_REACHED = 0.51
_FAR_OFF = 9.0


@dataclass(frozen=True, slots=True)
class Aim:
    """A target over some patients.

    statistic   `median months`, `share at 12 months`, or `lowest share`, which is to stay above the target: the median is
                then not reached
    endpoint    `pfs`, `os` or `follow-up`
    """

    group: str
    endpoint: str
    statistic: str
    target: float
    takes: Callable[[Seat], bool]

    def reached(self, times: Sequence[Followed]) -> float | None:
        """The statistic of the times; None where a median is not reached."""
        if self.statistic == "median months":
            return median_months(times)
        return survival_at(times, 12 if self.statistic == "share at 12 months" else math.inf)

    def miss(self, times: Sequence[Followed], tolerance_months: float) -> float:
        """How far off, in tolerances; a median that is not reached counts as far off."""
        reached = self.reached(times)
        if reached is None:
            return _FAR_OFF
        if self.statistic == "lowest share":
            return max(0.0, self.target - reached) / TOLERANCE_SHARE
        return abs(reached - self.target) / (tolerance_months if self.statistic == "median months" else TOLERANCE_SHARE)


def aims_of(design: Design) -> tuple[Aim, ...]:
    """Every median and survival that the design asks for."""
    aims = []
    for group in design.group:
        takes = _in_group(group.plasmacytoma)
        label = GROUP_LABELS[group.plasmacytoma]
        aims.append(Aim(label, "pfs", "median months", group.pfs_months, takes))
        if group.os_months is not None:
            aims.append(Aim(label, "os", "median months", group.os_months, takes))
        if group.os_at_12_months is not None:
            aims.append(Aim(label, "os", "share at 12 months", group.os_at_12_months, takes))
            aims.append(Aim(label, "os", "lowest share", _NOT_REACHED, takes))
    overall = design.overall
    by_prior = (
        (True, "prior BCMA", overall.pfs_months_prior_bcma),
        (False, "no prior BCMA", overall.pfs_months_no_prior_bcma),
    )
    for has_prior, label, months in by_prior:
        if months is not None:
            aims.append(Aim(label, "pfs", "median months", months, _with_prior(has_prior=has_prior)))
    aims.append(Aim("all", "follow-up", "median months", overall.follow_up_months, lambda _: True))
    return tuple(aims)


def times_of(aim: Aim, plans: Sequence[Plan]) -> list[Followed]:
    """The follow-up of the aim's patients, for its endpoint."""
    take = progression_free if aim.endpoint == "pfs" else alive
    times = [take(plan) for plan in plans if not plan.seat.is_extra and aim.takes(plan.seat)]
    return reversed_roles(times) if aim.endpoint == "follow-up" else times


def _in_group(group: str) -> Callable[[Seat], bool]:
    return lambda seat: seat.plasmacytoma == group


def _with_prior(*, has_prior: bool) -> Callable[[Seat], bool]:
    return lambda seat: seat.has_prior_bcma == has_prior
