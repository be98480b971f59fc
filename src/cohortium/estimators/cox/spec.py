"""What a Cox model fits: covariates with their columns, strata, ties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cohortium.estimators.contract import Factor
    from cohortium.estimators.cox.ties import Ties
    from cohortium.estimators.grid import Grid


@dataclass(frozen=True, slots=True)
class NumberTerm:
    """A numeric covariate with one linear term; its hazard ratio is for `per` units."""

    variable: str
    per: float = 1.0
    note: str = ""


@dataclass(frozen=True, slots=True)
class FactorTerm:
    """A categorical covariate with an indicator for each level but the reference."""

    factor: Factor
    reference: int = 0

    @property
    def variable(self) -> str:
        """Name of the variable."""
        return self.factor.name


Term = NumberTerm | FactorTerm


class Column(NamedTuple):
    """One column of the design matrix: its term and, for a factor, the position of its level."""

    term: Term
    level: int | None

    @property
    def name(self) -> str:
        """`age` for a number, `sex[Female]` for a level."""
        if isinstance(self.term, FactorTerm) and self.level is not None:
            return f"{self.term.variable}[{self.term.factor.labels[self.level]}]"
        return self.term.variable


@dataclass(frozen=True)
class CoxSpec:
    """A Cox model.

    time, event  names of numeric columns: follow-up on the grid, 1 for an event
    grid         declared values of time
    terms        covariates in order
    strata       factors whose combinations are the strata; none for one baseline hazard
    nested       True when no stratum has rows at two sites: then sites send a score and an information matrix
    ties         `efron` or `breslow`
    confidence   level of intervals
    note         how the model is named in print, e.g. `Efron ties; stratified by institution`
    """

    time: str
    event: str
    grid: Grid
    terms: tuple[Term, ...]
    strata: tuple[Factor, ...] = ()
    nested: bool = False
    ties: Ties = "efron"
    confidence: float = 0.95
    note: str = ""
    population: str = "cohort"

    @property
    def columns(self) -> tuple[Column, ...]:
        """Columns of the design matrix in order."""
        return tuple(column for term in self.terms for column in _columns_of(term))

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed."""
        return (*(term.factor for term in self.terms if isinstance(term, FactorTerm)), *self.strata)

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed."""
        return (self.time, self.event, *(term.variable for term in self.terms if isinstance(term, NumberTerm)))

    @property
    def n_strata(self) -> int:
        """Number of declared strata."""
        count = 1
        for factor in self.strata:
            count *= len(factor)
        return count

    @property
    def n_levels(self) -> int:
        """Number of levels of all categorical covariates together, references included."""
        return sum(len(term.factor) for term in self.terms if isinstance(term, FactorTerm))


def _columns_of(term: Term) -> list[Column]:
    if isinstance(term, NumberTerm):
        return [Column(term, None)]
    return [Column(term, level) for level in range(len(term.factor)) if level != term.reference]
