"""A simulated patient before anything is simulated: the group's part, and the course that is planned."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from dataclasses import dataclass

from cohortium.simulation.design.model import Plasmacytoma
from cohortium.simulation.draws import normal_quantile

_SHORTEST_INTERVAL = 8


@dataclass(frozen=True, slots=True)
class Seat:
    """A place in the consortium that a patient fills.

    number          from 1, over all sites
    site            id of the site
    prior_kind      kind of prior BCMA-directed therapy; empty for none
    is_extra        beyond the groups' counts, at a site that the gate excludes
    """

    number: int
    site: str
    plasmacytoma: Plasmacytoma
    prior_kind: str
    is_responder: bool
    is_extra: bool = False

    @property
    def has_prior_bcma(self) -> bool:
        """Whether any BCMA-directed therapy came before."""
        return bool(self.prior_kind)


@dataclass(frozen=True, slots=True)
class Plan:
    """The course of a patient as it is to be; days count from the first dose.

    schedule        days on which the patient would be assessed if nothing happened
    progression     the visit at which progression is first seen; None for none
    second_look     the visit at which it is seen again
    death           day of death; None for alive at last contact
    death_is_progression   the myeloma caused the death
    last_contact    last day on which the patient is known alive, or the day of death
    rank, chance    rank of the progression among the patients of the group with or without response; a uniform number
    """

    seat: Seat
    first_dose: dt.date
    schedule: tuple[int, ...]
    progression: int | None
    second_look: int | None
    death: int | None
    death_is_progression: bool
    last_contact: int
    rank: float
    chance: float

    @property
    def risk(self) -> float:
        """Standard normal: higher for the patients whose course is worse, given their group."""
        return -0.6 * normal_quantile(self.rank) + 0.8 * normal_quantile(self.chance)

    @property
    def visits(self) -> tuple[int, ...]:
        """Days of the assessments that take place, in order."""
        if self.progression is None or self.second_look is None:
            return self.schedule[: bisect_right(self.schedule, self.last_visit_day)]
        before = self.schedule[: bisect_right(self.schedule, self.progression - _SHORTEST_INTERVAL)]
        return (*before, self.progression, self.second_look)

    @property
    def last_visit_day(self) -> int:
        """Last day on which an assessment may take place."""
        return self.last_contact if self.death is None else self.death - 1
