"""Rows of the tidy tables before a site writes them: texts, numbers, dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from cohortium.simulation.course.assessment import Assessment
from cohortium.simulation.course.realize import Realized

Cell: TypeAlias = str | float | int | dt.date | None
Row: TypeAlias = Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Chart:
    """All that is known of a patient.

    key           study code
    patient       the row of `patients`
    assessments   laboratory values and images, in order of days
    truth         what derivations are to find, by name
    """

    key: str
    realized: Realized
    patient: Row = field(repr=False)
    therapies: tuple[Row, ...] = field(repr=False)
    assessments: tuple[Assessment, ...] = field(repr=False)
    events: tuple[Row, ...] = field(repr=False)
    responses: tuple[Row, ...] = field(repr=False)
    truth: Mapping[str, Cell] = field(repr=False)

    @property
    def site(self) -> str:
        """Id of the site."""
        return self.realized.plan.seat.site


def date_on(realized: Realized, day: int | None) -> dt.date | None:
    """The date of a day from the first dose."""
    return None if day is None else realized.plan.first_dose + dt.timedelta(days=day)
