"""What Gray's test compares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.estimators.competing.states import StateSpec
from cohortium.estimators.strata import count_strata

if TYPE_CHECKING:
    from cohortium.estimators.contract import Factor
    from cohortium.estimators.grid import Grid


@dataclass(frozen=True)
class GraySpec:
    """What to test.

    time, event  names of numeric columns: follow-up on the grid; 0 censored, 1..K the cause
    causes       the causes as printed, position k - 1 for the number k; each is tested
    by           the groups compared
    strata       factors whose combinations are the strata
    nested       True when no stratum has rows at two sites
    strata_text  how the strata are named in print, e.g. `stratified by institution`
    rho          power of one minus the pooled incidence by which times are weighted
    """

    time: str
    event: str
    grid: Grid
    causes: tuple[str, ...]
    by: Factor
    strata: tuple[Factor, ...] = ()
    nested: bool = False
    strata_text: str = ""
    rho: float = 0.0
    population: str = "cohort"

    @property
    def states(self) -> StateSpec:
        """Where the rows say what is counted."""
        return StateSpec(self.time, self.event, self.grid, len(self.causes), self.by, self.strata)

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed."""
        return self.states.factors

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed."""
        return self.states.numbers

    @property
    def n_strata(self) -> int:
        """Number of declared strata."""
        return count_strata(self.strata)
