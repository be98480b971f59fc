"""Which adverse events are counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.estimators.baseline.spec import BaselineSpec, Number

if TYPE_CHECKING:
    from cohortium.estimators.contract import Factor


@dataclass(frozen=True)
class Event:
    """An event: the category of its worst grade (codes among 0 to 5), and numbers of days in patients who had it."""

    grade: Factor
    days: tuple[Number, ...] = ()

    @property
    def levels(self) -> tuple[int, ...]:
        """The grades that the codes stand for, in order."""
        return tuple(int(code) for code in self.grade.codes)


@dataclass(frozen=True)
class AdverseEventsSpec:
    """Events in order, by the levels of a factor and, if asked, of all patients together."""

    events: tuple[Event, ...]
    by: Factor | None = None
    overall: bool = True
    population: str = "cohort"

    @property
    def counted(self) -> BaselineSpec:
        """The baseline table that has the same counts."""
        variables: list[Factor | Number] = []
        for event in self.events:
            variables += (event.grade, *event.days)
        return BaselineSpec(tuple(variables), self.by, self.overall, self.population)

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed."""
        return self.counted.factors

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed."""
        return self.counted.numbers
