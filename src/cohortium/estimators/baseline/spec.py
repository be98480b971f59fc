"""What a baseline table describes and compares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from cohortium.estimators.contract import Factor

if TYPE_CHECKING:
    from cohortium.estimators.grid import Grid

NumberTest = Literal["rank", "mean", "welch"]
QuantileType = Literal["type-7", "type-2"]


@dataclass(frozen=True)
class Number:
    """A numeric variable: name, declared values, unit, decimals to print."""

    name: str
    grid: Grid
    unit: str = ""
    decimals: int = 1


@dataclass(frozen=True)
class BaselineSpec:
    """What to describe: variables in order, by the levels of a factor and, if asked, overall.

    tests          whether the groups are compared, each variable by one test
    number_test    numbers: `rank` (Wilcoxon, Kruskal-Wallis), `mean` (t, analysis of variance) or `welch`
    trend          categories that are compared by a test for trend over their declared order
    differences    whether standardized mean differences are given
    quantile_type  quartiles by Hyndman and Fan's definition 7 (R) or 2 (SAS)
    """

    variables: tuple[Factor | Number, ...]
    by: Factor | None = None
    overall: bool = True
    population: str = "cohort"
    tests: bool = False
    number_test: NumberTest = "rank"
    trend: tuple[str, ...] = ()
    differences: bool = False
    quantile_type: QuantileType = "type-7"

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed."""
        chosen = [variable for variable in self.variables if isinstance(variable, Factor)]
        return (*chosen, self.by) if self.by else tuple(chosen)

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed."""
        return tuple(variable.name for variable in self.variables if isinstance(variable, Number))
