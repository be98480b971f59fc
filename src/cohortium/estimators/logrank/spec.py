"""What a test of equal survival compares, and how it weights the times."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from cohortium.estimators.strata import count_strata

if TYPE_CHECKING:
    from cohortium.estimators.contract import Factor
    from cohortium.estimators.grid import Grid
    from cohortium.estimators.logrank.weights import TestName


@dataclass(frozen=True)
class LogRankSpec:
    """What to test.

    time, event  names of numeric columns: follow-up on the grid, 1 for an event
    by           the groups compared
    strata       factors whose combinations are the strata
    nested       True when no stratum has rows at two sites
    strata_text  how the strata are named in print, e.g. `stratified by institution`
    entry        numeric column: under observation after this time (left truncation); empty when from the origin
    test         the weights of the times; rho and gamma belong to `fleming-harrington`
    trend        whether a trend over the groups is tested
    scores       one number a group for the trend; empty for 1, 2, 3 ...
    pairwise     whether every pair of groups is compared
    """

    time: str
    event: str
    grid: Grid
    by: Factor
    strata: tuple[Factor, ...] = ()
    nested: bool = False
    strata_text: str = ""
    population: str = "cohort"
    entry: str = ""
    test: TestName = "logrank"
    rho: float = 0.0
    gamma: float = 0.0
    trend: bool = False
    scores: tuple[float, ...] = ()
    pairwise: bool = False

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed."""
        return (self.by, *self.strata)

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed."""
        return tuple(name for name in (self.time, self.event, self.entry) if name)

    @property
    def n_strata(self) -> int:
        """Number of declared strata."""
        return count_strata(self.strata)

    @property
    def trend_scores(self) -> tuple[float, ...]:
        """The score of every group."""
        return self.scores or tuple(float(g + 1) for g in range(len(self.by)))

    @property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """Positions of the groups of every pair that is compared."""
        return tuple(combinations(range(len(self.by)), 2)) if self.pairwise else ()
