"""What a Cox model fits: terms, strata, ties, and what is asked of the fit afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from cohortium.estimators.regression.terms import (
    Column,
    FactorTerm,
    NumberTerm,
    ProductTerm,
    SplineTerm,
    Term,
    cells_of,
    components_of,
    product_with,
    terms_columns,
)

if TYPE_CHECKING:
    from cohortium.estimators.contract import Factor
    from cohortium.estimators.cox.after.concordance import Concordance
    from cohortium.estimators.cox.after.prediction import Prediction
    from cohortium.estimators.cox.after.proportional import ProportionalHazards
    from cohortium.estimators.cox.ties import Ties
    from cohortium.estimators.grid import Grid
    from cohortium.estimators.regression.terms import MainTerm
    from cohortium.estimators.weighting.e_value_rows import EValueOf

__all__ = ["Column", "CoxSpec", "FactorTerm", "NumberTerm", "Penalty", "ProductTerm", "SplineTerm", "Term"]

Penalty = Literal["none", "firth", "if-needed"]


@dataclass(frozen=True)
class CoxSpec:
    """A Cox model.

    time, event   names of numeric columns: follow-up on the grid, 1 (or `cause`) for an event
    grid          declared values of time
    terms         covariates and products of them, in order
    strata        factors whose combinations are the strata; none for one baseline hazard
    nested        True when no stratum has rows at two sites: then sites send a score and an information matrix
    ties          `efron` or `breslow`
    confidence    level of intervals
    note          how the model is named in print, e.g. `Efron ties; stratified by institution`
    population    which rows
    entry         numeric column: a row is under observation from (entry, time]; empty when from the origin
    weight        numeric column of case weights above 0; empty when every row counts once
    offset        numeric column added to the linear predictor; empty for none
    cluster       numeric column of whole-number ids of rows that belong together, unique within a site
    robust        sandwich variance over rows or clusters; implied by `weight` and `cluster`
    term_tests    likelihood-ratio test of every term, or of `only_terms`, by a fit without it
    only_terms    names of the terms to test; all when empty
    effect        the covariate whose effect in subgroups is wanted, of a model with its interaction as the last term
    penalty       `none`, `firth` (Jeffreys penalty) or `if-needed` (when a coefficient runs away)
    proportional  test of proportional hazards; None when not asked for
    prediction    baseline hazard and predicted survival; None when not asked for
    concordance   None when not asked for
    cause         the number in the event column that is the event; any other is censored
    e_value       covariate whose E-values are wanted; None when not asked for
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
    entry: str = ""
    weight: str = ""
    offset: str = ""
    cluster: str = ""
    robust: bool = False
    term_tests: bool = False
    only_terms: tuple[str, ...] = ()
    effect: str = ""
    penalty: Penalty = "none"
    proportional: ProportionalHazards | None = None
    prediction: Prediction | None = None
    concordance: Concordance | None = None
    cause: int = 1
    e_value: EValueOf | None = None

    # Cached properties write to the instance's own dictionary, which a frozen dataclass leaves alone; comparison and
    # `replace` look at the fields only.
    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Columns of the design matrix in order."""
        return terms_columns(self.terms)

    @cached_property
    def components(self) -> tuple[MainTerm, ...]:
        """The numbers, categories and splines that the terms are made of; one in several terms comes several times."""
        return tuple(components_of(self.terms))

    @cached_property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed, each once."""
        covariates = [part.factor for part in self.components if isinstance(part, FactorTerm)]
        compared = () if self.concordance is None else self.concordance.strata
        named: dict[str, Factor] = {}
        for factor in (*covariates, *self.strata, *compared):
            named.setdefault(factor.name, factor)
        return tuple(named.values())

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed, each once."""
        roles = (self.time, self.event, self.entry, self.weight, self.offset, self.cluster)
        covariates = (part.variable for part in self.components if not isinstance(part, FactorTerm))
        return tuple(dict.fromkeys(name for name in (*roles, *covariates) if name))

    @property
    def is_robust(self) -> bool:
        """Whether standard errors are those of the sandwich."""
        return self.robust or bool(self.weight) or bool(self.cluster)

    @property
    def tested_terms(self) -> tuple[Term, ...]:
        """Terms with a likelihood-ratio test, which assumes independent rows that count once.

        A term within a product of the model has none: its test would be another with another reference level.
        """
        if not self.term_tests or self.is_robust:
            return ()
        chosen = (term for term in self.terms if not self.only_terms or term.name in self.only_terms)
        return tuple(term for term in chosen if product_with(term, self.terms) is None)

    @cached_property
    def n_strata(self) -> int:
        """Number of declared strata."""
        count = 1
        for factor in self.strata:
            count *= len(factor)
        return count

    @cached_property
    def cells(self) -> tuple[str, ...]:
        """Names of what is counted: levels of each category and of each product of categories, references included."""
        return tuple(name for term in self.terms for name in cells_of(term))

    @property
    def n_levels(self) -> int:
        """Number of `cells`."""
        return len(self.cells)
