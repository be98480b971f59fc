"""What every bar of a waterfall or of a swimmer plot is made of."""

from __future__ import annotations

from dataclasses import dataclass

from cohortium.estimators.contract import Factor
from cohortium.estimators.grid import Grid
from cohortium.estimators.individual.axes import Levels, Values

LEAST_CHANGE = -100
"""Percent: nothing can fall further."""


@dataclass(frozen=True)
class WaterfallSpec:
    """A bar is a percent change.

    response  category that colors the bar
    change    numeric column: percent change, -100 or more
    largest   percent at which a larger change is cut off
    """

    response: Factor
    change: str
    largest: int = 100
    by: Factor | None = None
    population: str = "cohort"

    @property
    def axes(self) -> tuple[Levels, Values]:
        """Response; whole percents, with a place for what is larger."""
        grid = Grid(size=self.largest - LEAST_CHANGE + 1, start=float(LEAST_CHANGE))
        return Levels(self.response), Values(self.change, grid, round=True)

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed."""
        return (self.response, self.by) if self.by else (self.response,)

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed."""
        return (self.change,)


@dataclass(frozen=True)
class SwimmerSpec:
    """A bar is a course from the origin to its end.

    response  category that colors the bar
    time      numeric column with the end of follow-up in days
    event     numeric column: 0 when the course goes on, k for the k-th of `ends`
    ends      how a course can end, as printed
    grid      days that a length can be; longer courses go on beyond the last
    first     numeric column with the day of the first response, not known without one; empty for none
    """

    response: Factor
    time: str
    event: str
    ends: tuple[str, ...]
    grid: Grid
    first: str = ""
    by: Factor | None = None
    population: str = "cohort"

    @property
    def axes(self) -> tuple[Levels | Values, ...]:
        """Response, length, end, and first response where there is one."""
        ends = Values(self.event, Grid.whole(len(self.ends)))
        first = (Values(self.first, self.grid, beyond="unknown"),) if self.first else ()
        return (Levels(self.response), Values(self.time, self.grid), ends, *first)

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed."""
        return (self.response, self.by) if self.by else (self.response,)

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed."""
        return (self.time, self.event, *((self.first,) if self.first else ()))


IndividualSpec = WaterfallSpec | SwimmerSpec
