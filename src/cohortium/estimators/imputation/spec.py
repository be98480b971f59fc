"""What is imputed from what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from cohortium.estimators.contract import Factor

if TYPE_CHECKING:
    from cohortium.estimators.grid import Grid


class Quantity(NamedTuple):
    """A number with its declared range.

    decimals   to which imputed values are rounded; None when they are not
    bounded    whether imputed values are kept within the range
    """

    name: str
    low: float
    high: float
    decimals: int | None = None
    bounded: bool = True

    @property
    def middle(self) -> float:
        """The middle of the range."""
        return (self.low + self.high) / 2

    @property
    def half(self) -> float:
        """Half the width of the range; 1 for a range of one value."""
        return (self.high - self.low) / 2 or 1.0


Known = Quantity | Factor


class FollowUp(NamedTuple):
    """The endpoint of the analysis, which predicts what is missing (White and Royston 2009).

    event    numeric column: 0 censored, 1..n_causes
    entry    numeric column; empty when everybody is under observation from the origin
    """

    time: str
    event: str
    grid: Grid
    entry: str = ""
    n_causes: int = 1


@dataclass(frozen=True)
class ImputationSpec:
    """Variables imputed in order, each from all others, the helpers and the outcomes.

    variables   numbers by Bayesian linear regression, categories by (multinomial) logistic regression
    helpers     known of every patient who is imputed; a patient of whom one is not known keeps the unknown values
    patient     numeric column: a whole number that names the patient
    m           imputations
    iterations  rounds through all variables
    seed        of every random number
    """

    variables: tuple[Known, ...]
    helpers: tuple[Known, ...] = ()
    outcomes: tuple[FollowUp, ...] = ()
    patient: str = "__patient_key"
    m: int = 20
    iterations: int = 10
    seed: int = 20261122
    population: str = "cohort"
    name: str = ""

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed."""
        return tuple(one for one in (*self.variables, *self.helpers) if isinstance(one, Factor))

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed."""
        quantities = [one.name for one in (*self.variables, *self.helpers) if isinstance(one, Quantity)]
        followed = [name for one in self.outcomes for name in (one.time, one.event, one.entry)]
        return tuple(dict.fromkeys(name for name in (self.patient, *quantities, *followed) if name))
