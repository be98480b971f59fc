"""What an analysis of cumulative incidence is asked to estimate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.estimators.competing.states import StateSpec

if TYPE_CHECKING:
    from cohortium.estimators.competing.incidence.aalen_johansen import Variance
    from cohortium.estimators.contract import Factor
    from cohortium.estimators.grid import Grid
    from cohortium.estimators.kaplan_meier import Interval


@dataclass(frozen=True)
class IncidenceSpec:
    """What to estimate.

    time, event  names of numeric columns: follow-up on the grid; 0 censored, 1..K the cause
    causes       the causes as printed, position k - 1 for the number k
    by           groups; None for one group
    interval     transformation of the limits of a cumulative incidence
    variance     `greenwood` (multinomial, the infinitesimal jackknife) or `aalen`
    at           times at which the cumulative incidences are tabulated, with their labels
    entry        numeric column: under observation after this time (left truncation); empty when from the origin
    """

    time: str
    event: str
    grid: Grid
    causes: tuple[str, ...]
    by: Factor | None = None
    interval: Interval = "log-log"
    variance: Variance = "greenwood"
    confidence: float = 0.95
    at: tuple[tuple[float, str], ...] = ()
    population: str = "cohort"
    entry: str = ""

    @property
    def states(self) -> StateSpec:
        """Where the rows say what is counted."""
        return StateSpec(self.time, self.event, self.grid, len(self.causes), self.by, (), self.entry)

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed."""
        return self.states.factors

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed."""
        return self.states.numbers

    @property
    def labels(self) -> tuple[str, ...]:
        """Groups as printed; one empty label when there are no groups."""
        return self.by.labels if self.by else ("",)
