"""What a Fine-Gray model fits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from cohortium.estimators.cox.spec import CoxSpec

if TYPE_CHECKING:
    from cohortium.estimators.contract import Factor
    from cohortium.estimators.grid import Grid
    from cohortium.estimators.regression.terms import Column, Term


@dataclass(frozen=True)
class FineGraySpec:
    """Proportional subdistribution hazards of one cause.

    time, event  names of numeric columns: follow-up on the grid; 0 censored, 1..`n_causes` the cause
    cause        the number of the cause that is modeled
    cause_label  the cause as printed
    terms        covariates in order
    strata       factors whose combinations have their own baseline
    nested       True when no stratum has rows at two sites
    censoring    factor in whose levels the distribution of censoring is estimated apart; None for one distribution
    censoring_nested   True when no distribution of censoring has rows at two sites
    note         how the model is named in print, e.g. `stratified by institution`
    """

    time: str
    event: str
    grid: Grid
    terms: tuple[Term, ...]
    cause: int = 1
    n_causes: int = 2
    cause_label: str = ""
    strata: tuple[Factor, ...] = ()
    nested: bool = False
    censoring: Factor | None = None
    censoring_nested: bool = False
    confidence: float = 0.95
    note: str = ""
    population: str = "cohort"

    @cached_property
    def rows(self) -> CoxSpec:
        """The Cox model with the same covariates and strata: which rows are used, and their columns."""
        return CoxSpec(self.time, self.event, self.grid, self.terms, self.strata, self.nested, ties="breslow")

    @property
    def columns(self) -> tuple[Column, ...]:
        """Columns of the design matrix in order."""
        return self.rows.columns

    @property
    def cells(self) -> tuple[str, ...]:
        """Names of what is counted."""
        return self.rows.cells

    @property
    def term_tests(self) -> bool:
        """Terms are not tested by likelihood ratio."""
        return False

    @property
    def tested_terms(self) -> tuple[Term, ...]:
        """No term has a likelihood-ratio test."""
        return ()

    @property
    def is_robust(self) -> bool:
        """Standard errors are those of the sandwich."""
        return True

    @cached_property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed, each once."""
        found = {factor.name: factor for factor in self.rows.factors}
        if self.censoring is not None:
            found.setdefault(self.censoring.name, self.censoring)
        return tuple(found.values())

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed, each once."""
        return self.rows.numbers

    @property
    def n_strata(self) -> int:
        """Number of declared strata."""
        return self.rows.n_strata

    @property
    def n_groups(self) -> int:
        """Number of declared distributions of censoring."""
        return len(self.censoring) if self.censoring is not None else 1

    @property
    def is_local(self) -> bool:
        """Whether risk sets and distributions of censoring lie inside sites, so that nothing by time leaves them."""
        return self.nested and self.censoring_nested
